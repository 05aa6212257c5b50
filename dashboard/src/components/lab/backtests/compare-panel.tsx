// Runs side by side: the same figures in the same rows, and their curves over common days.
import { useEffect, useMemo, useState } from "preact/hooks";
import { call } from "../../../api.ts";
import { figure } from "../../../figures.ts";
import { rupees, signedRupees, toneOf } from "../../../money.ts";
import { type ChartLine, LineChart } from "../../line-chart.tsx";
import { Panel, Waiting } from "../../panel.tsx";
import { useAnswer } from "../answer.ts";
import {
  type BacktestResult,
  type BacktestRunDetail,
  curveOf,
  type Metrics,
  parametersText,
  secondsOf,
  share,
  spanText,
} from "./run.ts";

const LOOKS = [
  { colour: "--saffron", line: "" },
  { colour: "--info", line: "info" },
  { colour: "--gain", line: "third" },
  { colour: "--loss", line: "fourth" },
] as const;

/** Hooks come in a fixed number: four places, of which some stay empty. */
export function ComparePanel({ runIds }: { runIds: readonly string[] }) {
  const pathOf = (at: number): string | null => (runIds[at] === undefined ? null : `/v1/lab/runs/${runIds[at]}`);
  const answers = [
    useAnswer<BacktestRunDetail>(pathOf(0)),
    useAnswer<BacktestRunDetail>(pathOf(1)),
    useAnswer<BacktestRunDetail>(pathOf(2)),
    useAnswer<BacktestRunDetail>(pathOf(3)),
  ];
  const failure = answers.find((answer) => answer.failure !== null)?.failure ?? null;
  const results = answers.flatMap(({ data }) => (data?.result ? [data.result] : []));
  return (
    <Panel id="compare" title="Side by side" remark="backtests on past data">
      {results.length < runIds.length ? <Waiting failure={failure} /> : <Compared results={results} runIds={runIds} />}
    </Panel>
  );
}

const ROWS: readonly (readonly [
  name: string,
  text: (metrics: Metrics) => string,
  paise?: (metrics: Metrics) => number,
])[] = [
  ["Result after charges", ({ resultPaise }) => signedRupees(resultPaise), ({ resultPaise }) => resultPaise],
  ["Days", ({ days }) => `${days}`],
  ["Trades", ({ trades }) => `${trades}`],
  ["Trades won", ({ winRate }) => share(winRate)],
  [
    "Mean per trade",
    ({ expectancyPaise }) => signedRupees(expectancyPaise === null ? null : Math.round(expectancyPaise)),
  ],
  ["Profit factor", ({ profitFactor }) => figure(profitFactor, 2)],
  ["Worst fall from a peak", ({ drawdown }) => rupees(drawdown.depthPaise)],
  ["Sharpe ratio a year", ({ sharpe }) => figure(sharpe, 2)],
  [
    "its 95 % interval",
    ({ sharpeInterval: interval }) =>
      interval === null ? "too few days" : `${figure(interval[0], 1)} to ${figure(interval[1], 1)}`,
  ],
  ["Charges", ({ chargesPaise }) => rupees(chargesPaise)],
  ["In the market", ({ exposure }) => share(exposure)],
];

function Compared({ results, runIds }: { results: readonly BacktestResult[]; runIds: readonly string[] }) {
  const warnings = useWarnings(runIds, results);
  return (
    <>
      <section class="scroll" tabIndex={0} aria-label="Runs side by side, one column each">
        <table>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              {results.map((result, at) => (
                <th key={at} scope="col" class="number">
                  <span class={`line ${LOOKS[at]?.line ?? ""}`} /> {result.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <TextRow name="Of" texts={results.map(spanText)} />
            <TextRow name="Parameters" texts={results.map(({ parameters }) => parametersText(parameters) || "–")} />
            <TextRow
              name="Modelled prices"
              texts={results.map(({ prices }) => share(prices?.modelledShare ?? null, 1))}
            />
            {ROWS.map(([name, text, paise]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {results.map(({ metrics }, at) => (
                  <td key={at} class={`number ${paise === undefined ? "" : toneOf(paise(metrics))}`}>
                    {text(metrics)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <h3 class="chart-title">Result after charges, added up, in rupees</h3>
      <Overlay results={results} />
      <p class="reason">
        The best of several runs looks better than it is: the more are tried, the better the best comes out by chance.
      </p>
      {warnings.map((warning) => (
        <p key={warning} class="failure">
          {warning}
        </p>
      ))}
    </>
  );
}

/** What the API has to say of picking the best of them; runs are called by their titles. */
function useWarnings(runIds: readonly string[], results: readonly BacktestResult[]): readonly string[] {
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  useEffect(() => {
    let isShown = true;
    call<{ warnings: readonly string[] }>("POST", "/v1/lab/compare", { runIds }).then(
      (compared) => isShown && setWarnings(compared.warnings),
      () => isShown && setWarnings([]),
    );
    return () => {
      isShown = false;
    };
  }, [runIds.join()]);
  return warnings.map((warning) =>
    runIds.reduce((said, runId, at) => said.replaceAll(runId, results[at]?.title ?? runId), warning),
  );
}

const TextRow = ({ name, texts }: { name: string; texts: readonly string[] }) => (
  <tr>
    <th scope="row">{name}</th>
    {texts.map((text, at) => (
      <td key={at} class="number wrap">
        {text}
      </td>
    ))}
  </tr>
);

function Overlay({ results }: { results: readonly BacktestResult[] }) {
  const { xs, lines } = useMemo(() => overlayOf(results), [results.map(({ curve }) => curve)]);
  return (
    <LineChart
      time="DAYS"
      height={220}
      xs={xs}
      lines={lines}
      label={`Results of ${results.length} runs over their days: ${results.map(({ title, metrics }) => `${title} ${rupees(metrics.resultPaise)}`).join("; ")}`}
    />
  );
}

/** A run has no value on days that it has not played. */
function overlayOf(results: readonly BacktestResult[]): { xs: number[]; lines: ChartLine[] } {
  const dates = [...new Set(results.flatMap(({ curve }) => curve.map(({ date }) => date)))].sort();
  const lines = results.map((result, at): ChartLine => {
    const curve = curveOf(result);
    const byDate = new Map(curve.dates.map((date, day) => [date, curve.results[day] ?? null]));
    return {
      colour: LOOKS[at]?.colour ?? "--info",
      dash: at % 2 === 1,
      values: dates.map((date) => byDate.get(date) ?? null),
    };
  });
  return { xs: dates.map(secondsOf), lines };
}
