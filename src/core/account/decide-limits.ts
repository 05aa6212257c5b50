// New limits hold from this moment on, for what is open and under way as well: the loss guards move with them, a loss that is
// already beyond the new limit closes everything, and entries that no longer fit are taken out. A user may only lower their
// own; an operator may set everything within the category's range; nobody edits what is locked (U-01, G-59).
import { required } from "../kernel/assert.ts";
import { formatRupees } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { cancelBeyondLimits } from "./beyond-limits.ts";
import { capitalRangeOf, tradesPerDayRangeOf } from "./category.ts";
import type { Command } from "./command.ts";
import type { Decision } from "./decide.ts";
import { Draft } from "./draft.ts";
import type { AccountEvent } from "./event.ts";
import { enforceLossLimit } from "./loss-limit.ts";
import { isOnlyLower } from "./lower-limits.ts";
import type { AccountLimits, AccountProfile, LimitLocks } from "./profile.ts";
import type { AccountRefusal } from "./refusal.ts";
import type { AccountState } from "./state.ts";
import { syncTriggers } from "./trigger-levels.ts";

type ChangeLimits = Extract<Command, { readonly type: "CHANGE_LIMITS" }>;
type Changed = Extract<AccountEvent, { readonly type: "LIMITS_CHANGED" }>;

export const NOTHING_LOCKED: LimitLocks = { capital: false, tradeLimit: false, accounts: false };

export function changeLimits(state: AccountState, command: ChangeLimits): Decision {
  const profile = required(state.profile, "an open account");
  const change = changeOf(profile, command);
  if (change === null) return ok([]);
  const allowed = mayChange(profile, change);
  if (!allowed.ok) return allowed;
  const draft = new Draft(state, command.atMs);
  draft.push(change);
  afterChange(draft, command.prices ?? []);
  return ok(draft.events);
}

export function changeKyc(
  state: AccountState,
  { atMs, kyc, actor }: Extract<Command, { readonly type: "CHANGE_KYC" }>,
): Decision {
  const { kyc: before } = required(state.profile, "an open account");
  if (before !== undefined && isSame({ ...before, changedAtMs: kyc.changedAtMs }, kyc)) return ok([]);
  const draft = new Draft(state, atMs);
  draft.push({ type: "KYC_CHANGED", atMs, kyc, ...(actor === undefined ? {} : { actor }) });
  if (state.day !== null) cancelBeyondLimits(draft);
  return ok(draft.events);
}

export function changeRestrictions(
  state: AccountState,
  { atMs, jobKey, date, restrictions }: Extract<Command, { readonly type: "CHANGE_RESTRICTIONS" }>,
): Decision {
  if (state.day?.date !== date) return ok([]);
  const draft = new Draft(state, atMs);
  draft.push({ type: "RESTRICTIONS_CHANGED", atMs, jobKey, restrictions });
  cancelBeyondLimits(draft);
  return ok(draft.events);
}

function afterChange(draft: Draft, prices: NonNullable<ChangeLimits["prices"]>): void {
  if (draft.state.day === null) return;
  if (!enforceLossLimit(draft, prices)) syncTriggers(draft, prices);
  cancelBeyondLimits(draft);
}

/** Null: nothing is different. */
function changeOf(profile: AccountProfile, command: ChangeLimits): Changed | null {
  const { atMs, limits, overrides, locks, capitalPaise, by, actor } = command;
  const isChanged =
    !isSame(profile.limits, limits) ||
    (overrides !== undefined && !isSame(profile.overrides ?? {}, overrides)) ||
    (locks !== undefined && !isSame(profile.locks ?? NOTHING_LOCKED, locks)) ||
    (capitalPaise !== undefined && capitalPaise !== profile.capitalPaise);
  if (!isChanged) return null;
  return {
    type: "LIMITS_CHANGED",
    atMs,
    limits,
    ...(overrides === undefined ? {} : { overrides }),
    ...(locks === undefined ? {} : { locks }),
    ...(capitalPaise === undefined ? {} : { capitalPaise }),
    ...(by === undefined ? {} : { by }),
    ...(actor === undefined ? {} : { actor }),
  };
}

/** What was locked before the change stays as it is: to unlock and to edit are two steps. */
function mayChange(profile: AccountProfile, change: Changed): Result<void, AccountRefusal> {
  const { limits, overrides, locks, capitalPaise, by } = change;
  if (by === "USER" && (overrides !== undefined || locks !== undefined || capitalPaise !== undefined)) {
    return refuse("LIMIT_RAISE_NOT_ALLOWED", "a user changes their own limits only, not locks, overrides or capital");
  }
  const locked = profile.locks ?? NOTHING_LOCKED;
  if (locked.tradeLimit && !isSame(tradeLimitOf(profile.limits), tradeLimitOf(limits))) {
    return refuse("LIMIT_LOCKED", "the trades per day are locked; an operator must unlock tradeLimit first");
  }
  if (capitalPaise !== undefined && capitalPaise !== profile.capitalPaise) {
    if (locked.capital) return refuse("LIMIT_LOCKED", "the capital is locked; an operator must unlock it first");
    const { minPaise, maxPaise } = capitalRangeOf(profile.category);
    if (capitalPaise < minPaise || capitalPaise > maxPaise) {
      const range = `from ₹${formatRupees(minPaise)} to ₹${formatRupees(maxPaise)}`;
      return refuse("LIMIT_OUT_OF_RANGE", `the capital of ${profile.category} is ${range}`);
    }
  }
  if (by === "USER") {
    return isOnlyLower(profile.limits, limits)
      ? ok(undefined)
      : refuse("LIMIT_RAISE_NOT_ALLOWED", "a user may lower their own limits; an operator raises them");
  }
  const { min, max } = tradesPerDayRangeOf(profile.category);
  const trades = limits.tradesPerDayMax;
  return trades === profile.limits.tradesPerDayMax || (trades >= min && trades <= max)
    ? ok(undefined)
    : refuse("LIMIT_OUT_OF_RANGE", `the trades per day of ${profile.category} are ${min} to ${max}`);
}

const tradeLimitOf = ({ tradesPerDayMax, tradesPerDayByUnderlying = {} }: AccountLimits) => ({
  tradesPerDayMax,
  tradesPerDayByUnderlying,
});

const refuse = (code: AccountRefusal["code"], detail: string): Result<never, AccountRefusal> => err({ code, detail });

/** Plain data written in the same order, as the edge parses it. */
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
