// Exits of several positions together: a stop, a target and rules that tighten the stop, on the result of all of them. They are
// watched as the daily loss is (decision 0004): each open leg is given an equal share of what is left to a level, and a guard at
// the price where it has used that share. The level cannot be reached unless some leg has reached its guard, so one guard fires
// first; the account then looks at all prices and either leaves or sets new guards. Nothing is ever scanned.
import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import { type Paise, paise, sumPaise, ZERO_PAISE } from "../kernel/money.ts";
import type { ExitReason } from "../order/order.ts";
import type { Position } from "../position/position.ts";
import { byInstrument, openResultPaise } from "../risk/daily-loss.ts";
import type { PriceView } from "./command.ts";
import { adverseLevel, favorableLevel, type Level, priceWhenAtLeast, priceWhenAtMost } from "./exit-levels.ts";
import { isLeavingWhole } from "./scale-out.ts";
import type { AccountState, DayEnd, OpenTrade } from "./state.ts";
import { type StopRule, tightened } from "./stop-rules.ts";
import { isReachableResult, nextReachablePaise } from "./within-reach.ts";

/** Whose results are added up. */
export type GroupScope =
  | { readonly kind: "ACCOUNT" }
  | { readonly kind: "UNDERLYING"; readonly underlying: Underlying }
  | { readonly kind: "INSTRUMENTS"; readonly instrumentIds: readonly InstrumentId[] };

/** Levels are results in paise: negative for a loss. */
export interface ExitGroup {
  readonly groupId: string;
  readonly scope: GroupScope;
  readonly stopPaise: Paise | null;
  readonly targetPaise: Paise | null;
  readonly rules: readonly StopRule[];
  readonly stopReason: Extract<ExitReason, "STOP" | "TRAILING_STOP">;
  /** Realised by its positions since the group was made. */
  readonly realisedPaise: Paise;
  /** Of the whole account: once one of its levels is reached, nothing new is opened on the day. */
  readonly endsDay?: true;
  /** Why it is being left; absent before. From then on whatever it holds goes, until it holds nothing. */
  readonly leaving?: ExitReason;
}

type Groups = readonly ExitGroup[];
export const groupsOf = (state: AccountState): Groups => Object.values(state.exitGroups ?? {});

/** Only the record's own members count: "constructor" is a name like any other. */
export const findGroup = (state: AccountState, groupId: string): ExitGroup | undefined =>
  state.exitGroups !== undefined && Object.hasOwn(state.exitGroups, groupId) ? state.exitGroups[groupId] : undefined;

export function isMember({ scope }: Pick<ExitGroup, "scope">, { contract }: Pick<Position, "contract">): boolean {
  switch (scope.kind) {
    case "ACCOUNT":
      return true;
    case "UNDERLYING":
      return scope.underlying === contract.underlying;
    case "INSTRUMENTS":
      return scope.instrumentIds.includes(contract.instrumentId);
  }
}

export const membersOf = (state: AccountState, group: Pick<ExitGroup, "scope">): readonly OpenTrade[] =>
  Object.values(state.openTrades).filter(({ position }) => isMember(group, position));

/** Realised since the group was made and what is open at the price it could be left at; what has none counts at its cost. */
export function groupResultPaise(state: AccountState, group: ExitGroup, prices: readonly PriceView[]): Paise {
  const open = sumPaise(
    membersOf(state, group),
    ({ position }) => openResultPaise(position, byInstrument(prices)) ?? ZERO_PAISE,
  );
  return paise(group.realisedPaise + open);
}

/** The group with its stop tightened by what its result has reached. */
export function groupAfter(group: ExitGroup, resultPaise: Paise): ExitGroup {
  const stopPaise = tightened(group.rules, group.stopPaise, resultPaise, 1);
  return stopPaise === group.stopPaise ? group : { ...group, stopPaise, stopReason: "TRAILING_STOP" };
}

/** Why the group is to be left at this result; null while it is between its levels. */
export function groupExitReason(
  { stopPaise, targetPaise, stopReason }: ExitGroup,
  resultPaise: Paise,
): ExitReason | null {
  if (stopPaise !== null && resultPaise <= stopPaise) return stopReason;
  return targetPaise !== null && resultPaise >= targetPaise ? "TARGET" : null;
}

