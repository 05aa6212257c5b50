// What an order would make of the book's tail risk and of bets that count together: figures before and after, and one check each.
// An order that does not make a figure worse passes even where the figure is over its limit already: the way down is never barred.
import type { OptionContract } from "../instrument/contract.ts";
import { addPaise, mulDivFloor, type Paise, ZERO_PAISE } from "../kernel/money.ts";
import { correlatedRiskPaise, directedRisks } from "./correlation.ts";
import { SESSION_MOVES } from "./index-moves.ts";
import { type BookMarket, type HeldUnits, modelBook, unitValue } from "./modelled-book.ts";
import { CVAR_MAX, revaluedReturns, tailRisk, VAR_MAX } from "./value-at-risk.ts";

/** OFF: not evaluated. WARN: recorded and told, the order passes. DENY: the order is refused. */
export type AnalyticMode = "OFF" | "WARN" | "DENY";

export interface AnalyticLimits {
  readonly mode: AnalyticMode;
  readonly varMaxBps: number;
  readonly cvarMaxBps: number;
  /** Of the exposure maximum: what may be at risk in one direction over correlated indices. */
  readonly correlatedShareMaxBps: number;
}

/**
 * A bought option can lose all of its premium within a session, so that 2 % of capital is met by nearly every entry an account
 * of the ladder makes: as a bar it would surprise, therefore it warns until somebody sets it to DENY.
 */
export const DEFAULT_ANALYTIC_LIMITS: AnalyticLimits = {
  mode: "WARN",
  varMaxBps: VAR_MAX * 10_000,
  cvarMaxBps: CVAR_MAX * 10_000,
  correlatedShareMaxBps: 7_500,
};

export type AnalyticRule = "VAR_95_LIMIT" | "CVAR_95_LIMIT" | "CORRELATION_LIMIT";

export interface AnalyticCheck {
  readonly rule: AnalyticRule;
  readonly passed: boolean;
  readonly limit: number;
  readonly value: number;
  readonly unit: "BPS" | "PAISE";
}

export interface RiskFigures {
  /** Loss as a share of capital × 10,000, positive. */
  readonly varBps: number;
  readonly cvarBps: number;
  readonly correlatedPaise: Paise;
}

export interface RiskHolding extends HeldUnits {
  /** Cost of a long, margin of a short: what may be lost as the platform counts it. */
  readonly atRiskPaise: Paise;
}

export interface RiskAfter {
  readonly before: RiskFigures;
  readonly after: RiskFigures;
  readonly checks: readonly AnalyticCheck[];
  /** True when the order is to be refused. */
  readonly isDenied: boolean;
}

export interface RiskAfterInput {
  readonly held: readonly RiskHolding[];
  readonly order: { readonly contract: OptionContract; readonly signedUnits: number; readonly atRiskPaise: Paise };
  readonly market: BookMarket;
  readonly capitalPaise: Paise;
  readonly exposureMaxPaise: Paise;
  readonly limits: AnalyticLimits;
}

export function riskAfter({ held, order, market, capitalPaise, exposureMaxPaise, limits }: RiskAfterInput): RiskAfter {
  const before = riskFigures(held, market, capitalPaise);
  if (limits.mode === "OFF") return { before, after: before, checks: [], isDenied: false };
  const after = riskFigures(withOrder(held, order), market, capitalPaise);
  const correlatedMaxPaise = mulDivFloor(exposureMaxPaise, limits.correlatedShareMaxBps, 10_000);
  const check = (
    rule: AnalyticRule,
    limit: number,
    [valueBefore, value]: readonly [number, number],
    unit: AnalyticCheck["unit"],
  ): AnalyticCheck => ({ rule, passed: value <= limit || value <= valueBefore, limit, value, unit });
  const checks = [
    check("VAR_95_LIMIT", limits.varMaxBps, [before.varBps, after.varBps], "BPS"),
    check("CVAR_95_LIMIT", limits.cvarMaxBps, [before.cvarBps, after.cvarBps], "BPS"),
    check("CORRELATION_LIMIT", correlatedMaxPaise, [before.correlatedPaise, after.correlatedPaise], "PAISE"),
  ];
  return { before, after, checks, isDenied: limits.mode === "DENY" && checks.some(({ passed }) => !passed) };
}

/** Tail risk of the recorded sessions by full revaluation, and what counts together. */
export function riskFigures(held: readonly RiskHolding[], market: BookMarket, capitalPaise: Paise): RiskFigures {
  const book = modelBook(held, market);
  const tail = tailRisk(revaluedReturns(book, capitalPaise, SESSION_MOVES));
  const deltas = new Map(
    book.holdings.map((holding) => [
      holding.contract.instrumentId,
      unitValue(holding, book.atMs).delta * holding.netUnits,
    ]),
  );
  const risks = held.map(({ contract, netUnits, atRiskPaise }) => ({
    underlying: contract.underlying,
    atRiskPaise,
    // Without a model the side still follows from the contract.
    deltaUnits: deltas.get(contract.instrumentId) ?? (contract.optionType === "CALL" ? netUnits : -netUnits),
  }));
  return {
    varBps: lossBps(tail.var),
    cvarBps: lossBps(tail.cvar),
    correlatedPaise: correlatedRiskPaise(directedRisks(risks)),
  };
}

/** Returns have five decimals, so basis points have one. */
const lossBps = (figure: number): number => Math.max(0, Math.round(-figure * 100_000) / 10);

function withOrder(held: readonly RiskHolding[], order: RiskAfterInput["order"]): readonly RiskHolding[] {
  const { contract, signedUnits, atRiskPaise } = order;
  const own = held.find((one) => one.contract.instrumentId === contract.instrumentId);
  const others = held.filter((one) => one !== own);
  const netUnits = (own?.netUnits ?? 0) + signedUnits;
  if (own === undefined || Math.sign(own.netUnits) === Math.sign(signedUnits)) {
    return [...others, { contract, netUnits, atRiskPaise: addPaise(own?.atRiskPaise ?? ZERO_PAISE, atRiskPaise) }];
  }
  if (netUnits === 0) return others;
  // What is left of the position keeps its share; what turns it over is the order's.
  const left =
    Math.sign(netUnits) === Math.sign(own.netUnits)
      ? mulDivFloor(own.atRiskPaise, Math.abs(netUnits), Math.abs(own.netUnits))
      : mulDivFloor(atRiskPaise, Math.abs(netUnits), Math.abs(signedUnits));
  return [...others, { contract, netUnits, atRiskPaise: left }];
}
