// All accounts held against the venue, for an operator: the runs, and of the newest what was found of whom.
import { call } from "../../api.ts";
import { useAnswer, useDoing } from "../lab/answer.ts";
import { Failure, istMoment } from "../lab/parts.tsx";
import { Panel, Waiting } from "../panel.tsx";
import { Differences } from "./differences.tsx";
import type { Difference } from "./records.ts";

interface Run {
  readonly runId: string;
  readonly state: string;
  readonly startedAt: string;
  readonly failure: string | null;
  readonly accounts: number;
  readonly compared: number;
  readonly withDifferences: number;
  readonly raised: number;
}

interface Found {
  readonly data: readonly { readonly accountId: string; readonly differences: readonly Difference[] }[];
}

const LOOK_EVERY_MS = 5_000;

export function RunsPanel() {
  const runs = useAnswer<{ data: readonly Run[] }>("/v1/operations/reconciliations?limit=10", LOOK_EVERY_MS);
  const doing = useDoing();
  const [newest] = runs.data?.data ?? [];
  const found = useAnswer<Found>(
    newest === undefined ? null : `/v1/operations/reconciliations/${newest.runId}?only=DIFFERENT&limit=50`,
    LOOK_EVERY_MS,
  );
  const rows = (found.data?.data ?? []).flatMap(({ accountId, differences }) =>
    differences.map((difference) => ({ of: accountId, difference })),
  );
  return (
    <Panel id="comparisons" title="All accounts held against the venue" remark="the last ten runs">
      <button
        type="button"
        class="button"
        disabled={doing.isBusy}
        onClick={() => doing.run(() => call<Run>("POST", "/v1/operations/reconciliations"), runs.reload)}
      >
        Compare every account now
      </button>
      <Failure sentence={doing.failure} />
      {runs.data === null ? (
        <Waiting failure={runs.failure} />
      ) : newest === undefined ? (
        <p class="empty">No run has been begun yet.</p>
      ) : (
        <>
          <Runs runs={runs.data.data} />
          {rows.length > 0 && <Differences rows={rows} />}
        </>
      )}
    </Panel>
  );
}

const Runs = ({ runs }: { runs: readonly Run[] }) => (
  <section class="scroll apart" tabIndex={0} aria-label="Runs over all accounts, newest first">
    <table>
      <thead>
        <tr>
          <th scope="col">Begun</th>
          <th scope="col">State</th>
          <Column>Compared</Column>
          <Column>With differences</Column>
          <Column>Raised to a person</Column>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.runId}>
            <th scope="row" style="color:inherit">
              {istMoment(run.startedAt)}
            </th>
            <td class="wrap">{run.failure ?? run.state.toLowerCase()}</td>
            <td class="number">
              {run.compared} of {run.accounts}
            </td>
            <td class="number">{run.withDifferences}</td>
            <td class={`number ${run.raised > 0 ? "loss" : ""}`}>{run.raised}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const Column = ({ children }: { children: string }) => (
  <th scope="col" class="number">
    {children}
  </th>
);
