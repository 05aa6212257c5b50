// Strategies at work: where each stands, what it has done, and what may be done with it now.
import { useState } from "preact/hooks";
import { call } from "../../../api.ts";
import { istTime, paiseOf, signedRupees, toneOf } from "../../../money.ts";
import { Waiting } from "../../panel.tsx";
import { type Doing, useAnswer, useDoing } from "../answer.ts";
import { Failure, words } from "../parts.tsx";
import type { Values } from "./parameter.ts";
import { ParameterFields } from "./parameter-fields.tsx";
import type { Instance, Strategy } from "./strategy.ts";

type Action = "start" | "pause" | "resume" | "stop" | "reset";

const ACTIONS: Readonly<Record<Instance["state"], readonly Action[]>> = {
  STOPPED: ["start"],
  RUNNING: ["pause", "stop"],
  PAUSED: ["resume", "stop"],
  ERROR: ["reset", "stop"],
};
const MEANING: Readonly<Record<Action, string>> = {
  start: "It decides from the next window on",
  pause: "It enters nothing new and leaves what it holds when its time has come",
  resume: "It enters again",
  stop: "It takes back its orders and leaves what it holds at once",
  reset: "From error to stopped, once somebody has looked",
};
const TONES: Readonly<Record<Instance["state"], string>> = {
  STOPPED: "muted",
  RUNNING: "gain",
  PAUSED: "",
  ERROR: "loss",
};

export interface InstancesProps {
  readonly instances: readonly Instance[];
  readonly onMoved: () => void;
}

export function Instances({ instances, onMoved }: InstancesProps) {
  const doing = useDoing();
  const [tuned, tune] = useState<string | null>(null);
  if (instances.length === 0) {
    return (
      <p class="empty">No strategy is deployed. The account trades the platform's own signals. Choose one below.</p>
    );
  }
  const tunedInstance = instances.find(({ instanceId }) => instanceId === tuned);
  return (
    <>
      <section class="scroll" tabIndex={0} aria-label="Strategies at work, one row each">
        <table>
          <thead>
            <tr>
              <th scope="col">Instance</th>
              <th scope="col">State</th>
              <th scope="col">Index</th>
              <th scope="col" class="number">
                Entries
              </th>
              <th scope="col" class="number">
                Denied
              </th>
              <th scope="col" class="number">
                Won of closed
              </th>
              <th scope="col" class="number">
                Realised before charges
              </th>
              <th scope="col">Last decision</th>
              <th scope="col">Do</th>
            </tr>
          </thead>
          <tbody>
            {instances.map((instance) => (
              <Row
                key={instance.instanceId}
                instance={instance}
                doing={doing}
                onMoved={onMoved}
                onTune={() => tune(tuned === instance.instanceId ? null : instance.instanceId)}
              />
            ))}
          </tbody>
        </table>
      </section>
      <Failure sentence={doing.failure} />
      {tunedInstance !== undefined && (
        <Tuning key={tunedInstance.instanceId} instance={tunedInstance} onMoved={onMoved} />
      )}
    </>
  );
}

function Row({
  instance,
  doing: { isBusy, run },
  onMoved,
  onTune,
}: {
  instance: Instance;
  doing: Doing;
  onMoved: () => void;
  onTune: () => void;
}) {
  const { instanceId, title, state, underlying, metrics, last, openEntry, reason } = instance;
  const realised = paiseOf(metrics.realised);
  const path = `/v1/strategy-instances/${instanceId}`;
  return (
    <tr>
      <th scope="row" style="color:inherit" title={title}>
        {instanceId}
      </th>
      <td>
        <span class={`status ${TONES[state]}`} title={reason}>
          {state}
        </span>
        {openEntry !== null && <span class="tag">holds {openEntry}</span>}
      </td>
      <td>{underlying}</td>
      <td class="number">{metrics.entries}</td>
      <td class="number">{metrics.denials}</td>
      <td class="number">
        {metrics.won} of {metrics.closed}
      </td>
      <td class={`number ${toneOf(realised)}`}>{signedRupees(realised)}</td>
      <td class="wrap">
        {state === "ERROR" ? reason : last === null ? "–" : `${istTime(last.at)} ${words(last.action)}: ${last.reason}`}
      </td>
      <td class="picks">
        {ACTIONS[state].map((action) => (
          <button
            key={action}
            type="button"
            class="pick"
            disabled={isBusy}
            title={MEANING[action]}
            aria-label={`${action} ${instanceId}`}
            onClick={() => run(() => call("POST", `${path}/${action}`), onMoved)}
          >
            {action}
          </button>
        ))}
        <button type="button" class="pick" aria-label={`parameters of ${instanceId}`} onClick={onTune}>
          parameters
        </button>
        {state === "STOPPED" && openEntry === null && (
          <button
            type="button"
            class="pick"
            disabled={isBusy}
            title="Out of the account; its trades stay in the history"
            aria-label={`remove ${instanceId}`}
            onClick={() => run(() => call("DELETE", path), onMoved)}
          >
            remove
          </button>
        )}
      </td>
    </tr>
  );
}

/** Parameters while it runs: they count from the next window on. */
function Tuning({ instance, onMoved }: { instance: Instance; onMoved: () => void }) {
  const { data, failure } = useAnswer<Strategy>(`/v1/strategies/${instance.strategyId}`);
  const [values, setValues] = useState<Values>(instance.parameters);
  const [done, setDone] = useState("");
  const doing = useDoing();
  if (data === null) return <Waiting failure={failure} />;
  const { instanceId } = instance;
  return (
    <form
      class="lab-form inset"
      aria-label={`Parameters of ${instanceId}`}
      onSubmit={(event) => {
        event.preventDefault();
        setDone("");
        doing.run(
          () => call("PUT", `/v1/strategy-instances/${instanceId}/parameters`, { parameters: values }),
          () => {
            setDone("They count from the next window on.");
            onMoved();
          },
        );
      }}
    >
      <ParameterFields form="tune" parameters={data.definition.parameters} values={values} onChange={setValues} />
      <Failure sentence={doing.failure} />
      <div class="choices">
        <button type="submit" class="button" disabled={doing.isBusy}>
          Set the parameters of {instanceId}
        </button>
        <span class="muted" role="status">
          {done}
        </span>
      </div>
    </form>
  );
}
