// Whether the account may open anything at all now: its state, its day, its loss. Exits are taken until the broker's statement
// has settled the day for good, because a late fill must still be closed.
import { OWN_CAPITAL_MAX_PAISE, rulesOfCategory } from "../account/category.ts";
import { dayEndOf } from "../account/exit-groups.ts";
import { isTransferSettled } from "../funds/transfer-status.ts";
import { epochMs, formatIstTime, MS_PER_MINUTE } from "../kernel/time.ts";
import { openDifferences } from "../reconciliation/open-differences.ts";
import { exitOnlyMs } from "../session/cycle.ts";
import { blocking } from "./circuit-breaker.ts";
import { dayLossPaise } from "./daily-loss.ts";
import { effectiveLimits } from "./effective-limits.ts";
import { atMost, below, bounded, type CheckContext, type Finding, PASSED, type Rule, refused } from "./rule.ts";

/** The strategy lets the market find its prices first; who asks for an order themselves may trade from the open. */
const FIRST_ENTRY_AFTER_OPEN_MS = 15 * MS_PER_MINUTE;

/** What holds of the account whatever the hour. */
export const ACCOUNT_RULES: readonly Rule[] = [
  { id: "CATEGORY_UNKNOWN", on: "ENTRY", check: categoryKnown },
  { id: "OWN_CAPITAL_LIMIT", on: "ENTRY", check: ownCapital },
];

export const STATE_RULES: readonly Rule[] = [
  { id: "DAY_NOT_OPEN", on: "BOTH", check: dayNotOver },
  { id: "ACCOUNT_HALTED", on: "ENTRY", check: notHalted },
  { id: "DAILY_LOSS_LIMIT", on: "ENTRY", check: lossBelowLimit },
  { id: "DAY_ENDED", on: "ENTRY", check: dayGoesOn },
  { id: "CIRCUIT_BREAKER", on: "ENTRY", check: breakersArmed },
  { id: "FEED_SILENT", on: "ENTRY", check: feedSpeaks },
  { id: "ENTRIES_CLOSED", on: "ENTRY", check: entriesOpen },
  { id: "NOT_RECONCILED", on: "ENTRY", check: reconciled },
];

function dayNotOver({ day, terms }: CheckContext): Finding {
  const isOver = day.status === "FINAL" || day.status === "CLOSED";
  const isSettled = isOver || day.status === "PROVISIONAL" || day.status === "PAID_OUT";
  return isOver || (isSettled && terms.purpose === "ENTRY")
    ? refused("DAY_NOT_OPEN", "clientOrderId", `the day ${day.date} is settled; orders are taken on the next one`)
    : PASSED;
}

function notHalted({ state }: CheckContext): Finding {
  return state.tradingState === "HALTED"
    ? refused(
        "ACCOUNT_HALTED",
        "side",
        `the account is halted (${state.haltReason ?? "no reason given"}); resume it to trade`,
      )
    : PASSED;
}

/** A category nobody knows has no limits to be held to, so nothing of it passes (C-54). */
function categoryKnown({ profile }: CheckContext): Finding {
  return rulesOfCategory(profile.category).ok
    ? PASSED
    : refused(
        "CATEGORY_UNKNOWN",
        "accountId",
        `nobody knows the category ${profile.category}; an operator must set it`,
      );
}

/** Exactly the ceiling passes (C-03, G-25b). */
function ownCapital({ profile }: CheckContext): Finding {
  return atMost(
    {
      code: "OWN_CAPITAL_LIMIT",
      field: "accountId",
      limit: OWN_CAPITAL_MAX_PAISE,
      value: profile.capitalPaise,
      unit: "PAISE",
    },
    () => "an account trades at most that much capital of its own",
  );
}

/** Realised less charges, and what is open at the price it could be left at. Once reached it holds for the day (RSK-07). */
function lossBelowLimit({ state, profile, market }: CheckContext): Finding {
  const isReducing = state.tradingState === "REDUCING";
  const value = dayLossPaise(state, isReducing ? [] : market.heldPrices);
  const { limit } = effectiveLimits(profile).dailyLossMaxPaise;
  const bound = { code: "DAILY_LOSS_LIMIT", field: "side", limit, value, unit: "PAISE" } as const;
  const detail = (): string => "today only exits are taken";
  return isReducing ? bounded(false, bound, detail) : below(bound, detail);
}

