// The option chain and what a basket out of it would cost, require and pay: thinking beforehand. The product trades by itself, so
// there is no order ticket here and nothing on this screen is sent.
import { useState } from "preact/hooks";
import { figure } from "../../figures.ts";
import { UNDERLYINGS, type Underlying } from "../../live/model.ts";
import { useResource } from "../../live/resource.ts";
import { istTime, level, paiseOf } from "../../money.ts";
import { Panel, Waiting } from "../panel.tsx";
import { basket, type Chain } from "./basket.ts";
import { BasketPanel } from "./basket-panel.tsx";
import { ChainTable } from "./chain-table.tsx";
import { WhatIf } from "./what-if.tsx";

export function OptionsScreen() {
  const [underlying, choose] = useState<Underlying>("NIFTY50");
  const [expiry, chooseExpiry] = useState<string | null>(null);
  const query = expiry === null ? "" : `?expiry=${expiry}`;
  const { data, failure } = useResource<Chain>(`/v1/market/${underlying}/chain${query}`);
  const change = (next: Underlying): void => {
    // Legs of one index only: margin and payoff are those of one underlying.
    basket.value = [];
    chooseExpiry(null);
    choose(next);
  };
  return (
    <>
      <Panel id="chain" title="Option chain" wide={6}>
        <div class="choices">
          <label>
            Index{" "}
            <select
              class="button"
              value={underlying}
              onChange={(event) => change(event.currentTarget.value as Underlying)}
            >
              {UNDERLYINGS.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          {data !== null && data.expiries.length > 0 && (
            <label>
              Expiry{" "}
              <select
                class="button"
                value={data.expiry ?? ""}
                onChange={(event) => chooseExpiry(event.currentTarget.value)}
              >
                {data.expiries.map((date) => (
                  <option key={date} value={date}>
                    {date}
                  </option>
                ))}
              </select>
            </label>
          )}
        </div>
        {data === null ? (
          <Waiting failure={failure} />
        ) : data.rows.length === 0 ? (
          <p class="empty">No quotes of {underlying} in this session yet.</p>
        ) : (
          <>
            <Summary chain={data} />
            <ChainTable chain={data} />
          </>
        )}
      </Panel>
      <div class="span-6 stack">
        <BasketPanel chain={data} />
        <WhatIf chain={data} />
      </div>
    </>
  );
}

const Summary = ({ chain }: { chain: Chain }) => (
  <dl class="figures">
    {(
      [
        ["Index", level(paiseOf(chain.spot))],
        ["Forward", level(paiseOf(chain.forward))],
        [
          "Volatility at the money",
          chain.atTheMoneyIvBps === null ? "–" : `${figure(chain.atTheMoneyIvBps / 100, 2)} %`,
        ],
        ["Puts to calls", chain.putCallRatio === null ? "–" : figure(chain.putCallRatio, 2)],
        ["Max pain", level(paiseOf(chain.maxPain))],
        ["As of", istTime(chain.at)],
      ] as const
    ).map(([label, text]) => (
      <div class="figure small" key={label}>
        <dt>{label}</dt>
        <dd>{text}</dd>
      </div>
    ))}
  </dl>
);
