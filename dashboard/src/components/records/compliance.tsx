// The compliance report of a day: how many orders were asked about, what refused them, the latest with every rule; and what is
// restricted on that day.
import { download } from "../../api.ts";
import { useResource } from "../../live/resource.ts";
import { istTime } from "../../money.ts";
import { useDoing } from "../lab/answer.ts";
import { Failure, Figure } from "../lab/parts.tsx";
import { Panel, Waiting } from "../panel.tsx";
import {
  type CheckedOrder,
  checksText,
  checkText,
  type Report,
  type Restriction,
  ruleText,
  statusText,
  symbolText,
  untilText,
} from "./records.ts";

export function CompliancePanel({ date, path }: { date: string; path: string }) {
  const { data, failure } = useResource<Report>(`${path}?date=${date}`);
  const keeping = useDoing();
  const keep = (): void =>
    keeping.run(
      () => download(`${path}?date=${date}&format=csv`, `compliance-${date}.csv`),
      () => {},
    );
  return (
    <Panel id="compliance" title="Compliance" remark={date} wide={8}>
      {data === null ? (
        <Waiting failure={failure} />
      ) : data.total === 0 ? (
        <p class="empty">No order has been checked on this day.</p>
      ) : (
        <>
          <Figures report={data} />
          <LastChecked orders={data.last} />
          <button type="button" class="button apart" disabled={keeping.isBusy} onClick={keep}>
            Keep the figures as CSV
          </button>
          <Failure sentence={keeping.failure} />
        </>
      )}
    </Panel>
  );
}

function Figures({ report }: { report: Report }) {
  const rules = Object.entries(report.rejectedByRule).sort(([, one], [, other]) => other - one);
  return (
    <>
      <dl class="figures">
        <Figure label="Checked" text={`${report.total}`} />
        <Figure label="Passed" text={`${report.approved}`} />
        <Figure label="With a warning" text={`${report.warnings}`} />
        <Figure label="Refused" text={`${report.rejected}`} />
        <Figure label="Refused, KYC pending" text={`${report.pending}`} />
        {report.verifiedUsers !== null && <Figure label="Verified users, ever" text={`${report.verifiedUsers}`} />}
      </dl>
      {rules.length === 0 ? (
        <p class="reason">No rule has refused anything.</p>
      ) : (
        <p class="stated">Refused by: {rules.map(([rule, orders]) => `${ruleText(rule)} ${orders}`).join(", ")}</p>
      )}
    </>
  );
}

const LastChecked = ({ orders }: { orders: readonly CheckedOrder[] }) => (
  <section class="scroll apart" tabIndex={0} aria-label="The latest checked orders">
    <table>
      <thead>
        <tr>
          <th scope="col">Order</th>
          <th scope="col">Time</th>
          <th scope="col">For</th>
          <th scope="col">Outcome</th>
          <th scope="col">Algo tag</th>
          <th scope="col">What was asked</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <tr key={`${order.accountId}${order.clientOrderId}${order.at}`}>
            <th scope="row" class="id" style="color:inherit">
              {order.clientOrderId}
            </th>
            <td>{istTime(order.at)}</td>
            <td>{order.purpose.toLowerCase()}</td>
            <td class={order.ruleId === null ? "" : "loss"}>{statusText(order.status)}</td>
            <td>{order.algoId ?? "none"}</td>
            <td class="wrap">
              <details>
                <summary class="asked-summary">{checksText(order.checks)}</summary>
                <ul class="asked">
                  {order.checks.map((check) => (
                    <li key={check.rule}>{checkText(check)}</li>
                  ))}
                </ul>
              </details>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

export function RestrictionsPanel({ date }: { date: string }) {
  const { data, failure } = useResource<{ data: readonly Restriction[] }>(`/v1/restrictions?date=${date}&limit=50`);
  return (
    <Panel id="restrictions" title="Restrictions in force" remark={date} wide={4}>
      {data === null ? (
        <Waiting failure={failure} />
      ) : data.data.length === 0 ? (
        <p class="empty">Nothing is restricted on this day.</p>
      ) : (
        <ul class="history">
          {data.data.map((one) => (
            <li key={one.restrictionId}>
              <strong>{symbolText(one.symbol)}</strong> <span class="tag">{one.type.toLowerCase()}</span> {one.message}
              <small class="muted">
                {" "}
                {one.source}, {one.from} to {untilText(one.to)}
              </small>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
