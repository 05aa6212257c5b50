// One model: what it has shown out of sample and whether that is enough, what it came with, what it was made of, what it looks
// at, and what was done to it.
import { figure } from "../../../figures.ts";
import { Panel, Waiting } from "../../panel.tsx";
import { useAnswer } from "../answer.ts";
import { Figure, istMoment, words } from "../parts.tsx";
import { CameWith, Shown } from "./evidence.tsx";
import type { Model, TrainingFigures } from "./model.ts";

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
  const { cameWith, evidence, figures, changes } = data;
  // Panels stand two in a row; the last one takes what is left.
  const isEven = (evidence === null) === (cameWith === null);
  return (
    <>
      <Panel
        id="evidence"
        title="Shown on days it had not learned from"
        wide={evidence === null ? 12 : 6}
        remark={modelId}
      >
        {evidence === null ? (
          <p class="empty">Nothing yet: it is scored from the day after its window on, beside the live one.</p>
        ) : (
          <Shown evidence={evidence} />
        )}
      </Panel>
      {cameWith !== null && (
        <Panel id="came-with" title="What it came with" wide={6} remark="from before it was shipped">
          <CameWith evidence={cameWith} />
        </Panel>
      )}
      <Panel id="importances" title="What it looks at" wide={6} remark="share in what the forest's splits gained">
        <Importances figures={figures} />
      </Panel>
      <Panel id="training-figures" title="Its training" wide={6} remark="no score out of sample">
        <Training figures={figures} />
      </Panel>
      <Panel id="made-of" title="What it was made of" wide={6}>
        <MadeOf model={data} />
      </Panel>
      <Panel id="changes" title="What was done to it" wide={isEven ? 6 : 12}>
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

const MadeOf = ({ model: { from, to, bytesSha256, dataSha256, codeSha256, runId, trainedAt } }: { model: Model }) => (
  <dl class="made-of">
    <dt>Learned from</dt>
    <dd>
      {from} to {to}; it answers for later dates alone
    </dd>
    <dt>Trained</dt>
    <dd>{runId === null ? "before it was shipped with the code" : `${istMoment(trainedAt)}, by the run ${runId}`}</dd>
    <dt>SHA-256 of its bytes</dt>
    <dd class="hash">{bytesSha256}</dd>
    <dt>… of the data</dt>
    <dd class="hash">{dataSha256}</dd>
    <dt>… of the sources that made it</dt>
    <dd class="hash">{codeSha256}</dd>
  </dl>
);

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
