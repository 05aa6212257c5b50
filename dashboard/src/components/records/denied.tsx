// The orders that were refused before they left, each with the limit, what met it, and what would pass.
import { useResource } from "../../live/resource.ts";
import { istTime } from "../../money.ts";
import { Panel, Waiting } from "../panel.tsx";
import { amountText, type DeniedOrder, ruleText } from "./records.ts";

const SHOWN_MAX = 50;

interface Page {
  readonly data: readonly DeniedOrder[];
  readonly nextCursor?: string | null;
}

export function DeniedPanel({ date }: { date: string }) {
  const { data, failure } = useResource<Page>(`/v1/orders?status=DENIED&from=${date}&to=${date}&limit=${SHOWN_MAX}`);
  return (
    <Panel id="denied" title="Orders that were refused" remark={date}>
      {data === null ? (
        <Waiting failure={failure} />
      ) : data.data.length === 0 ? (
        <p class="empty">No order of this day was refused.</p>
      ) : (
        <>
          <Denied orders={data.data} />
          {data.data.length === SHOWN_MAX && <p class="reason">The last {SHOWN_MAX} are shown; the API has all.</p>}
        </>
      )}
    </Panel>
  );
}

const Denied = ({ orders }: { orders: readonly DeniedOrder[] }) => (
  <section class="scroll" tabIndex={0} aria-label="Refused orders, newest first">
    <table>
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col">Time</th>
          <th scope="col">Order</th>
          <Column>Limit</Column>
          <Column>Value</Column>
          <th scope="col">What would pass</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => {
          const { limit = null, value = null, unit = null } = order.denial ?? {};
          return (
            <tr key={order.clientOrderId}>
              <th scope="row" style="color:inherit">
                {ruleText(order.denialCode ?? "UNKNOWN")}
              </th>
              <td>{istTime(order.createdAt)}</td>
              <td>
                {order.side.toLowerCase()} {order.quantityUnits} {order.instrumentId}
              </td>
              <td class="number">{amountText(limit, unit)}</td>
              <td class="number">{amountText(value, unit)}</td>
              <td class="wrap">{order.denial?.detail ?? "not on record"}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  </section>
);

const Column = ({ children }: { children: string }) => (
  <th scope="col" class="number">
    {children}
  </th>
);
