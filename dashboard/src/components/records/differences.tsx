// Differences between our books and the venue's, each with both sides and what became of it.
import { type Difference, outcomeText, ruleText, sideText } from "./records.ts";

interface Row {
  /** Of which comparison or account. */
  readonly of: string;
  readonly difference: Difference;
}

export const Differences = ({ rows }: { rows: readonly Row[] }) => (
  <section class="scroll apart" tabIndex={0} aria-label="Differences, one row each">
    <table>
      <thead>
        <tr>
          <th scope="col">Difference</th>
          <th scope="col">Outcome</th>
          <th scope="col">Found</th>
          <th scope="col">About</th>
          <th scope="col">Ours</th>
          <th scope="col">Venue's</th>
          <th scope="col">What it is</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ of, difference }) => (
          <tr key={`${of}${difference.code}${difference.subject}`}>
            <th scope="row" style="color:inherit">
              {ruleText(difference.code)}
            </th>
            <td class={difference.outcome === "RAISED" ? "loss" : ""}>{outcomeText(difference.outcome)}</td>
            <td>{of}</td>
            <td>{difference.subject}</td>
            <td>{sideText(difference.code, difference.ours)}</td>
            <td>{sideText(difference.code, difference.theirs)}</td>
            <td class="wrap">{difference.detail}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
