// Positions with their lots, where results came from, and how the account has done. Nothing here says what it will do.
import { signedFigure, toneOfFigure } from "../../figures.ts";
import { session } from "../../live/model.ts";
import { useMayOperate } from "../../live/operator.ts";
import { useResource } from "../../live/resource.ts";
import { istTime, level, paiseOf, rupees, signedRupees, toneOf } from "../../money.ts";
import { Panel, Waiting } from "../panel.tsx";
import { ClubbedPanel } from "./clubbed-panel.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { PerformancePanel } from "./performance.tsx";

interface Lot {
  readonly executionId: string;
  readonly openedAt: string;
  readonly units: number;
  readonly price: string;
  readonly charges: string;
  readonly unrealised: string | null;
}

interface Portfolio {
  readonly realised: string;
  readonly charges: string;
  readonly unrealised: string;
  readonly net: string;
  readonly lotsComplete: boolean;
  readonly positions: readonly {
    readonly instrumentId: string;
    readonly netUnits: number;
    readonly averagePrice: string;
    readonly exitPrice: string | null;
    readonly unrealised: string | null;
    readonly lots: readonly Lot[];
  }[];
  readonly closedLots: readonly {
    readonly instrumentId: string;
    readonly direction: string;
    readonly units: number;
    readonly openedAt: string;
    readonly openedAtPrice: string;
    readonly closedAt: string;
    readonly closedAtPrice: string;
    readonly realised: string;
    readonly charges: string;
    readonly exitReason: string | null;
  }[];
}

interface Attributed {
  readonly name: string;
  readonly lots: number;
  readonly winners: number;
  readonly realised: string;
  readonly charges: string;
  readonly net: string;
}

interface Attribution {
  readonly from: string;
  readonly to: string;
  readonly total: Attributed;
  readonly strategy: readonly Attributed[];
  readonly underlying: readonly Attributed[];
  readonly leg: readonly Attributed[];
  readonly exitReason: readonly Attributed[];
  readonly greeks: Readonly<
    Record<"actual" | "delta" | "gamma" | "theta" | "vega" | "residual" | "lots" | "unexplained", number>
  >;
}

/** An operator's key has no account of its own; what it may see here are the accounts of holders. */
export const PortfolioScreen = () => (useMayOperate() ? <ClubbedPanel /> : <OwnPortfolio />);

function OwnPortfolio() {
  const portfolio = useResource<Portfolio>("/v1/portfolio");
  const attribution = useResource<Attribution>("/v1/portfolio/attribution");
  const day = session.value?.date;
  const today = useResource<Attribution>(`/v1/portfolio/attribution${day == null ? "" : `?from=${day}&to=${day}`}`);
  return (
    <>
      <Panel id="lots" title="Positions and tax lots" remark="first in, first out" wide={8}>
        {portfolio.data === null ? <Waiting failure={portfolio.failure} /> : <Lots portfolio={portfolio.data} />}
      </Panel>
      <Panel id="greek-attribution" title="Today by greek" remark="model figures in rupees" wide={4}>
        {today.data === null ? (
          <Waiting failure={today.failure} />
        ) : (
          <ByGreek greeks={today.data.greeks} when="of today" />
        )}
      </Panel>
      <PerformancePanel />
      <Panel
        id="attribution"
        title="Where results came from"
        {...(attribution.data === null ? {} : { remark: `${attribution.data.from} to ${attribution.data.to}` })}
      >
        {attribution.data === null ? (
          <Waiting failure={attribution.failure} />
        ) : (
          <Dimensions attribution={attribution.data} />
        )}
      </Panel>
      <Panel id="closed-lots" title="Closed lots of the day">
        {portfolio.data === null ? <Waiting failure={portfolio.failure} /> : <ClosedLots portfolio={portfolio.data} />}
      </Panel>
      <HistoryPanel />
    </>
  );
}

const Column = ({ children }: { children: string }) => (
  <th scope="col" class="number">
    {children}
  </th>
);

const Result = ({ text }: { text: string | null }) => {
  const paise = paiseOf(text);
  return <td class={`number ${toneOf(paise)}`}>{signedRupees(paise)}</td>;
};

