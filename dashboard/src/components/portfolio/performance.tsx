// How the account has done over its settled days: the curve, the fall from its peak, and the usual ratios.
import { useMemo } from "preact/hooks";
import { figure } from "../../figures.ts";
import { useResource } from "../../live/resource.ts";
import { paiseOf, rupees, signedRupees, toneOf } from "../../money.ts";
import { LineChart } from "../line-chart.tsx";
import { Panel, Waiting } from "../panel.tsx";

interface Performance {
  readonly from: string;
  readonly to: string;
  readonly trades: {
    readonly total: number;
    readonly winners: number;
    readonly winRatePercent: string;
    readonly profitFactor: string | null;
    readonly expectancy: string;
  };
  readonly days: {
    readonly total: number;
    readonly result: string;
    readonly sharpe: number;
    readonly sortino: number;
    readonly drawdownPercent: number;
    readonly drawdown: string;
    readonly drawdownDays: number;
  };
  readonly curve: readonly { readonly date: string; readonly equity: string; readonly drawdownPercent: number }[];
}

export function PerformancePanel() {
  const { data, failure } = useResource<Performance>("/v1/portfolio/performance");
  return (
    <Panel
      id="performance"
      title="Performance"
      remark={
        data === null
          ? ""
          : `${data.days.total} settled ${data.days.total === 1 ? "day" : "days"}, ${data.from} to ${data.to}`
      }
    >
      {data === null ? <Waiting failure={failure} /> : <Measured performance={data} />}
    </Panel>
  );
}

function Measured({ performance }: { performance: Performance }) {
  const { trades, days, curve } = performance;
  const result = paiseOf(days.result);
  const isTooFew = days.total < 2;
  return (
    <>
      <dl class="figures">
        <Figure label="Result after charges and fee" text={signedRupees(result)} tone={toneOf(result)} />
        <Figure
          label="Closed trades won"
          text={trades.total === 0 ? "–" : `${trades.winners} of ${trades.total} · ${trades.winRatePercent} %`}
        />
        <Figure label="Profit factor" text={trades.profitFactor ?? "–"} />
        <Figure label="Mean per trade, after charges" text={signedRupees(paiseOf(trades.expectancy))} />
        <Figure
          label="Worst fall from a peak"
          text={`${figure(days.drawdownPercent, 2)} % · ${rupees(paiseOf(days.drawdown))}`}
        />
        <Figure
          label="Longest below a peak"
          text={`${days.drawdownDays} ${days.drawdownDays === 1 ? "day" : "days"}`}
        />
        <Figure label="Sharpe" text={isTooFew ? "–" : figure(days.sharpe, 2)} />
        <Figure label="Sortino" text={isTooFew ? "–" : figure(days.sortino, 2)} />
      </dl>
      {curve.length < 2 ? (
        <p class="empty">
          {curve.length === 0 ? "No day has been settled yet." : "The curve begins with the second settled day."}
        </p>
      ) : (
        <Curves curve={curve} />
      )}
      <p class="reason">Measured on days that are over. Past results say nothing certain about later ones.</p>
    </>
  );
}

function Curves({ curve }: { curve: Performance["curve"] }) {
  const days = useMemo(() => curve.map(({ date }) => Date.parse(`${date}T00:00:00+05:30`) / 1_000), [curve]);
  const equity = useMemo(
    () => [{ colour: "--saffron" as const, fill: true, values: curve.map((day) => (paiseOf(day.equity) ?? 0) / 100) }],
    [curve],
  );
  const falls = useMemo(
    () => [{ colour: "--loss" as const, fill: true, values: curve.map(({ drawdownPercent }) => -drawdownPercent) }],
    [curve],
  );
  const last = curve.at(-1);
  return (
    <>
      <LineChart
        time="DAYS"
        xs={days}
        lines={equity}
        label={`Capital with results over ${curve.length} days, last ${rupees(paiseOf(last?.equity))}`}
      />
      <LineChart
        time="DAYS"
        height={110}
        xs={days}
        lines={falls}
        label={`Fall from the peak in percent, last ${figure(last?.drawdownPercent, 2)}`}
      />
    </>
  );
}

const Figure = ({ label, text, tone = "" }: { label: string; text: string; tone?: string }) => (
  <div class="figure">
    <dt>{label}</dt>
    <dd class={tone}>{text}</dd>
  </div>
);
