// The scenario grid as a table whose cells are shaded by their figure; the figure stands in every cell, so no colour is needed.
import { useState } from "preact/hooks";
import { figure, percent, signedFigure } from "../../figures.ts";
import { useResource } from "../../live/resource.ts";
import { Panel, Waiting } from "../panel.tsx";

interface Grids {
  readonly spots: readonly number[];
  readonly grids: readonly {
    readonly forwardMinutes: number;
    readonly rows: readonly { readonly volatility: number; readonly results: readonly number[] }[];
  }[];
}

const horizon = (minutes: number): string =>
  minutes === 0 ? "now" : minutes < 1_440 ? `in ${minutes} minutes` : `in ${Math.round(minutes / 1_440)} day`;

export function Scenarios() {
  const { data, failure } = useResource<Grids>("/v1/risk/scenarios");
  const [chosen, choose] = useState(0);
  const grid = data?.grids[chosen];
  const isFlat = data?.grids.every(({ rows }) => rows.every(({ results }) => results.every((one) => one === 0)));
  return (
    <Panel id="scenarios" title="If the market moved" remark="model figures in rupees">
      {data === null || grid === undefined ? (
        <Waiting failure={failure} />
      ) : isFlat ? (
        <p class="empty">Flat. No move of the market would change anything.</p>
      ) : (
        <>
          <fieldset class="choices">
            <legend class="visually-hidden">Time</legend>
            {data.grids.map(({ forwardMinutes }, index) => (
              <label key={forwardMinutes}>
                <input type="radio" name="horizon" checked={index === chosen} onChange={() => choose(index)} />
                {horizon(forwardMinutes)}
              </label>
            ))}
          </fieldset>
          <HeatTable spots={data.spots} rows={grid.rows} />
        </>
      )}
    </Panel>
  );
}

function HeatTable(props: { spots: readonly number[]; rows: Grids["grids"][number]["rows"] }) {
  const extremes = extremesOf(props.rows.flatMap(({ results }) => results));
  return (
    <section class="scroll" tabIndex={0} aria-label="Result by move of the indices and of volatility">
      <table class="heat">
        <thead>
          <tr>
            <th scope="col">Volatility ↓ · all indices →</th>
            {props.spots.map((spot) => (
              <th key={spot} scope="col" class="number">
                {percent(spot)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map(({ volatility, results }) => (
            <tr key={volatility}>
              <th scope="row">{volatility === 0 ? "unchanged" : percent(volatility, 0)}</th>
              {results.map((result, index) => (
                <td key={props.spots[index]} class="number" style={shade(result, extremes)}>
                  {result === 0 ? figure(0) : signedFigure(result)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const SHADE_MIN = 6;
const SHADE_MAX = 38;

export interface Extremes {
  readonly loss: number;
  readonly gain: number;
}

export const extremesOf = (results: readonly number[]): Extremes => ({
  loss: Math.max(1, ...results.map((one) => -one)),
  gain: Math.max(1, ...results),
});

/** Losses are shaded by the largest loss: a bought option's are bounded and would fade beside its gains. */
export function shade(result: number, { loss, gain }: Extremes): string {
  if (Math.round(result) === 0) return "";
  const share = Math.abs(result) / (result < 0 ? loss : gain);
  const strength = Math.round(SHADE_MIN + share * (SHADE_MAX - SHADE_MIN));
  return `background:color-mix(in srgb, var(${result < 0 ? "--loss" : "--gain"}) ${strength}%, var(--panel))`;
}
