// The legs that are thought of, and ready-made ones to begin with.
import { level, paiseOf } from "../../money.ts";
import { Panel } from "../panel.tsx";
import { basket, type Chain, PRESETS, setLots, usePreset } from "./basket.ts";

export const BasketPanel = ({ chain }: { chain: Chain | null }) => (
  <Panel id="basket" title="What if" remark="nothing here is sent">
    <div class="choices">
      {PRESETS.map(({ name, legs }) => (
        <button
          key={name}
          type="button"
          class="button"
          disabled={chain === null || chain.rows.length === 0}
          onClick={() => chain !== null && usePreset(chain, legs)}
        >
          {name}
        </button>
      ))}
      {basket.value.length > 0 && (
        <button type="button" class="button" onClick={() => (basket.value = [])}>
          Clear
        </button>
      )}
    </div>
    {basket.value.length === 0 ? (
      <p class="empty">Take a ready-made basket, or put options together with + and − in the chain.</p>
    ) : (
      <section class="scroll legs" tabIndex={0} aria-label="Legs of the basket">
        <table>
          <thead>
            <tr>
              <th scope="col">Leg</th>
              <th scope="col" class="expiry">
                Expiry
              </th>
              <th scope="col" class="number">
                Price
              </th>
              <th scope="col" class="number">
                Lots
              </th>
            </tr>
          </thead>
          <tbody>
            {basket.value.map((leg) => {
              const name = `${leg.side === "BUY" ? "Long" : "Short"} ${leg.strike.replace(/\.00$/, "")} ${leg.optionType.toLowerCase()}`;
              return (
                <tr key={`${leg.expiry}${leg.strike}${leg.optionType}`}>
                  <th scope="row" style="color:inherit">
                    {name}
                  </th>
                  <td class="expiry">{leg.expiry}</td>
                  <td class="number">{level(paiseOf(leg.price))}</td>
                  <td class="number">
                    <span class="stepper">
                      <button
                        type="button"
                        class="pick"
                        aria-label={`One lot less of ${name}`}
                        onClick={() => setLots(leg, leg.lots - 1)}
                      >
                        −
                      </button>
                      <span>{leg.lots}</span>
                      <button
                        type="button"
                        class="pick"
                        aria-label={`One lot more of ${name}`}
                        onClick={() => setLots(leg, leg.lots + 1)}
                      >
                        +
                      </button>
                    </span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    )}
  </Panel>
);
