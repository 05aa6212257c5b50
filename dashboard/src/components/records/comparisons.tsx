// The account held against the venue: when and why, how much was compared, every difference and what became of it; and comparing
// now. A key that may not is refused by the API, in words.
import { call } from "../../api.ts";
import { useAnswer, useDoing } from "../lab/answer.ts";
import { Failure, istMoment } from "../lab/parts.tsx";
import { Panel, Waiting } from "../panel.tsx";
import { Differences } from "./differences.tsx";
import { type Comparison, causeText, comparedText, comparisonText } from "./records.ts";

const LOOK_EVERY_MS = 10_000;

export function ComparisonsPanel() {
  const { data, failure, reload } = useAnswer<{ data: readonly Comparison[] }>("/v1/reconciliations", LOOK_EVERY_MS);
  const doing = useDoing();
  return (
    <Panel id="comparisons" title="Held against the venue" remark="the last twenty comparisons">
      <button
        type="button"
        class="button"
        disabled={doing.isBusy}
        onClick={() => doing.run(() => call<Comparison>("POST", "/v1/reconciliations"), reload)}
      >
        Compare now
      </button>
      <Failure sentence={doing.failure} />
      {data === null ? (
        <Waiting failure={failure} />
      ) : data.data.length === 0 ? (
        <p class="empty">Nothing has been compared yet.</p>
      ) : (
        <Comparisons list={data.data} />
      )}
    </Panel>
  );
}

function Comparisons({ list }: { list: readonly Comparison[] }) {
  const differing = list.filter(({ differences, standing }) => differences.length + standing.length > 0);
  return (
    <>
      <section class="scroll apart" tabIndex={0} aria-label="Comparisons with the venue, newest first">
        <table>
          <thead>
            <tr>
              <th scope="col">Venue read</th>
              <th scope="col">Why</th>
              <th scope="col">Compared</th>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            {list.map((one) => (
              <tr key={one.sequence}>
                <th scope="row" style="color:inherit">
                  {istMoment(one.readAt)}
                </th>
                <td>{causeText(one.cause)}</td>
                <td>{comparedText(one.compared)}</td>
                <td class="wrap">{comparisonText(one)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {differing.length === 0 ? (
        <p class="reason">Neither side knew anything that the other did not.</p>
      ) : (
        <Differences
          rows={differing.flatMap((one) => [
            ...one.differences.map((difference) => ({ of: istMoment(one.readAt), difference })),
            ...one.standing.map((difference) => ({ of: `before ${istMoment(one.readAt)}`, difference })),
          ])}
        />
      )}
    </>
  );
}
