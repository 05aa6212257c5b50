// What a model has shown on days it had not learned from, the rule of promotion on it, and stated against observed.
import { useMemo } from "preact/hooks";
import { figure, signedFigure } from "../../../figures.ts";
import { LineChart } from "../../line-chart.tsx";
import { Figure, words } from "../parts.tsx";
import type { Bin, Evidence, ShownEvidence } from "./model.ts";

const DRIFT: Readonly<Record<ShownEvidence["drift"], string>> = {
  STEADY: "Its latest views are as true as it states.",
  DRIFTING: "Its latest views are no longer as true as it states: train anew or roll back.",
  TOO_LITTLE: "Too few views are scored to say whether it drifts.",
};
const RULES: Readonly<Record<string, readonly [name: string, direction: string]>> = {
  DAYS: ["Trading days it was scored on", "at least"],
  GAIN_OVER_BASE_RATES: ["Better than the base rates, lower end of 95 %", "above"],
  CALIBRATION_ERROR: ["Stated and observed apart, on average", "at most"],
  DIRECTION_CALIBRATION: ["Direction: stated and observed apart, on average", "at most"],
  ABOVE_70: ["Came true where it stated above 70 %", "at least"],
  NET_PAISE_BESIDE_LIVE: ["Earned after costs on the live one's cycles, paise", "at least"],
  LOSS_BESIDE_LIVE: ["Log-loss on the live one's cycles", "at most"],
};

/** Of days after its window, on this platform. */
export const Shown = ({ evidence }: { evidence: ShownEvidence }) => (
  <>
    <Scores evidence={evidence} remark={DRIFT[evidence.drift]} />
    <Checks of="days after its window" checks={evidence.checks} />
    <Reliability of="Likeliest direction" bins={evidence.reliability} />
  </>
);

/** Of the walk-forward before it was shipped. */
export const CameWith = ({ evidence }: { evidence: Evidence }) => (
  <>
    <p class="reason">
      Models made the same way, walked forward: each learned from a window of days and was judged on the days after it.
      It says how true their probabilities are. That is no profit: costs come on top.
    </p>
    <Scores evidence={evidence} remark="" />
    <Checks of="the walk-forward" checks={evidence.checks} />
    {evidence.outcomeReliability !== undefined && (
      <Reliability of="Probability that the structure makes money" bins={evidence.outcomeReliability} />
    )}
  </>
);

function Scores({ evidence, remark }: { evidence: Evidence; remark: string }) {
  const { days, rows, gain, gainInterval, ece, eceOf, above70 } = evidence;
  const percent = (value: number | null): string => (value === null ? "–" : `${(value * 100).toFixed(1)} %`);
  return (
    <>
      <dl class="figures meant">
        <Figure
          label="Scored"
          text={`${figure(rows)} views`}
          note={`on ${days} trading ${days === 1 ? "day" : "days"}`}
        />
        <Figure
          label="Gain over the base rates"
          text={signedFigure(gain, 4)}
          note={
            days < 2
              ? "log-loss per view; one day says nothing of others"
              : `log-loss per view; 95 %: ${signedFigure(gainInterval.low, 4)} to ${signedFigure(gainInterval.high, 4)}`
          }
        />
        <Figure
          label="Calibration error"
          text={percent(ece)}
          note={`stated and observed apart, on average; of ${eceOf === "DIRECTION" ? "direction" : "what structures earn"}`}
        />
      </dl>
      <p class="reason">
        {above70.n === 0
          ? "It has never stated more than 70 %."
          : `Above 70 %: ${above70.n} views on ${above70.days} days, stated ${percent(above70.stated)}, came true ${percent(above70.hitRate)}.`}{" "}
        {remark}
      </p>
    </>
  );
}

const Checks = ({ of, checks }: { of: string } & Pick<Evidence, "checks">) => (
  <section class="scroll apart" tabIndex={0} aria-label={`Checks of the rule of promotion on ${of}`}>
    <table>
      <thead>
        <tr>
          <th scope="col">To be promoted</th>
          <th scope="col" class="number">
            Is
          </th>
          <th scope="col" class="number">
            Needs
          </th>
          <th scope="col">Met</th>
        </tr>
      </thead>
      <tbody>
        {checks.map(({ rule, passed, value, limit }) => {
          const [name, direction] = RULES[rule] ?? [words(rule), ""];
          const decimals = rule === "DAYS" || rule === "NET_PAISE_BESIDE_LIVE" ? 0 : 4;
          const isAsked = rule !== "ABOVE_70" || limit > 0;
          return (
            <tr key={rule}>
              <th scope="row">{name}</th>
              <td class="number">{isAsked ? figure(value, decimals) : "–"}</td>
              <td class="number">{isAsked ? `${direction} ${figure(limit, decimals)}` : "asked of more views"}</td>
              <td class={!isAsked ? "muted" : passed ? "gain" : "loss"}>
                {!isAsked ? "not asked" : passed ? "yes" : "no"}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  </section>
);

/** What it stated beside what came: on the diagonal it says what it knows. */
function Reliability({ of, bins }: { of: string; bins: readonly Bin[] }) {
  const stated = useMemo(() => bins.map((bin) => bin.stated * 100), [bins]);
  const lines = useMemo(
    () => [
      { colour: "--saffron" as const, values: bins.map((bin) => bin.observed * 100) },
      { colour: "--info" as const, dash: true, values: stated },
    ],
    [bins, stated],
  );
  const rows = (
    <section class="scroll" tabIndex={0} aria-label={`${of}: stated against observed`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Stated</th>
            <th scope="col" class="number">
              Came true
            </th>
            <th scope="col" class="number">
              Views
            </th>
          </tr>
        </thead>
        <tbody>
          {bins.map((bin) => (
            <tr key={bin.stated}>
              <th scope="row">{(bin.stated * 100).toFixed(1)} %</th>
              <td class="number">{(bin.observed * 100).toFixed(1)} %</td>
              <td class="number">{figure(bin.rows)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
  if (bins.length < 2) return rows;
  return (
    <>
      <h3 class="chart-title">{of}: stated (across) against came true, per cent; dashed: as stated</h3>
      <LineChart xs={stated} lines={lines} label={`${of}, stated against observed; the table below has the figures`} />
      {rows}
    </>
  );
}
