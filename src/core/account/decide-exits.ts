// Exits by request: a plan for one position, an exit for several together, leaving one or all. A plan that the market has passed
// already is refused, with the limit it met: it would leave at once, or never.
import { required } from "../kernel/assert.ts";
import { formatRupees, paise, ZERO_PAISE } from "../kernel/money.ts";
import { err, ok } from "../kernel/result.ts";
import { exitSideOf, isWithheld } from "../reconciliation/given-up.ts";
import { closableUnits } from "../risk/trade-counts.ts";
import type { Command, PriceView } from "./command.ts";
import type { Decision } from "./decide.ts";
import { leaveGroup } from "./decide-exit-groups.ts";
import { Draft } from "./draft.ts";
import type { ExitCommand, ExitGroupRequest } from "./exit-command.ts";
import {
  type ExitGroup,
  findGroup,
  type GroupScope,
  groupAfter,
  groupExitReason,
  groupResultPaise,
  membersOf,
} from "./exit-groups.ts";
import { exitPricePaise } from "./exit-levels.ts";
import { planFrom } from "./exit-plan-request.ts";
import { knownPrices } from "./known-prices.ts";
import { findList } from "./lists.ts";
import { isProtecting } from "./protection.ts";
import type { AccountRefusal } from "./refusal.ts";
import type { AccountState, OpenTrade } from "./state.ts";
import { isSoundRule, type StopRule } from "./stop-rules.ts";
import { isStrategyGroup } from "./strategies.ts";
import { syncTriggers } from "./trigger-levels.ts";

type Of<Type extends ExitCommand["type"]> = Extract<Command, { readonly type: Type }>;

export const GROUPS_MAX = 20;

export function decideExits(state: AccountState, command: Of<ExitCommand["type"]>): Decision {
  switch (command.type) {
    case "SET_EXIT_PLAN":
      return setExitPlan(state, command);
    case "EXIT_POSITION":
      return leaveOne(state, command);
    case "EXIT_ALL":
      return leaveAll(state, command);
    case "SET_EXIT_GROUP":
      return setGroup(state, command);
    case "REMOVE_EXIT_GROUP":
      return removeGroup(state, command);
  }
}

function setExitPlan(state: AccountState, { atMs, instrumentId, plan, prices }: Of<"SET_EXIT_PLAN">): Decision {
  const trade = state.openTrades[instrumentId];
  if (trade === undefined) return err(notHeld(instrumentId));
  const price = priceOf(prices, trade);
  const exitPlan = planFrom(plan, trade, price, { atMs, closeMs: required(state.day, "a day").closeMs });
  if (!exitPlan.ok) return exitPlan;
  if (JSON.stringify(exitPlan.value) === JSON.stringify(trade.exitPlan)) return ok([]);
  const draft = new Draft(state, atMs);
  syncTriggers(draft, knownPrices(state, prices), new Map([[instrumentId, exitPlan.value]]));
  return ok(draft.events);
}

/** At the first price there is, again until it is gone; what protects a short goes with the short or after it. */
function leaveOne(state: AccountState, { atMs, instrumentId, prices }: Of<"EXIT_POSITION">): Decision {
  const trade = state.openTrades[instrumentId];
  if (trade === undefined) return err(notHeld(instrumentId));
  if (isProtecting(state, trade.position)) {
    const detail = `${instrumentId} covers a short; close the short first, or leave all positions at once`;
    return err({ code: "POSITION_PROTECTS_SHORT", detail });
  }
  return leaveTogether(
    state,
    atMs,
    { groupId: `exit/${instrumentId}`, scope: { kind: "INSTRUMENTS", instrumentIds: [instrumentId] } },
    prices,
  );
}

const leaveAll = (state: AccountState, { atMs, prices }: Of<"EXIT_ALL">): Decision =>
  leaveTogether(state, atMs, { groupId: "exit/all", scope: { kind: "ACCOUNT" } }, prices);

