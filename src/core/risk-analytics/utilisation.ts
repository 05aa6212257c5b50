// How much of every limit is used: value, limit, percent and the code by which an order over it would be refused. Limits are the
// effective ones, and what is under way counts, as in the check of an order.

import { OWN_CAPITAL_MAX_PAISE } from "../account/category.ts";
import type { PriceView } from "../account/command.ts";
import type { AccountProfile } from "../account/profile.ts";
import type { AccountState } from "../account/state.ts";
import { widerSidePaise } from "../compliance/compliance-rules.ts";
import { positionLimitsOn } from "../compliance/position-limits.ts";
import { UNDERLYINGS } from "../instrument/contract.ts";
import { mulDivFloor, type Paise } from "../kernel/money.ts";
import { openUnits } from "../order/order.ts";
import { dayLossPaise } from "../risk/daily-loss.ts";
import type { DenialCode } from "../risk/denial.ts";
import { drawdownOf } from "../risk/drawdown.ts";
import { type EffectiveLimits, effectiveLimits } from "../risk/effective-limits.ts";
import { exposureOf } from "../risk/exposure.ts";
import { listsMayLosePaise, lossLeftPaise } from "../risk/list-loss.ts";
import { stakesOf } from "../risk/rules-correlation.ts";
import { openTradesOf, tradesOfDay } from "../risk/trade-counts.ts";
import { type WorkingOrders, workingOrders } from "../risk/working-orders.ts";
import { correlatedRiskPaise, directedRisks } from "./correlation.ts";
import type { AnalyticLimits, AnalyticRule, RiskFigures } from "./risk-after.ts";

export interface LimitUse {
  /** DRAWDOWN trips the account's circuit breaker; every other code refuses orders. */
  readonly code: DenialCode | AnalyticRule | "DRAWDOWN";
  readonly label: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: "PAISE" | "TRADES" | "LOTS" | "BPS";
  /** One decimal; above 100 when the limit is passed. Null where the limit is 0 and something is used. */
  readonly percent: number | null;
  /** WARN: told, but nothing is refused for it. */
  readonly effect: "DENY" | "WARN";
}

export interface UtilisationInput {
  readonly state: AccountState;
  readonly prices: readonly PriceView[];
  readonly figures: RiskFigures;
  readonly analytic: AnalyticLimits;
}

/** Everything that has a figure to be used up; what an order must be by itself (tick, lot, freeze) has none. */
export function limitUtilisation({ state, prices, figures, analytic }: UtilisationInput): LimitUse[] {
  const { profile } = state;
  if (profile === null) return [];
  const limits = effectiveLimits(profile);
  const working = workingOrders(state);
  return [
    ...lossUses(state, prices, limits),
    ...amountUses(state, limits, working),
    ...standingUses(state, profile, prices, working),
    ...correlationUses(state, limits, working),
    ...tradeUses(state, profile, limits, working),
    ...analyticUses(exposureOf(state).exposureMaxPaise, figures, analytic),
  ];
}

function lossUses(state: AccountState, prices: readonly PriceView[], limits: EffectiveLimits): LimitUse[] {
  const loss = dayLossPaise(state, prices);
  const drawdown = drawdownOf(state, prices);
  return [
    use("DAILY_LOSS_LIMIT", "Loss of the day, realised and open", loss, limits.dailyLossMaxPaise.limit, "PAISE"),
    ...(drawdown === null
      ? []
      : [use("DRAWDOWN", "Fall from the day's best moment", drawdown.drawdownPaise, drawdown.limitPaise, "PAISE")]),
  ];
}

function amountUses(state: AccountState, limits: EffectiveLimits, working: WorkingOrders): LimitUse[] {
  const { exposurePaise, exposureMaxPaise } = exposureOf(state);
  const { portfolioExposureMaxPaise, positionSizeMaxPaise, openLotsMax, dailyTurnoverMaxPaise } = limits;
  const traded = working.tradedPaise + working.reservedPaise;
  return [
    use("BUYING_POWER", "Exposure with orders under way", exposurePaise, exposureMaxPaise, "PAISE"),
    use(
      "PORTFOLIO_EXPOSURE_LIMIT",
      "Everything open together",
      exposurePaise,
      portfolioExposureMaxPaise.limit,
      "PAISE",
    ),
    use(
      "POSITION_SIZE_LIMIT",
      "Largest position",
      largestPosition(state, working),
      positionSizeMaxPaise.limit,
      "PAISE",
    ),
    use("POSITION_LOTS_LIMIT", "Lots in one index", mostLots(state, working), openLotsMax.limit, "LOTS"),
    ...(dailyTurnoverMaxPaise === null
      ? []
      : [use("DAILY_TURNOVER_LIMIT", "Premium dealt today", traded, dailyTurnoverMaxPaise.limit, "PAISE")]),
  ];
}

