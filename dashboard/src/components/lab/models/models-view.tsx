// Models: who speaks, what each has shown on days it had not learned from, and what it has learned with.
import { useState } from "preact/hooks";
import { Panel, Waiting } from "../../panel.tsx";
import { useAnswer } from "../answer.ts";
import { istMoment } from "../parts.tsx";
import type { ModelHead, ModelState } from "./model.ts";
import { ModelPanels } from "./model-panels.tsx";
import { TrainingPanel } from "./training-panel.tsx";

const LOOK_EVERY_MS = 5_000;

const STATES: Readonly<Record<ModelState, string>> = {
  TRAINED: "trained",
  SHADOW: "on probation: predicts beside the live one and is scored",
  PROMOTED: "live",
  RETIRED: "put away",
};

interface Spoken {
  readonly data: readonly { readonly predictor: string; readonly cycleId: string; readonly underlying: string }[];
}

export function ModelsView() {
  const models = useAnswer<{ data: readonly ModelHead[] }>("/v1/models?limit=50", LOOK_EVERY_MS);
  const spoken = useAnswer<Spoken>("/v1/signals?limit=1", LOOK_EVERY_MS);
  const [chosen, choose] = useState<string | null>(null);
  const list = models.data?.data ?? [];
  const live = list.find(({ state }) => state === "PROMOTED") ?? null;
  const shown = chosen ?? live?.modelId ?? list[0]?.modelId ?? null;
  return (
    <>
      <Panel id="speaker" title="Who speaks" wide={4}>
        <Speaker live={live} last={spoken.data?.data[0] ?? null} isKnown={models.data !== null} />
      </Panel>
      <Panel id="registry" title="Models" wide={8} remark="newest data first">
        {models.data === null ? (
          <Waiting failure={models.failure} />
        ) : list.length === 0 ? (
          <p class="empty">
            No model has been trained. The rules speak until one has shown, on days it had not learned from, that it is
            better.
          </p>
        ) : (
          <Registry list={list} shown={shown} onShow={choose} />
        )}
      </Panel>
      <TrainingPanel onTrained={models.reload} />
      {shown !== null && <ModelPanels key={shown} modelId={shown} />}
    </>
  );
}

function Speaker(props: { live: ModelHead | null; last: Spoken["data"][number] | null; isKnown: boolean }) {
  const { live, last, isKnown } = props;
  if (!isKnown) return <Waiting failure={null} />;
  const isByRules = last === null || last.predictor.startsWith("rules");
  return (
    <>
      <p class="speaker">{live?.modelId ?? (isByRules ? "The rules" : last.predictor)}</p>
      <p class="reason">
        {live === null
          ? isByRules
            ? "No model is promoted, so the measured rules give the views."
            : "It gave the last view and is not among the models listed here."
          : `It has learned from ${live.from} to ${live.to} and answers for later dates alone; for earlier ones its predecessor does, and at last the rules.`}
      </p>
      <p class="reason">
        {last === null
          ? "There has been no view yet."
          : `The last view, ${last.cycleId} of ${last.underlying}, is by ${last.predictor}.`}
      </p>
      <p class="reason">A model speaks only after the rule of promotion has let it. No hand can skip that.</p>
    </>
  );
}

const Registry = (props: {
  readonly list: readonly ModelHead[];
  readonly shown: string | null;
  readonly onShow: (modelId: string) => void;
}) => (
  <section class="scroll runs" tabIndex={0} aria-label="Models, one row each">
    <table>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">State</th>
          <th scope="col">Learned from</th>
          <th scope="col">Trained</th>
        </tr>
      </thead>
      <tbody>
        {props.list.map(({ modelId, state, from, to, trainedAt }) => (
          <tr key={modelId} class={modelId === props.shown ? "chosen" : ""}>
            <th scope="row">
              <button
                type="button"
                class="as-link"
                aria-pressed={modelId === props.shown}
                onClick={() => props.onShow(modelId)}
              >
                {modelId}
              </button>
            </th>
            <td class="wrap">
              <span class={`status ${state === "PROMOTED" ? "gain" : "muted"}`}>{state}</span> {STATES[state]}
            </td>
            <td>
              {from} to {to}
            </td>
            <td>{istMoment(trainedAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
