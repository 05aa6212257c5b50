// What a person sees of an account at one moment: balances, guardrails with what is used of them, positions, the day.
import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import { formatRupees, type Paise, paise, subtractPaise } from "../kernel/money.ts";
import { type EpochMs, formatInstant, type MarketDate } from "../kernel/time.ts";
import type { ExitReason } from "../order/order.ts";
import { averagePricePaise, type Position } from "../position/position.ts";
import {
  BREAKER_SCOPES,
  type Breaker,
  type BreakerActor,
  type BreakerCause,
  type BreakerScope,
  type BreakerStatus,
} from "../risk/circuit-breaker.ts";
import { effectiveLimits } from "../risk/effective-limits.ts";
import { reservedPaise } from "../risk/exposure.ts";
import { workingOrders } from "../risk/working-orders.ts";
import type { JournalEntry, VixDecision } from "./event.ts";
import { type ExitGroup, type GroupScope, groupsOf } from "./exit-groups.ts";
import { gainDirectionOf, nextStepPaise } from "./exit-levels.ts";
import type { Category } from "./profile.ts";
import type { AccountState, DayState, DayStatus, ExitPlan, OpenTrade, TradingState } from "./state.ts";
import { nextReachablePaise, reachablePlan } from "./within-reach.ts";

/** Every amount is a decimal string of rupees, every instant RFC 3339 in UTC. */
export interface AccountView {
  readonly accountId: string;
  readonly displayName: string;
  readonly category: Category;
  /** Sequence of the last event this view rests on. */
  readonly sequence: number;
  readonly at: string;
  readonly tradingState: TradingState;
  readonly haltReason: string | null;
  /** Circuit breakers that are not ARMED, the widest first. */
  readonly breakers: readonly BreakerView[];
  readonly capital: string;
  readonly cash: string;
  /** Part of the cash that is held for orders under way. */
  readonly reserved: string;
  readonly savings: string;
  readonly taxLock: string;
  readonly day: DayView | null;
  readonly guardrails: GuardrailsView;
  readonly positions: readonly PositionView[];
  readonly exitGroups: readonly ExitGroupView[];
  readonly workingOrders: number;
}

/** An exit of several positions together. Levels are results, negative for a loss. */
export interface ExitGroupView {
  readonly groupId: string;
  readonly scope: GroupScope["kind"];
  readonly underlying: Underlying | null;
  readonly instrumentIds: readonly InstrumentId[];
  readonly stop: string | null;
  readonly target: string | null;
  /** The result at which the stop is tightened next. */
  readonly tightensAt: string | null;
  /** Realised by its positions since it was made. */
  readonly realised: string;
  /** Why everything it holds is being left; null before. */
  readonly leaving: ExitReason | null;
  readonly endsDay: boolean;
}

export interface BreakerView {
  readonly scope: BreakerScope;
  readonly status: Exclude<BreakerStatus, "ARMED">;
  readonly causes: readonly {
    readonly cause: BreakerCause;
    readonly by: BreakerActor;
    readonly at: string;
    readonly detail: string;
  }[];
  readonly trippedAt: string;
  /** Looks at the venue so far, while it is not proven flat. */
  readonly checks: number;
  /** When the venue had shown twice that nothing is left; null until then. */
  readonly provenFlatAt: string | null;
}

export interface DayView {
  readonly date: MarketDate;
  readonly status: DayStatus;
  readonly openAt: string;
  readonly closeAt: string;
  /** Realised by fills, before charges. */
  readonly realised: string;
  /** Charges as they accrue; the contract note decides in the end. */
  readonly charges: string;
  readonly vixCenti: number | null;
  /** What VIX and confidence made of the day's trades in the last window; null before the first. */
  readonly vixDecision: VixDecision | null;
  /** The exit group that has ended the day for entries; null while none has. */
  readonly endedBy: string | null;
  readonly ordersSubmitted: number;
  readonly ordersDenied: number;
  readonly payout: string | null;
}

/** Each figure beside the limit that binds it. */
export interface GuardrailsView {
  readonly tradesUsed: number;
  readonly tradesMax: number;
  readonly openTrades: number;
  readonly openTradesMax: number;
  readonly lossUsed: string;
  readonly lossMax: string;
  /** Share of buying power that today's volatility allows, × 10,000. */
  readonly capacityBps: number;
}

export interface PositionView {
  readonly instrumentId: InstrumentId;
  readonly underlying: Underlying;
  readonly netUnits: number;
  readonly averagePrice: string;
  readonly cost: string;
  readonly realised: string;
  readonly openedAt: string;
  readonly stop: string | null;
  /** Where all that is left then goes. */
  readonly target: string | null;
  /** Where parts of it go before that, the nearest first, with what has not dealt of each. */
  readonly targets: readonly { readonly price: string; readonly lots: number }[];
  /** The exit price at which the stop is tightened next. */
  readonly tightensAt: string | null;
  readonly timeExitAt: string | null;
  /** How often it may still be entered again after its stop. */
  readonly reentries: number;
  readonly signalId: string | null;
}

/** What the account's stream sends. Events are journal entries; amounts within them are whole paise. */
export type AccountStreamMessage =
  | { readonly type: "snapshot"; readonly sequence: number; readonly view: AccountView | null }
  | {
      readonly type: "events";
      readonly sequence: number;
      readonly view: AccountView | null;
      readonly entries: readonly JournalEntry[];
    };