function leaveTogether(
  state: AccountState,
  atMs: Command["atMs"],
  group: Pick<ExitGroup, "groupId" | "scope">,
  prices: readonly PriceView[],
): Decision {
  const before = findGroup(state, group.groupId);
  if (before?.leaving !== undefined && !membersOf(state, before).some((trade) => isTradeWithheld(state, trade))) {
    return ok([]);
  }
  const draft = new Draft(state, atMs);
  const known = knownPrices(state, prices);
  leaveGroup(draft, { ...EMPTY_GROUP, ...group }, "REQUEST", known, true);
  syncTriggers(draft, known);
  return ok(draft.events);
}

/** Something of it could be given, and is only given when somebody asks. */
function isTradeWithheld(state: AccountState, { position: { contract } }: OpenTrade): boolean {
  const closable = closableUnits(state, contract.instrumentId);
  return closable !== 0 && isWithheld(state, contract.instrumentId, exitSideOf(closable));
}

const EMPTY_GROUP: Omit<ExitGroup, "groupId" | "scope"> = {
  stopPaise: null,
  targetPaise: null,
  rules: [],
  stopReason: "STOP",
  realisedPaise: ZERO_PAISE,
};

function setGroup(state: AccountState, { atMs, group: request, prices }: Of<"SET_EXIT_GROUP">): Decision {
  const known = knownPrices(state, prices);
  if (isStrategyGroup(request.groupId)) return err(ofStrategy());
  const before = findGroup(state, request.groupId);
  if (before?.leaving !== undefined) return err(badGroup("groupId", "the group is being left already"));
  if (before === undefined && Object.keys(state.exitGroups ?? {}).length >= GROUPS_MAX) {
    return err(
      badGroup("groupId", `an account has at most ${GROUPS_MAX} exit groups`, GROUPS_MAX, GROUPS_MAX + 1, "COUNT"),
    );
  }
  const scope = scopeOf(state, request.scope);
  if (scope === null) return err(badGroup("listId", "there is no list of that id today"));
  const isSameScope = before !== undefined && JSON.stringify(before.scope) === JSON.stringify(scope);
  const base: ExitGroup = {
    ...EMPTY_GROUP,
    groupId: request.groupId,
    scope,
    realisedPaise: isSameScope ? before.realisedPaise : ZERO_PAISE,
    ...(request.endsDay === true ? { endsDay: true } : {}),
  };
  if (scope.kind === "INSTRUMENTS" && membersOf(state, base).length === 0) {
    return err(badGroup("instrumentIds", "none of these is held"));
  }
  const resultPaise = groupResultPaise(state, base, known);
  const refused = groupFault(request, resultPaise);
  if (refused !== null) return err(refused);
  const asked: ExitGroup = {
    ...base,
    stopPaise: request.stopPaise,
    targetPaise: request.targetPaise,
    rules: rulesOf(request, resultPaise),
  };
  const { trail } = request;
  const trailed = trail === null ? null : paise(resultPaise - trail.distancePaise);
  const stopPaise =
    trailed === null || (asked.stopPaise !== null && asked.stopPaise > trailed) ? asked.stopPaise : trailed;
  const group = groupAfter({ ...asked, stopPaise }, resultPaise);
  if (JSON.stringify(group) === JSON.stringify(before)) return ok([]);
  const draft = new Draft(state, atMs);
  draft.push({ type: "EXIT_GROUP_SET", atMs, group });
  syncTriggers(draft, known);
  return ok(draft.events);
}

function scopeOf(state: AccountState, scope: ExitGroupRequest["scope"]): GroupScope | null {
  if (scope.kind !== "LIST") return scope;
  const list = findList(state, scope.listId);
  if (list === undefined) return null;
  return { kind: "INSTRUMENTS", instrumentIds: list.legs.map(({ contract }) => contract.instrumentId) };
}

function rulesOf({ trail, lock }: ExitGroupRequest, resultPaise: number): readonly StopRule[] {
  const rules: StopRule[] = [];
  if (trail !== null) {
    const { distancePaise, stepPaise } = trail;
    const from = paise(resultPaise + stepPaise);
    rules.push({
      kind: "TRAIL",
      fromPaise: from,
      stopPaise: paise(from - distancePaise),
      everyPaise: stepPaise,
      byPaise: stepPaise,
    });
  }
  if (lock !== null) rules.push({ kind: "LOCK", ...lock });
  return rules;
}

