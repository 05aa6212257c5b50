// One model: what it has shown out of sample and whether that is enough, what it looks at, and what was done to it.
import { useMemo } from "preact/hooks";
import { figure, signedFigure } from "../../../figures.ts";
import { LineChart } from "../../line-chart.tsx";
import { Panel, Waiting } from "../../panel.tsx";
import { useAnswer } from "../answer.ts";
import { Figure, istMoment, words } from "../parts.tsx";
import type { Evidence, Model, TrainingFigures } from "./model.ts";

const IMPORTANCES_SHOWN = 15;

export function ModelPanels({ modelId }: { modelId: string }) {
  const { data, failure } = useAnswer<Model>(`/v1/models/${modelId}`);
  if (data === null) {
    return (
      <Panel id="model" title="Model">
        <Waiting failure={failure} />
      </Panel>
    );
  }
  const { evidence, figures, changes } = data;
  return (
    <>
      <Panel id="evidence" title="Shown on days it had not learned from" wide={6} remark={modelId}>
        {evidence === null ? (
          <p class="empty">Nothing yet: it is scored from the day after its window on, beside the live one.</p>
        ) : (
          <Shown evidence={evidence} />
        )}
      </Panel>
      <Panel id="importances" title="What it looks at" wide={6} remark="share in what the forest's splits gained">
        <Importances figures={figures} />
      </Panel>
      <Panel id="training-figures" title="Its training" wide={6} remark="no score out of sample">
        <Training figures={figures} />
      </Panel>
      <Panel id="changes" title="What was done to it" wide={6}>
        <ul class="history">
          {changes.map(({ to, by, reason, at }) => (
            <li key={`${at} ${to}`}>
              <time>{istMoment(at)}</time>
              <strong>{words(to)}</strong> {reason} <span class="muted">by {by}</span>
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

const DRIFT: Readonly<Record<Evidence["drift"], string>> = {
  STEADY: "Its latest views are as true as it states.",
  DRIFTING: "Its latest views are no longer as true as it states: train anew or roll back.",
  TOO_LITTLE: "Too few views are scored to say whether it drifts.",
};
const RULES: Readonly<Record<string, readonly [name: string, direction: string]>> = {
  DAYS: ["Trading days it was scored on", "at least"],
  GAIN_OVER_BASE_RATES: ["Better than the base rates, lower end of 95 %", "above"],
  CALIBRATION_ERROR: ["Stated and observed apart, on average", "at most"],
  ABOVE_70: ["Came true where it stated above 70 %", "at least"],
};

function Shown({ evidence }: { evidence: Evidence }) {
  const { days, rows, gain, gainInterval, ece, above70, checks, drift, reliability } = evidence;
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
        <Figure label="Calibration error" text={percent(ece)} note="stated and observed apart, on average" />
      </dl>
      <p class="reason">
        {above70.n === 0
          ? "It has never stated more than 70 %."
          : `Above 70 %: ${above70.n} views on ${above70.days} days, stated ${percent(above70.stated)}, came true ${percent(above70.hitRate)}.`}{" "}
        {DRIFT[drift]}
      </p>
      <section class="scroll apart" tabIndex={0} aria-label="Checks of the rule of promotion">
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
              const decimals = rule === "DAYS" ? 0 : 4;
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
      <Reliability bins={reliability} />
    </>
  );
}

/** What it stated beside what came: on the diagonal it says what it knows. */
function Reliability({ bins }: { bins: Evidence["reliability"] }) {
  const stated = useMemo(() => bins.map((bin) => bin.stated * 100), [bins]);
  const lines = useMemo(
    () => [
      { colour: "--saffron" as const, values: bins.map((bin) => bin.observed * 100) },
      { colour: "--info" as const, dash: true, values: stated },
    ],
    [bins, stated],
  );
  const rows = (
    <section class="scroll" tabIndex={0} aria-label="Stated against observed">
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
      <h3 class="chart-title">Likeliest direction: stated (across) against came true, per cent; dashed: as stated</h3>
      <LineChart xs={stated} lines={lines} label="Stated against observed; the table below has the figures" />
      {rows}
    </>
  );
}

function Importances({ figures: { importances = [] } }: { figures: TrainingFigures }) {
  const shown = importances.slice(0, IMPORTANCES_SHOWN);
  const most = shown[0]?.share ?? 1;
  if (shown.length === 0) return <p class="empty">Its training has kept no importances.</p>;
  return (
    <ul class="bars">
      {shown.map(({ feature, share }) => (
        <li key={feature}>
          <span>{feature}</span>
          <span class="bar-track" aria-hidden="true">
            <span style={`width:${(100 * share) / most}%`} />
          </span>
          <span class="number">{(share * 100).toFixed(1)} %</span>
        </li>
      ))}
    </ul>
  );
}

function Training({ figures: { days, rows, calibration } }: { figures: TrainingFigures }) {
  return (
    <>
      <dl class="figures meant">
        <Figure label="Trading days" text={figure(days)} />
        <Figure label="Rows learned from" text={figure(rows?.learned)} />
        <Figure label="Rows calibrated on" text={figure(rows?.calibrated)} />
        {calibration != null && (
          <>
            <Figure
              label="Most likely class came"
              text={`${(calibration.accuracy * 100).toFixed(1)} %`}
              note={`always naming the commonest: ${(calibration.majority * 100).toFixed(1)} %`}
            />
            <Figure
              label="Log-loss"
              text={figure(calibration.logLoss, 4)}
              note={`base rates, in hindsight: ${figure(calibration.hindsightLogLoss, 4)}`}
            />
          </>
        )}
      </dl>
      <p class="reason">
        Of the slice that it was calibrated on: it flatters. What counts is what it shows on later days.
      </p>
    </>
  );
}
