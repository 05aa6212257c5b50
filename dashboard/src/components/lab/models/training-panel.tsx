// Trainings: an operator starts them; nobody else is shown how. A key of an account never has that right.
import { useEffect, useState } from "preact/hooks";
import { call } from "../../../api.ts";
import { useMayOperate } from "../../../live/operator.ts";
import { Panel } from "../../panel.tsx";
import { useAnswer, useDoing } from "../answer.ts";
import { isOver, type LabRun } from "../backtests/run.ts";
import { Failure, Field, istMoment, Progress } from "../parts.tsx";

const LOOK_EVERY_MS = 3_000;

export function TrainingPanel({ onTrained }: { onTrained: () => void }) {
  const mayTrain = useMayOperate();
  const runs = useAnswer<{ data: readonly LabRun[] }>(
    mayTrain ? "/v1/lab/runs?kind=TRAINING&limit=5" : null,
    LOOK_EVERY_MS,
  );
  const list = runs.data?.data ?? [];
  const done = list.filter(({ state }) => state === "DONE").length;
  useEffect(() => onTrained(), [done]);
  if (!mayTrain) return null;
  return (
    <Panel id="trainings" title="Trainings" remark="every week by itself">
      <StartTraining onStarted={runs.reload} />
      {list.map((run) =>
        isOver(run) ? (
          <p key={run.runId} class="reason">
            {istMoment(run.createdAt)}: {run.state.toLowerCase()}
            {run.state === "FAILED" ? `, ${run.note}` : ""}
          </p>
        ) : (
          <Progress key={run.runId} label="Progress of the training" bps={run.progressBps} note={run.note} />
        ),
      )}
    </Panel>
  );
}

function StartTraining({ onStarted }: { onStarted: () => void }) {
  const [days, setDays] = useState<number | null>(null);
  const doing = useDoing();
  return (
    <form
      class="lab-form"
      onSubmit={(event) => {
        event.preventDefault();
        const body = days === null ? {} : { windowDays: days };
        doing.run(() => call("POST", "/v1/operations/trainings", body), onStarted);
      }}
    >
      <div class="fields">
        <Field
          id="train-days"
          label="Trading days to learn from"
          hint="10 to 500, the last there are; empty: as every week"
        >
          <input
            id="train-days"
            class="field"
            type="number"
            min={10}
            max={500}
            value={days ?? ""}
            onInput={({ currentTarget: { value } }) => setDays(value === "" ? null : Number(value))}
          />
        </Field>
      </div>
      <Failure sentence={doing.failure} />
      <button type="submit" class="button" disabled={doing.isBusy}>
        Train a model
      </button>
    </form>
  );
}
