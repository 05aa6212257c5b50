// The open positions on the worst sessions there are records of.
import { percent, signedFigure } from "../../figures.ts";
import { useResource } from "../../live/resource.ts";
import { Panel, Waiting } from "../panel.tsx";
import { extremesOf, shade } from "./scenarios.tsx";

interface StressDays {
  readonly source: string;
  readonly points: readonly string[];
  readonly days: readonly {
    readonly date: string;
    readonly moves: Readonly<Record<string, number>>;
    readonly sensexAssumed: boolean;
    readonly results: readonly number[];
    readonly worst: number;
  }[];
}

export function Stress() {
  const { data, failure } = useResource<StressDays>("/v1/risk/stress");
  const isFlat = data?.days.every(({ worst, results }) => worst === 0 && results.every((one) => one === 0));
  return (
    <Panel id="stress" title="On the worst recorded sessions" remark="model figures in rupees">
      {data === null ? (
        <Waiting failure={failure} />
      ) : isFlat ? (
        <p class="empty">Flat. None of these sessions would change anything.</p>
      ) : (
        <StressTable data={data} />
      )}
    </Panel>
  );
}

function StressTable({ data }: { data: StressDays }) {
  const extremes = extremesOf(data.days.flatMap(({ results }) => results));
  return (
    <>
      <section class="scroll" tabIndex={0} aria-label="Stress days, one row each">
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">Session</th>
              <th scope="col" class="number">
                NIFTY 50
              </th>
              <th scope="col" class="number">
                BANK NIFTY
              </th>
              {data.points.map((point) => (
                <th key={point} scope="col" class="number">
                  At the {point.toLowerCase()}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.days.map((day) => (
              <tr key={day.date}>
                <th scope="row">{day.date}</th>
                <td class="number">{percent(day.moves["NIFTY50"] ?? 0)}</td>
                <td class="number">{percent(day.moves["BANKNIFTY"] ?? 0)}</td>
                {day.results.map((result, index) => (
                  <td key={data.points[index]} class="number" style={shade(result, extremes)}>
                    {signedFigure(result)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="reason">
        Moves from the close before. Positions here are closed within the day, so the gap at the open is harsher than
        what they live through. SENSEX moves as NIFTY 50 on days before it was recorded.
      </p>
    </>
  );
}
