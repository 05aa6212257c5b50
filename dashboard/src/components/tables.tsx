import { account, exitPricePaise, notices, orders, unrealisedOf } from "../live/model.ts";
import { istTime, level, rupees, signedRupees, toneOf } from "../money.ts";

export function Positions() {
  const rows = account.value?.positions ?? [];
  return (
    <section class="panel positions" aria-labelledby="positions-title">
      <h2 id="positions-title">Open positions</h2>
      {rows.length === 0 ? (
        <p class="empty">Flat. Nothing is open.</p>
      ) : (
        <section class="scroll" tabIndex={0} aria-label="Open positions, one row each">
          <table>
            <thead>
              <tr>
                <th scope="col">Contract</th>
                <th scope="col" class="number">
                  Units
                </th>
                <th scope="col" class="number">
                  Average
                </th>
                <th scope="col" class="number">
                  Exit
                </th>
                <th scope="col" class="number">
                  Result
                </th>
                <th scope="col" class="number">
                  Stop
                </th>
                <th scope="col" class="number">
                  Target
                </th>
                <th scope="col" class="number">
                  Trails at
                </th>
                <th scope="col" class="number">
                  Until
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const result = unrealisedOf(row);
                return (
                  <tr key={row.instrumentId}>
                    <th scope="row" style="color:inherit">
                      {row.instrumentId}
                    </th>
                    <td class="number">{row.units}</td>
                    <td class="number">{level(row.averagePaise)}</td>
                    <td class="number">{level(exitPricePaise(row))}</td>
                    <td class={`number ${toneOf(result)}`}>{signedRupees(result)}</td>
                    <td class="number">{level(row.stopPaise)}</td>
                    <td class="number">
                      {row.parts.map(({ pricePaise, lots }) => (
                        <div key={pricePaise}>
                          {level(pricePaise)} <small>{lots === 1 ? "1 lot" : `${lots} lots`}</small>
                        </div>
                      ))}
                      {row.parts.length > 0 && row.targetPaise === null ? null : level(row.targetPaise)}
                    </td>
                    <td class="number">{level(row.tightensPaise)}</td>
                    <td class="number">{istTime(row.timeExitAt)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
      <ExitGroups />
    </section>
  );
}

/** What leaves several positions together, by their result. */
function ExitGroups() {
  const groups = account.value?.exitGroups ?? [];
  if (groups.length === 0) return null;
  return (
    <ul class="exit-groups" aria-label="Exits of several positions together">
      {groups.map((group) => (
        <li key={group.groupId}>
          <b>{group.covers}</b>{" "}
          {group.isLeaving
            ? "being closed"
            : `together: stop ${rupees(group.stopPaise)}, target ${rupees(group.targetPaise)}`}
        </li>
      ))}
    </ul>
  );
}

const BAD = new Set(["DENIED", "REJECTED"]);

export function OrderTape() {
  return (
    <section class="panel tape" aria-labelledby="tape-title">
      <h2 id="tape-title">
        <span>Order tape</span>
        <small>{orders.value.length === 0 ? "" : `${orders.value.length} today`}</small>
      </h2>
      {orders.value.length === 0 ? (
        <p class="empty">No orders yet today.</p>
      ) : (
        <section class="scroll" tabIndex={0} aria-label="Orders of the day, newest first">
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Side</th>
                <th scope="col">Contract</th>
                <th scope="col" class="number">
                  Filled
                </th>
                <th scope="col" class="number">
                  Price
                </th>
                <th scope="col">Status</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {orders.value.map((order) => (
                <tr key={order.clientOrderId}>
                  <td>{istTime(order.atMs)}</td>
                  <td>{order.side}</td>
                  <td>{order.instrumentId}</td>
                  <td class="number">
                    {order.filledUnits}/{order.units}
                  </td>
                  <td class="number">{level(order.pricePaise)}</td>
                  <td class={`status ${BAD.has(order.status) ? "loss" : order.status === "FILLED" ? "gain" : "muted"}`}>
                    {order.status.replaceAll("_", " ")}
                  </td>
                  <td class="wrap">{order.note}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

export function Notices() {
  return (
    <section class="panel notices" aria-labelledby="notices-title">
      <h2 id="notices-title">Notifications</h2>
      {notices.value.length === 0 ? (
        <p class="empty">Nothing to report.</p>
      ) : (
        <ul aria-live="polite" tabIndex={0}>
          {notices.value.map((notice) => (
            <li key={notice.id} class={notice.priority}>
              <time>{istTime(notice.atMs)}</time>
              <strong>{notice.title}</strong>
              {notice.body}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function Settlement() {
  const sheet = account.value?.settlement ?? null;
  return (
    <section class="panel settlement" aria-labelledby="settlement-title">
      <h2 id="settlement-title">
        <span>Settlement</span>
        <small>{sheet === null ? "" : sheet.stage.toLowerCase()}</small>
      </h2>
      {sheet === null ? (
        <p class="empty">At 15:20, when the account is flat.</p>
      ) : (
        <dl class="sheet">
          {sheet.lines.map((line) => (
            <>
              <dt key={`${line.label}-label`} class={line.total ? "total" : ""}>
                {line.label}
              </dt>
              <dd key={`${line.label}-value`} class={line.total ? "total" : ""}>
                {rupees(line.paise)}
              </dd>
            </>
          ))}
        </dl>
      )}
    </section>
  );
}