function Lots({ portfolio }: { portfolio: Portfolio }) {
  const figures = [
    ["Net today, after charges", portfolio.net],
    ["Realised", portfolio.realised],
    ["Open", portfolio.unrealised],
  ] as const;
  return (
    <>
      <dl class="figures">
        {figures.map(([label, text]) => (
          <div class="figure" key={label}>
            <dt>{label}</dt>
            <dd class={toneOf(paiseOf(text))}>{signedRupees(paiseOf(text))}</dd>
          </div>
        ))}
        <div class="figure">
          <dt>Charges</dt>
          <dd>{rupees(paiseOf(portfolio.charges))}</dd>
        </div>
      </dl>
      {portfolio.positions.length === 0 ? (
        <p class="empty">Flat. Nothing is open.</p>
      ) : (
        <section class="scroll" tabIndex={0} aria-label="Open lots, one row each">
          <table>
            <thead>
              <tr>
                <th scope="col">Contract and lot</th>
                <Column>Units</Column>
                <Column>Price paid</Column>
                <Column>Exit price</Column>
                <Column>Charges</Column>
                <Column>Open result</Column>
              </tr>
            </thead>
            <tbody>
              {portfolio.positions.map((position) => (
                <>
                  <tr key={position.instrumentId}>
                    <th scope="row" style="color:inherit">
                      {position.instrumentId}
                    </th>
                    <td class="number">{position.netUnits}</td>
                    <td class="number">{level(paiseOf(position.averagePrice))}</td>
                    <td class="number">{level(paiseOf(position.exitPrice))}</td>
                    <td class="number" />
                    <Result text={position.unrealised} />
                  </tr>
                  {position.lots.map((lot) => (
                    <tr key={lot.executionId} class="lot">
                      <th scope="row">opened {istTime(lot.openedAt)}</th>
                      <td class="number">{lot.units}</td>
                      <td class="number">{level(paiseOf(lot.price))}</td>
                      <td class="number" />
                      <td class="number">{rupees(paiseOf(lot.charges))}</td>
                      <Result text={lot.unrealised} />
                    </tr>
                  ))}
                </>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {!portfolio.lotsComplete && <p class="reason">The lots follow the account by a moment.</p>}
    </>
  );
}

const GREEKS = [
  ["delta", "Delta: the index moved"],
  ["gamma", "Gamma: delta moved with it"],
  ["theta", "Theta: time went by"],
  ["vega", "Vega: volatility moved"],
  ["residual", "Residual: none of these"],
] as const;

function ByGreek({ greeks, when }: { greeks: Attribution["greeks"]; when: string }) {
  if (greeks.lots === 0) return <p class="empty">No lot {when} can be explained yet.</p>;
  return (
    <>
      <dl class="sheet">
        {GREEKS.map(([name, label]) => (
          <>
            <dt key={`${name}-label`}>{label}</dt>
            <dd key={name} class={toneOfFigure(greeks[name])}>
              {signedFigure(greeks[name])}
            </dd>
          </>
        ))}
        <dt class="total">Change of value</dt>
        <dd class="total">{signedFigure(greeks.actual)}</dd>
      </dl>
      <p class="reason">
        {greeks.lots} {greeks.lots === 1 ? "lot" : "lots"}, before charges
        {greeks.unexplained > 0 ? `; ${greeks.unexplained} more are not explained by any volatility known` : ""}.
      </p>
    </>
  );
}

const DIMENSIONS = [
  ["strategy", "Who opened it"],
  ["underlying", "Index"],
  ["leg", "Leg"],
  ["exitReason", "Why it was closed"],
] as const;

const words = (name: string): string => (name === "NONE" ? "no reason given" : name.replaceAll("_", " "));

function Dimensions({ attribution }: { attribution: Attribution }) {
  if (attribution.total.lots === 0) return <p class="empty">No lot has been closed in this time.</p>;
  return (
    <div class="columns">
      {DIMENSIONS.map(([dimension, title]) => (
        <section key={dimension} class="scroll" tabIndex={0} aria-label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{title}</th>
                <Column>Lots</Column>
                <Column>Won</Column>
                <Column>After charges</Column>
              </tr>
            </thead>
            <tbody>
              {attribution[dimension].map((part) => (
                <tr key={part.name}>
                  <th scope="row" style="color:inherit">
                    {words(part.name)}
                  </th>
                  <td class="number">{part.lots}</td>
                  <td class="number">{part.winners}</td>
                  <Result text={part.net} />
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
      <section aria-label="Greek">
        <h3 class="chart-title">By greek, model figures in rupees</h3>
        <ByGreek greeks={attribution.greeks} when="of this time" />
      </section>
    </div>
  );
}

function ClosedLots({ portfolio }: { portfolio: Portfolio }) {
  if (portfolio.closedLots.length === 0) return <p class="empty">No lot has been closed today.</p>;
  return (
    <section class="scroll" tabIndex={0} aria-label="Closed lots, newest first">
      <table>
        <thead>
          <tr>
            <th scope="col">Contract</th>
            <th scope="col">Side</th>
            <Column>Units</Column>
            <Column>Opened</Column>
            <Column>at</Column>
            <Column>Closed</Column>
            <Column>at</Column>
            <th scope="col">Why</th>
            <Column>Charges</Column>
            <Column>Realised</Column>
          </tr>
        </thead>
        <tbody>
          {[...portfolio.closedLots].reverse().map((lot) => (
            <tr key={`${lot.instrumentId}${lot.openedAt}${lot.closedAt}${lot.units}`}>
              <th scope="row" style="color:inherit">
                {lot.instrumentId}
              </th>
              <td>{lot.direction.toLowerCase()}</td>
              <td class="number">{lot.units}</td>
              <td class="number">{istTime(lot.openedAt)}</td>
              <td class="number">{level(paiseOf(lot.openedAtPrice))}</td>
              <td class="number">{istTime(lot.closedAt)}</td>
              <td class="number">{level(paiseOf(lot.closedAtPrice))}</td>
              <td>{words(lot.exitReason ?? "NONE").toLowerCase()}</td>
              <td class="number">{rupees(paiseOf(lot.charges))}</td>
              <Result text={lot.realised} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