function groupFault(
  { stopPaise, targetPaise, trail, lock, scope, endsDay }: ExitGroupRequest,
  resultPaise: number,
): AccountRefusal | null {
  if (endsDay === true && scope.kind !== "ACCOUNT") {
    return badGroup("endsDay", "only a group of the whole account ends its day");
  }
  if (stopPaise === null && targetPaise === null && trail === null && lock === null) {
    return badGroup("stop", "give a stop, a target, a trail or a profit lock");
  }
  const levels = { ...EMPTY_GROUP, groupId: "", scope: { kind: "ACCOUNT" as const }, stopPaise, targetPaise };
  if (groupExitReason(levels, paise(resultPaise)) === "STOP") {
    return badGroup(
      "stop",
      `below the result of now, ${formatRupees(paise(resultPaise))}`,
      resultPaise,
      stopPaise,
      "PAISE",
    );
  }
  if (groupExitReason(levels, paise(resultPaise)) === "TARGET") {
    return badGroup(
      "target",
      `above the result of now, ${formatRupees(paise(resultPaise))}`,
      resultPaise,
      targetPaise,
      "PAISE",
    );
  }
  if (trail !== null && (trail.distancePaise <= 0 || trail.stepPaise <= 0)) {
    return badGroup("trail", "distance and step are more than zero");
  }
  if (trail !== null && !isTrailWithinReach(trail, resultPaise)) {
    return badGroup("trail", "nearer: no result is ever there", Number.MAX_SAFE_INTEGER, null, "PAISE");
  }
  if (lock !== null && !isSoundRule({ kind: "LOCK", ...lock }, 1)) {
    return badGroup("lock", "keep is below from, and by at most every");
  }
  return null;
}

const isTrailWithinReach = (
  { distancePaise, stepPaise }: NonNullable<ExitGroupRequest["trail"]>,
  resultPaise: number,
): boolean =>
  [resultPaise - distancePaise, resultPaise + stepPaise, resultPaise + stepPaise - distancePaise].every(
    Number.isSafeInteger,
  );

function removeGroup(state: AccountState, { atMs, groupId, prices }: Of<"REMOVE_EXIT_GROUP">): Decision {
  if (isStrategyGroup(groupId)) return err(ofStrategy());
  const group = findGroup(state, groupId);
  if (group === undefined) return err({ code: "EXIT_GROUP_NOT_FOUND", detail: `there is no exit group ${groupId}` });
  if (group.leaving !== undefined) return err(badGroup("groupId", "the group is being left already"));
  const draft = new Draft(state, atMs);
  draft.push({ type: "EXIT_GROUP_REMOVED", atMs, groupId });
  syncTriggers(draft, knownPrices(state, prices));
  return ok(draft.events);
}

function priceOf(prices: readonly PriceView[], { position }: OpenTrade): ReturnType<typeof exitPricePaise> {
  const price = prices.find(({ instrumentId }) => instrumentId === position.contract.instrumentId);
  return price === undefined ? null : exitPricePaise(position, price);
}

/** Who takes a strategy's group away takes its stop away, while it goes on as armed. */
const ofStrategy = (): AccountRefusal =>
  badGroup("groupId", "names that begin with strategy- are those of strategies; any other would pass");

const notHeld = (instrumentId: string): AccountRefusal => ({
  code: "POSITION_NOT_FOUND",
  detail: `${instrumentId} is not held`,
});

const badGroup = (
  field: string,
  detail: string,
  limit: number | null = null,
  value: number | null = null,
  unit: NonNullable<AccountRefusal["fault"]>["unit"] = null,
): AccountRefusal => ({
  code: "EXIT_GROUP_INVALID",
  detail: `${field}: ${detail}`,
  fault: { field, limit, value, unit },
});