/** What the user has made the end of the day: a result of the whole account, as gain or as loss. */
function dayGoesOn({ state, market }: CheckContext): Finding {
  const end = dayEndOf(state, market.heldPrices);
  if (end === null) return PASSED;
  const { levelPaise: limit, resultPaise: value } = end;
  const at = end.reason === "TARGET" ? "target" : "stop";
  const detail = `the exit group ${end.groupId} has ended the day at its ${at}; entries pass again on the next one`;
  return bounded(false, { code: "DAY_ENDED", field: "side", limit, value, unit: "PAISE" }, () => detail);
}

/** A tripped breaker of the account, of the underlying or of the platform. */
function breakersArmed({ state, terms, market }: CheckContext): Finding {
  const { underlying } = terms.contract;
  const halt = market.price?.halt;
  if (halt !== undefined)
    return refused(halt.code, "side", `the operator has stopped this (${halt.reason}); exits are taken`);
  const stopped = blocking(state.breakers, underlying);
  if (stopped === null) return PASSED;
  const { scope, trip } = stopped;
  const { cause, evidence } = trip;
  if (scope === "PLATFORM") {
    return refused(
      "PLATFORM_HALTED",
      "side",
      `the operator has stopped all trading (${evidence.detail}); exits are taken`,
    );
  }
  if (scope !== "ACCOUNT" && cause === "MANUAL") {
    const detail = `${underlying} is stopped (${evidence.detail}); exits are taken, other underlyings trade`;
    return refused("UNDERLYING_HALTED", "instrumentId", detail);
  }
  const detail = `the circuit breaker has tripped (${cause}: ${evidence.detail}); exits are taken`;
  const { limit, value, unit } = evidence;
  if (limit === null || value === null || unit === null) return refused("CIRCUIT_BREAKER", "side", detail);
  return bounded(false, { code: "CIRCUIT_BREAKER", field: "side", limit, value, unit }, () => detail);
}

/** The feed has heard nothing for so long that no price of it is to be trusted with new money. */
function feedSpeaks({ state, terms, market, now }: CheckContext): Finding {
  const { underlying } = terms.contract;
  const told = state.silentFeeds?.[underlying];
  const known = told && { silentMs: now - told.lastTickMs, limitMs: told.limitMs };
  const silence = market.price?.silence ?? known;
  if (silence === undefined) return PASSED;
  const { limitMs: limit, silentMs: value } = silence;
  const bound = { code: "FEED_SILENT", field: "instrumentId", limit, value, unit: "MS" } as const;
  return bounded(false, bound, () => `wait for ${underlying} to tick`);
}

function entriesOpen({ state, day, terms, now }: CheckContext): Finding {
  const closed = (detail: string): Finding => refused("ENTRIES_CLOSED", "side", detail);
  if (day.status !== "OPEN") return closed("entries are over for today; exits are taken");
  if (now >= day.closeMs) return closed(`the market closed at ${formatIstTime(day.closeMs)}`);
  if (now >= exitOnlyMs(day)) return closed("the day is at its end; exits are taken");
  const firstMs = epochMs(day.openMs + (terms.origin === "STRATEGY" ? FIRST_ENTRY_AFTER_OPEN_MS : 0));
  if (now < firstMs) {
    const bound = { code: "ENTRIES_CLOSED", field: "side", limit: firstMs, value: now, unit: "MS" } as const;
    return bounded(false, bound, () => `entries begin at ${formatIstTime(firstMs)}`);
  }
  for (const { kind, date, status } of Object.values(state.transfers)) {
    if (kind === "PULL" && date === day.date && !isTransferSettled(status)) {
      return closed("the morning's funding has not arrived yet");
    }
  }
  return PASSED;
}

/** Until a person has looked, nothing is opened on books that are known to be wrong. The last full reading decides. */
function reconciled({ state }: CheckContext): Finding {
  const open = openDifferences(state);
  const first = open[0];
  return first === undefined
    ? PASSED
    : refused(
        "NOT_RECONCILED",
        "side",
        `the books differ from the venue's (${first.code} ${first.subject}); entries open again once they agree`,
      );
}