/** What the account is and holds, against figures that are nobody's to raise. */
function standingUses(
  state: AccountState,
  profile: AccountProfile,
  prices: readonly PriceView[],
  working: WorkingOrders,
): LimitUse[] {
  const mayLose = listsMayLosePaise(state);
  const carried = Math.max(0, mayLose + lossLeftPaise(state, prices));
  const position = state.day === null ? null : positionLimitsOn(state.day.date);
  const sides = UNDERLYINGS.map((underlying) => widerSidePaise(state, working, underlying, []));
  return [
    use("OWN_CAPITAL_LIMIT", "Own capital", profile.capitalPaise, OWN_CAPITAL_MAX_PAISE, "PAISE"),
    use("LIST_LOSS_LIMIT", "What lists may lose at worst", mayLose, carried, "PAISE"),
    ...(position === null
      ? []
      : [
          use(
            "POSITION_LIMIT",
            "SEBI: futures equivalent of one index, at worst",
            Math.max(...sides),
            Math.min(position.netMaxPaise, position.grossMaxPaise),
            "PAISE",
          ),
        ]),
  ];
}

/** Where somebody has set it: as the check counts it, with a delta of one. The model's figure is beside it and warns. */
function correlationUses(state: AccountState, limits: EffectiveLimits, working: WorkingOrders): LimitUse[] {
  const set = limits.correlatedExposureMaxPaise;
  if (set === null || set === undefined) return [];
  const value = correlatedRiskPaise(directedRisks(stakesOf({ state, working })));
  return [use("CORRELATED_EXPOSURE_LIMIT", "One common move, at a delta of one", value, set.limit, "PAISE")];
}

function tradeUses(
  state: AccountState,
  profile: AccountProfile,
  limits: EffectiveLimits,
  working: WorkingOrders,
): LimitUse[] {
  const { pendingEntries, entries } = working;
  const dayMax = Math.min(limits.tradesPerDayMax.limit, state.day?.vixTradesMax ?? Number.POSITIVE_INFINITY);
  const fullestCycle = Math.max(0, ...Object.values(state.day?.tradesByCycle ?? {}));
  const open = openTradesOf(state, entries).size;
  const byIndex = UNDERLYINGS.flatMap((underlying) => {
    const own = effectiveLimits(profile).tradesPerDayByUnderlying[underlying];
    if (own === undefined) return [];
    const pending = pendingEntries.filter(({ contract }) => contract.underlying === underlying).length;
    const value = working.tradesOf[underlying] + pending;
    return [use("INDEX_TRADES_LIMIT", `Trades today in ${underlying}`, value, own.limit, "TRADES")];
  });
  return [
    use("OPEN_TRADES_LIMIT", "Open trades", open, limits.openTradesMax.limit, "TRADES"),
    use("DAY_TRADES_LIMIT", "Trades today", tradesOfDay(state, pendingEntries), dayMax, "TRADES"),
    use(
      "CYCLE_TRADES_LIMIT",
      "Trades of today's fullest cycle",
      fullestCycle,
      limits.tradesPerCycleMax.limit,
      "TRADES",
    ),
    ...byIndex,
  ];
}

function analyticUses(exposureMaxPaise: Paise, figures: RiskFigures, analytic: AnalyticLimits): LimitUse[] {
  if (analytic.mode === "OFF") return [];
  const effect = analytic.mode;
  const correlatedMax = mulDivFloor(exposureMaxPaise, analytic.correlatedShareMaxBps, 10_000);
  return [
    use("VAR_95_LIMIT", "Value at risk, 95 %, one session", figures.varBps, analytic.varMaxBps, "BPS", effect),
    use("CVAR_95_LIMIT", "Mean loss beyond it", figures.cvarBps, analytic.cvarMaxBps, "BPS", effect),
    use("CORRELATION_LIMIT", "At risk in one direction", figures.correlatedPaise, correlatedMax, "PAISE", effect),
  ];
}

/** At its cost, with what entries under way would add. */
function largestPosition(state: AccountState, { entries }: WorkingOrders): number {
  const sizes = new Map<string, number>();
  const add = (instrumentId: string, amount: number): void => {
    sizes.set(instrumentId, (sizes.get(instrumentId) ?? 0) + amount);
  };
  for (const { position } of Object.values(state.openTrades)) {
    add(position.contract.instrumentId, Math.abs(position.costPaise));
  }
  for (const { contract, reservedPaise } of entries) add(contract.instrumentId, reservedPaise);
  return Math.max(0, ...sizes.values());
}

/** A part of a lot counts as a whole one. */
function mostLots(state: AccountState, { entries }: WorkingOrders): number {
  const counts = UNDERLYINGS.map((underlying) => {
    let lots = 0;
    for (const { position } of Object.values(state.openTrades)) {
      const { contract, netUnits } = position;
      if (contract.underlying === underlying) lots += Math.ceil(Math.abs(netUnits) / contract.lotSize);
    }
    for (const order of entries) {
      if (order.contract.underlying === underlying) lots += Math.ceil(openUnits(order) / order.contract.lotSize);
    }
    return lots;
  });
  return Math.max(...counts);
}

function use(
  code: LimitUse["code"],
  label: string,
  value: number,
  limit: number,
  unit: LimitUse["unit"],
  effect: LimitUse["effect"] = "DENY",
): LimitUse {
  const percent = limit > 0 ? Math.round((value / limit) * 1_000) / 10 : value === 0 ? 0 : null;
  return { code, label, value, limit, unit, percent, effect };
}
