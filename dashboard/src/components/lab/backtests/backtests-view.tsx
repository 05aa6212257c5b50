// Backtests: ask for one, follow it, look at it, lay up to four side by side.
import { useEffect, useState } from "preact/hooks";
import { call } from "../../../api.ts";
import { Panel, Waiting } from "../../panel.tsx";
import { useAnswer, useDoing } from "../answer.ts";
import { Failure, istMoment, Progress, words } from "../parts.tsx";
import { BacktestForm } from "./backtest-form.tsx";
import { ComparePanel } from "./compare-panel.tsx";
import { ResultPanels } from "./result-panels.tsx";
import { type BacktestRun, type BacktestRunDetail, isOver, type LabRun, spanText } from "./run.ts";

/** Whoever sees the platform's own runs sees its trainings too. */
type TrainingRun = LabRun & { readonly subject: null };

const LIST_EVERY_MS = 4_000;
const RUN_EVERY_MS = 1_000;
const COMPARED_MAX = 4;

export function BacktestsView() {
  const [isMoving, setMoving] = useState(false);
  const runs = useAnswer<{ data: readonly (BacktestRun | TrainingRun)[] }>(
    "/v1/lab/runs?limit=25",
    isMoving ? LIST_EVERY_MS : null,
  );
  const [chosen, choose] = useState<string | null>(null);
  const [compared, setCompared] = useState<readonly string[]>([]);
  const list = (runs.data?.data ?? []).filter((run): run is BacktestRun => run.subject !== null);
  const areSomeUnderWay = list.some((run) => !isOver(run));
  useEffect(() => setMoving(areSomeUnderWay), [areSomeUnderWay]);
  const shown = chosen ?? list[0]?.runId ?? null;
  const toggle = (runId: string): void =>
    setCompared(compared.includes(runId) ? compared.filter((each) => each !== runId) : [...compared, runId]);
  return (
    <>
      <Panel id="backtest" title="Backtest" wide={4} remark="on past data">
        <BacktestForm
          onStarted={({ runId }) => {
            choose(runId);
            runs.reload();
          }}
        />
      </Panel>
      <Panel id="runs" title="Runs" wide={8} remark="choose up to four to compare">
        {runs.data === null ? (
          <Waiting failure={runs.failure} />
        ) : list.length === 0 ? (
          <p class="empty">No backtest has been asked for yet.</p>
        ) : (
          <Runs list={list} shown={shown} compared={compared} onShow={choose} onCompare={toggle} />
        )}
      </Panel>
      {compared.length >= 2 && <ComparePanel runIds={compared} />}
      {shown !== null && <Shown key={shown} runId={shown} onOver={runs.reload} />}
    </>
  );
}

interface RunsProps {
  readonly list: readonly BacktestRun[];
  readonly shown: string | null;
  readonly compared: readonly string[];
  readonly onShow: (runId: string) => void;
  readonly onCompare: (runId: string) => void;
}

const TONES: Readonly<Record<BacktestRun["state"], string>> = {
  QUEUED: "muted",
  RUNNING: "",
  DONE: "gain",
  FAILED: "loss",
  CANCELED: "muted",
};

const Runs = ({ list, shown, compared, onShow, onCompare }: RunsProps) => (
  <section class="scroll runs" tabIndex={0} aria-label="Backtests, newest first">
    <table>
      <thead>
        <tr>
          <th scope="col">Strategy</th>
          <th scope="col">State</th>
          <th scope="col">Compare</th>
          <th scope="col">Of</th>
          <th scope="col">Asked for</th>
        </tr>
      </thead>
      <tbody>
        {list.map(({ runId, subject, state, progressBps, createdAt }) => {
          const name = subject.strategy;
          return (
            <tr key={runId} class={runId === shown ? "chosen" : ""}>
              <th scope="row">
                <button type="button" class="as-link" aria-pressed={runId === shown} onClick={() => onShow(runId)}>
                  {name}
                </button>
                {subject.sets > 1 && <span class="tag">sweep of {subject.sets}</span>}
              </th>
              <td class={`status ${TONES[state]}`}>
                {state}
                {state === "RUNNING" && ` ${Math.floor(progressBps / 100)} %`}
              </td>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Compare ${name}, ${spanText(subject)}, asked for ${istMoment(createdAt)}`}
                  checked={compared.includes(runId)}
                  disabled={state !== "DONE" || (!compared.includes(runId) && compared.length >= COMPARED_MAX)}
                  onChange={() => onCompare(runId)}
                />
              </td>
              <td>{spanText(subject)}</td>
              <td>{istMoment(createdAt)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  </section>
);

/** One run: its progress while it is under way, its result once it is over. */
function Shown({ runId, onOver }: { runId: string; onOver: () => void }) {
  const [isFinal, setFinal] = useState(false);
  const run = useAnswer<BacktestRunDetail>(`/v1/lab/runs/${runId}`, isFinal ? null : RUN_EVERY_MS);
  const doing = useDoing();
  const hasEnded = run.data !== null && isOver(run.data);
  useEffect(() => {
    if (!hasEnded) return;
    setFinal(true);
    onOver();
  }, [hasEnded]);
  if (run.data === null) {
    return (
      <Panel id="run" title="Run">
        <Waiting failure={run.failure} />
      </Panel>
    );
  }
  const { data } = run;
  if (data.result !== null) return <ResultPanels runId={runId} result={data.result} />;
  return (
    <Panel id="run" title={data.subject.strategy} remark={spanText(data.subject)}>
      {isOver(data) ? (
        <p class="empty">
          {data.state === "FAILED" ? `It failed: ${data.note}` : `It was ${words(data.state)}. There is no result.`}
        </p>
      ) : (
        <>
          <Progress label="Progress of the backtest" bps={data.progressBps} note={data.note} />
          <button
            type="button"
            class="button"
            disabled={doing.isBusy}
            onClick={() => doing.run(() => call("POST", `/v1/lab/runs/${runId}/cancel`), run.reload)}
          >
            Cancel
          </button>
          <Failure sentence={doing.failure} />
        </>
      )}
    </Panel>
  );
}
