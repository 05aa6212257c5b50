// The figures of a run with what each means. None of them is a forecast.
import { figure } from "../../../figures.ts";
import { rupees, signedRupees, toneOf } from "../../../money.ts";
import { Figure } from "../parts.tsx";
import { type Metrics, share } from "./run.ts";

export const Headline = ({ metrics }: { metrics: Metrics }) => (
  <dl class="figures meant">
    <Figure
      label="Result after charges"
      text={signedRupees(metrics.resultPaise)}
      tone={toneOf(metrics.resultPaise)}
      note={`${metrics.days} days, before the platform's fee of ${rupees(metrics.feesPaise)}`}
    />
    <Figure
      label="Trades won"
      text={`${metrics.winners} of ${metrics.trades} · ${share(metrics.winRate)}`}
      note="after their charges"
    />
    <Figure
      label="Mean per trade"
      text={signedRupees(metrics.expectancyPaise === null ? null : Math.round(metrics.expectancyPaise))}
      tone={toneOf(metrics.expectancyPaise)}
      note="after charges"
    />
    <Figure label="Profit factor" text={figure(metrics.profitFactor, 2)} note="won for each rupee lost" />
    <Figure
      label="Worst fall from a peak"
      text={rupees(metrics.drawdown.depthPaise)}
      note={`${share(metrics.drawdown.depthShare, 1)} of the capital, up to ${metrics.drawdown.longestDays} days below a peak`}
    />
    <Figure
      label="Sharpe ratio a year"
      text={figure(metrics.sharpe, 2)}
      note={
        metrics.sharpeInterval === null
          ? "too few days for an interval"
          : `95 %: ${figure(metrics.sharpeInterval[0], 1)} to ${figure(metrics.sharpeInterval[1], 1)}`
      }
    />
    <Figure label="Sortino ratio" text={figure(metrics.sortino, 2)} note="as Sharpe, losses alone count as risk" />
    <Figure
      label="Charges"
      text={rupees(metrics.chargesPaise)}
      note={
        metrics.costShare === null
          ? "no gains to pay them from"
          : `${share(metrics.costShare)} of what winning trades brought`
      }
    />
    <Figure label="In the market" text={share(metrics.exposure)} note="of the trading time" />
  </dl>
);
