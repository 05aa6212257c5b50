// A backtest's result: first what the figures rest on, then the figures, the curve, the months and the trades.
import { useMemo } from "preact/hooks";
import { download } from "../../../api.ts";
import { istTime, level, rupees, signedRupees, toneOf } from "../../../money.ts";
import { LineChart } from "../../line-chart.tsx";
import { Panel } from "../../panel.tsx";
import { useDoing } from "../answer.ts";
import { Failure, words } from "../parts.tsx";
import { Headline } from "./headline.tsx";
import {
  type BacktestResult,
  capitalText,
  chanceSentence,
  curveOf,
  edgeSentence,
  type Metrics,
  parametersText,
  pricesSentence,
  secondsOf,
  share,
  spanText,
  type Trade,
  type TradeFigures,
  viewsSentence,
} from "./run.ts";
import { SweepPanel } from "./sweep-panel.tsx";

const TRADES_SHOWN = 200;

export function ResultPanels({ runId, result }: { runId: string; result: BacktestResult }) {
  const doing = useDoing();
  const { metrics } = result;
  const parameters = parametersText(result.parameters);
  return (
    <>
      {result.sweep !== undefined && <SweepPanel sweep={result.sweep} common={result.parameters} />}
      <Panel id="run" title={result.title} remark={spanText(result)}>
        <p class="stated">{pricesSentence(result)}</p>
        <p class="reason">
          {chanceSentence(metrics)} Capital {capitalText(result)}
          {parameters === "" ? "" : `; ${parameters}`}.{edgeSentence(result)}
          {viewsSentence(result)}
        </p>
        {result.failure !== null && (
          <p class="failure">
            The run ended on {result.failure.date}: {result.failure.detail}
          </p>
        )}
        <Headline metrics={metrics} />
        <Curves result={result} />
        <button
          type="button"
          class="button"
          disabled={doing.isBusy}
          onClick={() =>
            doing.run(
              () => download(`/v1/lab/runs/${runId}/report`, `backtest-${runId}.html`),
              () => {},
            )
          }
        >
          Keep the report as a file
        </button>
        <Failure sentence={doing.failure} />
        {Object.entries(result.leftOut).map(([reason, days]) => (
          <p key={reason} class="reason">
            {days} {days === 1 ? "day" : "days"} left out: {reason}
          </p>
        ))}
      </Panel>
      <Panel id="months" title="By month" wide={4}>
        <Months months={metrics.months} />
      </Panel>
      <Panel id="groups" title="Where it came from" wide={8} remark="trades after charges">
        <Groups metrics={metrics} />
      </Panel>
      <Panel id="trades" title="Trades" remark={remarkOf(result)}>
        <Trades trades={[...result.trades.slice(-TRADES_SHOWN)].reverse()} />
      </Panel>
    </>
  );
}

function remarkOf({ trades, tradesCut }: BacktestResult): string {
  const all = trades.length + tradesCut;
  return all > TRADES_SHOWN ? `the last ${TRADES_SHOWN} of ${all}` : `${all}, newest first`;
}

function Curves({ result }: { result: BacktestResult }) {
  const { dates, results, falls } = useMemo(() => curveOf(result), [result]);
  const xs = useMemo(() => dates.map(secondsOf), [dates]);
  const equity = useMemo(() => [{ colour: "--saffron" as const, fill: true, values: results }], [results]);
  const drawdown = useMemo(() => [{ colour: "--loss" as const, fill: true, values: falls }], [falls]);
  if (dates.length < 2) return <p class="empty">A curve needs two days at least.</p>;
  return (
    <>
      <h3 class="chart-title">Result after charges, added up, in rupees</h3>
      <LineChart
        time="DAYS"
        xs={xs}
        lines={equity}
        label={`Result over ${dates.length} days, last ${rupees(Math.round((results.at(-1) ?? 0) * 100))}`}
      />
      <h3 class="chart-title">Below the best so far, in rupees</h3>
      <LineChart
        time="DAYS"
        height={130}
        xs={xs}
        lines={drawdown}
        label={`Fall from the peak, deepest ${rupees(Math.round(Math.min(0, ...falls) * 100))}`}
      />
    </>
  );
}