/** Null before the account is opened. */
export function accountView(state: AccountState): AccountView | null {
  const { profile } = state;
  if (profile === null) return null;
  const limits = effectiveLimits(profile);
  const working = workingOrders(state).underWay;
  return {
    accountId: profile.accountId,
    displayName: profile.displayName,
    category: profile.category,
    sequence: state.sequence,
    at: formatInstant(state.lastEventMs),
    tradingState: state.tradingState,
    haltReason: state.haltReason,
    breakers: BREAKER_SCOPES.flatMap((scope) => breakerView(scope, state.breakers?.[scope])),
    capital: formatRupees(profile.capitalPaise),
    cash: formatRupees(state.cashPaise),
    reserved: formatRupees(reservedPaise(state)),
    savings: formatRupees(state.savingsPaise),
    taxLock: formatRupees(state.taxLockPaise),
    day: state.day === null ? null : dayView(state.day),
    guardrails: {
      tradesUsed: state.day?.trades ?? 0,
      tradesMax: Math.min(limits.tradesPerDayMax.limit, state.day?.vixTradesMax ?? Number.POSITIVE_INFINITY),
      openTrades: Object.keys(state.openTrades).length,
      openTradesMax: limits.openTradesMax.limit,
      lossUsed: formatRupees(lossUsedPaise(state.day)),
      lossMax: formatRupees(paise(limits.dailyLossMaxPaise.limit)),
      capacityBps: state.day?.capacityBps ?? 0,
    },
    positions: Object.values(state.openTrades).map((trade) => positionView(trade, state.day?.closeMs ?? null)),
    exitGroups: groupsOf(state).map(exitGroupView),
    workingOrders: working.length,
  };
}

function breakerView(scope: BreakerScope, breaker: Breaker | undefined): readonly BreakerView[] {
  if (breaker === undefined || breaker.status === "ARMED") return [];
  const { status, trips, trippedAtMs, check, provenAtMs } = breaker;
  return [
    {
      scope,
      status,
      causes: trips.map(({ cause, by, atMs, evidence }) => ({
        cause,
        by,
        at: formatInstant(atMs),
        detail: evidence.detail,
      })),
      trippedAt: formatInstant(trippedAtMs),
      checks: check?.checks ?? 0,
      provenFlatAt: provenAtMs === null ? null : formatInstant(provenAtMs),
    },
  ];
}

const dayView = (day: DayState): DayView => ({
  date: day.date,
  status: day.status,
  openAt: formatInstant(day.openMs),
  closeAt: formatInstant(day.closeMs),
  realised: formatRupees(day.realisedPaise),
  charges: formatRupees(day.accruedChargesPaise),
  vixCenti: day.vixCenti,
  vixDecision: day.vixDecision ?? null,
  endedBy: day.endedBy?.groupId ?? null,
  ordersSubmitted: day.ordersSubmitted,
  ordersDenied: day.ordersDenied,
  payout: payoutOf(day),
});

const payoutOf = (day: DayState): string | null => {
  const worksheet = day.final ?? day.provisional;
  return worksheet === null ? null : formatRupees(worksheet.payoutPaise);
};

/** What the daily-loss limit counts: realised minus accrued charges, when that is a loss (RSK). */
const lossUsedPaise = (day: DayState | null): Paise =>
  day === null ? paise(0) : paise(Math.max(0, -subtractPaise(day.realisedPaise, day.accruedChargesPaise)));

const positionView = ({ position, exitPlan, signalId }: OpenTrade, closeMs: EpochMs | null): PositionView => ({
  instrumentId: position.contract.instrumentId,
  underlying: position.contract.underlying,
  netUnits: position.netUnits,
  averagePrice: formatRupees(averagePricePaise(position)),
  cost: formatRupees(position.costPaise),
  realised: formatRupees(position.realisedPaise),
  openedAt: formatInstant(position.openedAtMs),
  stop: rupeesOrNull(exitPlan?.stopPaise),
  target: rupeesOrNull(exitPlan?.targetPaise),
  targets: (exitPlan?.targets ?? []).map(({ pricePaise, units }) => ({
    price: formatRupees(pricePaise),
    lots: Math.ceil(units / position.contract.lotSize),
  })),
  tightensAt: exitPlan === null ? null : rupeesOrNull(nextStepOf(exitPlan, position)),
  // The close ends every day; only what comes before it is a time of its own.
  timeExitAt:
    typeof exitPlan?.timeExitMs === "number" && closeMs !== null && exitPlan.timeExitMs < closeMs
      ? formatInstant(exitPlan.timeExitMs)
      : null,
  reentries: exitPlan?.reentry?.times ?? 0,
  signalId,
});

function nextStepOf(plan: ExitPlan, position: Position): Paise | null {
  const direction = gainDirectionOf(position);
  return nextStepPaise(reachablePlan(plan, direction), direction);
}

const exitGroupView = (group: ExitGroup): ExitGroupView => ({
  groupId: group.groupId,
  scope: group.scope.kind,
  underlying: group.scope.kind === "UNDERLYING" ? group.scope.underlying : null,
  instrumentIds: group.scope.kind === "INSTRUMENTS" ? group.scope.instrumentIds : [],
  stop: rupeesOrNull(group.stopPaise),
  target: rupeesOrNull(group.targetPaise),
  tightensAt: rupeesOrNull(nextReachablePaise(group.rules, group.stopPaise, 1)),
  realised: formatRupees(group.realisedPaise),
  leaving: group.leaving ?? null,
  endsDay: group.endsDay === true,
});

const rupeesOrNull = (amount: Paise | null | undefined): string | null =>
  amount === null || amount === undefined ? null : formatRupees(amount);
