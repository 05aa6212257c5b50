// The chain near the money: calls on the left, puts on the right, and on each side two buttons that put the option into the basket
// of the what-if.
import { figure } from "../../figures.ts";
import { level, paiseOf } from "../../money.ts";
import {
  addLeg,
  atTheMoneyIndex,
  type Chain,
  type ChainOption,
  type ChainRow,
  legOf,
  type OptionType,
} from "./basket.ts";

/** Strikes shown on each side of the money. */
const REACH = 10;

export function ChainTable({ chain }: { chain: Chain }) {
  const middle = atTheMoneyIndex(chain);
  const from = Math.max(0, middle - REACH);
  const rows = chain.rows.slice(from, middle + REACH + 1);
  const spotPaise = paiseOf(chain.spot) ?? 0;
  return (
    <section class="scroll chain" tabIndex={0} aria-label="Option chain, one row for each strike">
      <table>
        <thead>
          <tr>
            <th scope="col">Call</th>
            <Column model>IV %</Column>
            <Column model>Delta</Column>
            <Column>Bid</Column>
            <Column>Ask</Column>
            <th scope="col" class="strike">
              Strike
            </th>
            <Column>Bid</Column>
            <Column>Ask</Column>
            <Column model>Delta</Column>
            <Column model>IV %</Column>
            <th scope="col">Put</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const strikePaise = paiseOf(row.strike) ?? 0;
            return (
              <tr key={row.strike} class={from + index === middle ? "at-the-money" : ""}>
                <Buttons chain={chain} row={row} optionType="CALL" />
                <Model option={row.call} inside={strikePaise < spotPaise} />
                <Sides option={row.call} inside={strikePaise < spotPaise} />
                <th scope="row" class="strike">
                  {level(strikePaise).replace(/\.00$/, "")}
                </th>
                <Sides option={row.put} inside={strikePaise > spotPaise} />
                <Model option={row.put} inside={strikePaise > spotPaise} isPut />
                <Buttons chain={chain} row={row} optionType="PUT" />
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const Column = ({ children, model = false }: { children: string; model?: boolean }) => (
  <th scope="col" class={`number ${model ? "model" : ""}`}>
    {children}
  </th>
);

const Sides = ({ option, inside }: { option: ChainOption | null; inside: boolean }) => (
  <>
    <td class={`number ${inside ? "inside" : ""}`}>{level(paiseOf(option?.bid))}</td>
    <td class={`number ${inside ? "inside" : ""}`}>{level(paiseOf(option?.ask))}</td>
  </>
);

/** Delta stands next to the prices on both sides. */
function Model({ option, inside, isPut = false }: { option: ChainOption | null; inside: boolean; isPut?: boolean }) {
  const tone = `number model ${inside ? "inside" : ""}`;
  const volatility = (
    <td key="iv" class={tone}>
      {typeof option?.ivBps === "number" ? figure(option.ivBps / 100, 1) : "–"}
    </td>
  );
  const delta = (
    <td key="delta" class={tone}>
      {figure(option?.greeks?.delta, 2)}
    </td>
  );
  return <>{isPut ? [delta, volatility] : [volatility, delta]}</>;
}

function Buttons(props: { chain: Chain; row: ChainRow; optionType: OptionType }) {
  const { chain, row, optionType } = props;
  const name = `${row.strike.replace(/\.00$/, "")} ${optionType.toLowerCase()}`;
  return (
    <td class="picks">
      {(["BUY", "SELL"] as const).map((side) => {
        const leg = legOf(chain, row, optionType, side);
        return (
          <button
            key={side}
            type="button"
            class="pick"
            disabled={leg === null}
            aria-label={`Add a ${side === "BUY" ? "bought" : "sold"} ${name} to the what-if`}
            onClick={() => leg !== null && addLeg(leg)}
          >
            {side === "BUY" ? "+" : "−"}
          </button>
        );
      })}
    </td>
  );
}
