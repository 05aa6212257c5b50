// How much of every limit is used: value, limit, percent and the code by which an order over it would be refused.
import type { AccountState } from "../account/state.ts";
import { type Paise, paise } from "../kernel/money.ts";
import type { DenialCode } from "../risk/denial.ts";
import { exposureOf } from "../risk/exposure.ts";
import type { AnalyticLimits, AnalyticRule, RiskFigures } from "./risk-after.ts";

export interface LimitUse {
  readonly code: DenialCode | AnalyticRule;
  readonly label: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: "PAISE" | "TRADES" | "BPS";
  /** One decimal; above 100 when the limit is passed. Null where the limit is 0 and something is used. */
  readonly percent: number | null;
  /** WARN: told, but nothing is refused for it. */
  readonly effect: "DENY" | "WARN";
}

export interface UtilisationInput {
  readonly state: AccountState;
  /** Realised and open loss of the day, zero or more. */
  readonly lossPaise: Paise;
  readonly figures: RiskFigures;
  readonly analytic: AnalyticLimits;
}

export function limitUtilisation({ state, lossPaise, figures, analytic }: UtilisationInput): LimitUse[] {
  const { profile, day } = state;
  if (profile === null) return [];
  const { limits } = profile;
  const exposure = exposureOf(state);
  const effect = analytic.mode === "DENY" ? "DENY" : "WARN";
  const own: LimitUse[] = [
    use("DAILY_LOSS_LIMIT", "Loss of the day, realised and open", lossPaise, limits.dailyLossMaxPaise, "PAISE"),
    use("BUYING_POWER", "Exposure with orders under way", exposure.exposurePaise, exposure.exposureMaxPaise, "PAISE"),
    use("OPEN_TRADES_LIMIT", "Open trades", Object.keys(state.openTrades).length, limits.openTradesMax, "TRADES"),
    use(
      "DAY_TRADES_LIMIT",
      "Trades today",
      day?.trades ?? 0,
      Math.min(limits.tradesPerDayMax, day?.vixTradesMax ?? Number.POSITIVE_INFINITY),
      "TRADES",
    ),
  ];
  if (analytic.mode === "OFF") return own;
  const correlatedMax = paise(Math.floor((exposure.exposureMaxPaise * analytic.correlatedShareMaxBps) / 10_000));
  return [
    ...own,
    use("VAR_95_LIMIT", "Value at risk, 95 %, one session", figures.varBps, analytic.varMaxBps, "BPS", effect),
    use("CVAR_95_LIMIT", "Mean loss beyond it", figures.cvarBps, analytic.cvarMaxBps, "BPS", effect),
    use("CORRELATION_LIMIT", "At risk in one direction", figures.correlatedPaise, correlatedMax, "PAISE", effect),
  ];
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
