// Every position that was closed, from the execution that opened it to the one that left it flat, newest first.
import { useState } from "preact/hooks";
import { useResource } from "../../live/resource.ts";
import { istTime, level, paiseOf, rupees, signedRupees, toneOf } from "../../money.ts";
import { Panel, Waiting } from "../panel.tsx";
import { dayAndTime, type Episode, reasonText, summaryText, unitsText } from "./history.ts";

interface History {
  readonly from: string;
  readonly to: string;
  readonly complete: boolean;
  readonly data: readonly Episode[];
}

const FIRST_ROWS = 25;

export function HistoryPanel() {
  const { data, failure } = useResource<History>("/v1/portfolio/history");
  return (
    <Panel id="history" title="Position history" {...(data === null ? {} : { remark: `${data.from} to ${data.to}` })}>
      {data === null ? <Waiting failure={failure} /> : <Closed history={data} />}
    </Panel>
  );
}

function Closed({ history }: { history: History }) {
  const [isAll, showAll] = useState(false);
  const closed = history.data.filter(({ closedAt }) => closedAt !== null).reverse();
  if (closed.length === 0) return <p class="empty">No position has been closed in this time.</p>;
  const shown = isAll ? closed : closed.slice(0, FIRST_ROWS);
  return (
    <>
      <p class="stated">{summaryText(closed)}</p>
      <section class="scroll" tabIndex={0} aria-label="Closed positions, newest first">
        <table>
          <thead>
            <tr>
              <th scope="col">Contract</th>
              <th scope="col">Side</th>
              <Column>Units</Column>
              <Column>Average in</Column>
              <Column>Average out</Column>
              <Column>Result</Column>
              <Column>Charges</Column>
              <th scope="col">Why closed</th>
              <th scope="col">Opened</th>
              <th scope="col">Closed</th>
              <th scope="col">Opened by</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Row key={`${one.instrumentId}${one.openedAt}${one.closedAt}`} one={one} />
            ))}
          </tbody>
        </table>
      </section>
      {shown.length < closed.length && (
        <button type="button" class="button apart" onClick={() => showAll(true)}>
          Show all {closed.length}
        </button>
      )}
      {!history.complete && <p class="reason">There are more than can be read at once; the oldest are shown.</p>}
    </>
  );
}

function Row({ one }: { one: Episode }) {
  const result = paiseOf(one.realised);
  return (
    <tr>
      <th scope="row" style="color:inherit">
        {one.instrumentId}
      </th>
      <td>{one.direction.toLowerCase()}</td>
      <td class="number">{unitsText(one)}</td>
      <td class="number">{level(paiseOf(one.averageIn))}</td>
      <td class="number">{level(paiseOf(one.averageOut))}</td>
      <td class={`number ${toneOf(result)}`}>{signedRupees(result)}</td>
      <td class="number">{rupees(paiseOf(one.charges))}</td>
      <td>{reasonText(one.exitReason)}</td>
      <td>{dayAndTime(one.openedAt)}</td>
      <td>{istTime(one.closedAt)}</td>
      <td>{reasonText(one.strategy)}</td>
    </tr>
  );
}

const Column = ({ children }: { children: string }) => (
  <th scope="col" class="number">
    {children}
  </th>
);
