// All sets of a sweep, best first, and how much of the best is chance: that comes before any figure of it.
import { figure } from "../../../figures.ts";
import { signedRupees, toneOf } from "../../../money.ts";
import { Panel } from "../../panel.tsx";
import { parametersText, type Sweep, share } from "./run.ts";

export function SweepPanel({ sweep, common }: { sweep: Sweep; common: Readonly<Record<string, string | number>> }) {
  const { ranking, results, warning, variants } = sweep;
  const ranked = ranking.flatMap((name) => results.filter((result) => result.name === name));
  return (
    <Panel id="sweep" title="Sets of the sweep" remark={`${variants}, by Sharpe ratio`}>
      {warning !== null && <p class="failure">{warning}</p>}
      <p class="reason">The panels below are of the first set: it was picked for being the best.</p>
      <section class="scroll runs" tabIndex={0} aria-label="Sets of the sweep, best first">
        <table>
          <thead>
            <tr>
              <th scope="col">Set</th>
              <th scope="col" class="number">
                Result after charges
              </th>
              <th scope="col" class="number">
                Trades
              </th>
              <th scope="col" class="number">
                Won
              </th>
              <th scope="col" class="number">
                Sharpe a year
              </th>
            </tr>
          </thead>
          <tbody>
            {ranked.map(({ name, parameters, resultPaise, trades, winRate, sharpe }) => (
              <tr key={name}>
                <th scope="row" class="wrap">
                  {name}: {parametersText(differing(parameters, results, common))}
                </th>
                <td class={`number ${toneOf(resultPaise)}`}>{signedRupees(resultPaise)}</td>
                <td class="number">{trades}</td>
                <td class="number">{share(winRate)}</td>
                <td class="number">{figure(sharpe, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}

/** Only what the sets differ in. */
function differing(
  parameters: Readonly<Record<string, string | number>>,
  results: Sweep["results"],
  common: Readonly<Record<string, string | number>>,
): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => results.some((result) => result.parameters[name] !== common[name])),
  );
}