/** How a group ends its day at a result. */
export const dayEndBy = (
  { groupId, stopPaise, targetPaise }: ExitGroup,
  reason: ExitReason,
  resultPaise: Paise,
): DayEnd => ({
  groupId,
  reason,
  levelPaise: (reason === "TARGET" ? targetPaise : stopPaise) ?? resultPaise,
  resultPaise,
});

/**
 * What has ended the day for entries, or would at these prices: a position may have been closed beyond the level without
 * anything of the group being open any more.
 */
export function dayEndOf(state: AccountState, prices: readonly PriceView[]): DayEnd | null {
  if (state.day?.endedBy !== undefined) return state.day.endedBy;
  for (const group of groupsOf(state)) {
    if (group.endsDay !== true || group.leaving !== undefined) continue;
    const resultPaise = groupResultPaise(state, group, prices);
    const reason = groupExitReason(group, resultPaise);
    if (reason !== null) return dayEndBy(group, reason, resultPaise);
  }
  return null;
}

/** What the guards of all trades rest on together; worked out for the first that asks. */
export class GroupFigures {
  readonly #state: AccountState;
  readonly #prices: readonly PriceView[];
  readonly #known = new Map<string, { readonly resultPaise: Paise; readonly legs: number }>();

  constructor(state: AccountState, prices: readonly PriceView[]) {
    this.#state = state;
    this.#prices = prices;
  }

  resultOf(position: Position): Paise {
    return openResultPaise(position, byInstrument(this.#prices)) ?? ZERO_PAISE;
  }

  /** The group's result, and its members that are not on their way out. */
  of(group: ExitGroup): { readonly resultPaise: Paise; readonly legs: number } {
    const remembered = this.#known.get(group.groupId);
    if (remembered !== undefined) return remembered;
    const state = this.#state;
    const members = membersOf(state, group);
    const open = sumPaise(members, ({ position }) => this.resultOf(position));
    const staying = members.filter(({ position }) => !isLeavingWhole(state, position.contract.instrumentId));
    const figures = { resultPaise: paise(group.realisedPaise + open), legs: staying.length };
    this.#known.set(group.groupId, figures);
    return figures;
  }
}

/**
 * The nearest guards of a trade over all its groups. All guards of a group rest on the same prices; whichever those were, the
 * shares of all legs together are what separated the group's result from its level then.
 */
export function groupLevels(
  state: AccountState,
  { position }: Pick<OpenTrade, "position">,
  figures: GroupFigures,
): readonly Level[] {
  const groups = groupsOf(state).filter((group) => group.leaving === undefined && isMember(group, position));
  if (groups.length === 0) return [];
  const ownPaise = figures.resultOf(position);
  let fallPaise = Number.NEGATIVE_INFINITY;
  let risePaise = Number.POSITIVE_INFINITY;
  for (const group of groups) {
    const { resultPaise, legs } = figures.of(group);
    // Results are whole paise, so of a loss of H over n legs one leg bears at least H ÷ n, rounded up.
    const share = (headroom: number): number => Math.ceil(Math.max(0, headroom) / Math.max(1, legs));
    if (group.stopPaise !== null) fallPaise = Math.max(fallPaise, ownPaise - share(resultPaise - group.stopPaise));
    const abovePaise = [group.targetPaise, nextReachablePaise(group.rules, group.stopPaise, 1)];
    for (const levelPaise of abovePaise) {
      if (levelPaise !== null) risePaise = Math.min(risePaise, ownPaise + share(levelPaise - resultPaise));
    }
  }
  return [
    ...(isReachableResult(position, fallPaise)
      ? [adverseLevel(position, "GROUP_FALL", priceWhenAtMost(position, fallPaise))]
      : []),
    ...(isReachableResult(position, risePaise)
      ? [favorableLevel(position, "GROUP_RISE", priceWhenAtLeast(position, risePaise))]
      : []),
  ];
}