const Months = ({ months }: Pick<Metrics, "months">) => (
  <section class="scroll" tabIndex={0} aria-label="Result by month">
    <table>
      <thead>
        <tr>
          <th scope="col">Month</th>
          <th scope="col" class="number">
            Days
          </th>
          <th scope="col" class="number">
            Trades
          </th>
          <th scope="col" class="number">
            Result
          </th>
        </tr>
      </thead>
      <tbody>
        {months.map(({ month, days, trades, resultPaise }) => (
          <tr key={month}>
            <th scope="row">{month}</th>
            <td class="number">{days}</td>
            <td class="number">{trades}</td>
            <td class={`number ${toneOf(resultPaise)}`}>{signedRupees(resultPaise)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

function Groups({ metrics: { byVix, byTimeOfDay, byExit } }: { metrics: Metrics }) {
  const groups = [
    ["India VIX", byVix],
    ["Entered", byTimeOfDay],
    ["Left by", byExit],
  ] as const;
  return (
    <section class="scroll" tabIndex={0} aria-label="Result by India VIX, time of entry and exit">
      <table>
        <thead>
          <tr>
            <th scope="col">Which trades</th>
            <th scope="col" class="number">
              Trades
            </th>
            <th scope="col" class="number">
              Won
            </th>
            <th scope="col" class="number">
              Net
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.flatMap(([kind, group]) =>
            Object.entries(group).map(([name, figures]) => (
              <GroupRow
                key={`${kind} ${name}`}
                name={kind === "India VIX" ? name : `${kind} ${kind === "Left by" ? words(name) : name}`}
                figures={figures}
              />
            )),
          )}
        </tbody>
      </table>
    </section>
  );
}

const GroupRow = ({ name, figures }: { name: string; figures: TradeFigures }) => (
  <tr>
    <th scope="row">{name}</th>
    <td class="number">{figures.trades}</td>
    <td class="number">{share(figures.winRate)}</td>
    <td class={`number ${toneOf(figures.netPaise)}`}>{signedRupees(figures.netPaise)}</td>
  </tr>
);

const Trades = ({ trades }: { trades: readonly Trade[] }) =>
  trades.length === 0 ? (
    <p class="empty">It did not trade.</p>
  ) : (
    <section class="scroll runs" tabIndex={0} aria-label="Trades, newest first">
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">What</th>
            <th scope="col">Side</th>
            <th scope="col" class="number">
              Units
            </th>
            <th scope="col" class="number">
              From
            </th>
            <th scope="col" class="number">
              To
            </th>
            <th scope="col" class="number">
              Charges
            </th>
            <th scope="col" class="number">
              Net
            </th>
            <th scope="col">Left by</th>
            <th scope="col">Prices</th>
          </tr>
        </thead>
        <tbody>
          {trades.map((trade) => (
            <tr key={`${trade.name} ${trade.openedAtMs}`}>
              <td>{trade.date}</td>
              <td>{trade.name}</td>
              <td>{trade.direction.toLowerCase()}</td>
              <td class="number">{trade.units}</td>
              <td class="number">{istTime(trade.openedAtMs).slice(0, 5)}</td>
              <td class="number">{istTime(trade.closedAtMs).slice(0, 5)}</td>
              <td class="number">{level(trade.chargesPaise)}</td>
              <td class={`number ${toneOf(trade.netPaise)}`}>{signedRupees(trade.netPaise)}</td>
              <td>{words(trade.exitReason ?? "NONE")}</td>
              <td>
                {trade.modelledFills === 0
                  ? "recorded"
                  : trade.modelledFills < trade.fills
                    ? "part modelled"
                    : "modelled"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
