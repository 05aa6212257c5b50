// What is at stake: exposure and greeks, the use of every limit, value at risk, scenarios and the worst recorded days.
import { figure, signedFigure } from "../../figures.ts";
import { useResource } from "../../live/resource.ts";
import { paiseOf, rupees } from "../../money.ts";
import { Meter, Panel, Waiting } from "../panel.tsx";
import { Scenarios } from "./scenarios.tsx";
import { Stress } from "./stress.tsx";

interface Greeks {
  readonly deltaRupeesPerPercent: number;
  readonly gammaRupeesPerPercent: number;
  readonly thetaRupeesPerDay: number;
  readonly vegaRupeesPerPoint: number;
}

interface Tail {
  readonly varPercent: number;
  readonly cvarPercent: number;
  readonly returns: number;
}

interface LimitUse {
  readonly code: string;
  readonly label: string;
  readonly value: string;
  readonly limit: string;
  readonly unit: "RUPEES" | "PERCENT" | string;
  readonly percent: number | null;
  readonly effect: "DENY" | "WARN";
}

interface Risk {
  readonly equity: string;
  readonly exposure: string;
  readonly buyingPower: string;
  readonly underlyings: readonly {
    readonly underlying: string;
    readonly notional: string;
    readonly model: Greeks & { readonly deltaUnits: number; readonly deltaLots: number };
  }[];
  readonly totals: Greeks;
  readonly valueAtRisk: {
    readonly session: Tail;
    readonly cycle: Tail;
    readonly sessionByGreeks: Tail;
    readonly varMaxPercent: number;
    readonly cvarMaxPercent: number;
    readonly sample: { readonly from: string; readonly to: string; readonly sessions: number; readonly cycles: number };
  };
  readonly correlation: {
    readonly matrix: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly countsTogetherFrom: number;
    readonly atRisk: string;
  };
  readonly utilisation: readonly LimitUse[];
  readonly unmodelled: readonly string[];
}

export function RiskScreen() {
  const { data, failure } = useResource<Risk>("/v1/risk");
  return (
    <>
      <div class="span-8 stack">
        <Panel id="exposure" title="Exposure and greeks" remark="Black-Scholes figures, no amounts">
          {data === null ? <Waiting failure={failure} /> : <Exposure risk={data} />}
        </Panel>
        <Panel id="tail" title="Value at risk, 95 %" remark="in percent of equity">
          {data === null ? <Waiting failure={failure} /> : <TailRisk risk={data} />}
        </Panel>
        <Scenarios />
        <Stress />
      </div>
      <div class="span-4 stack">
        <Panel id="limits" title="Use of every limit">
          {data === null ? <Waiting failure={failure} /> : <Limits uses={data.utilisation} />}
        </Panel>
        <Panel id="correlation" title="Correlation of the indices">
          {data === null ? <Waiting failure={failure} /> : <Correlation risk={data} />}
        </Panel>
      </div>
    </>
  );
}

const amount = (text: string): string => rupees(paiseOf(text));

function Exposure({ risk }: { risk: Risk }) {
  return (
    <>
      <dl class="figures">
        <Figure label="Equity" text={amount(risk.equity)} />
        <Figure label="Exposure" text={amount(risk.exposure)} />
        <Figure label="Buying power left" text={amount(risk.buyingPower)} />
      </dl>
      {risk.underlyings.length === 0 ? (
        <p class="empty">Flat. Nothing is at stake.</p>
      ) : (
        <section class="scroll" tabIndex={0} aria-label="Greeks by index">
          <table>
            <thead>
              <tr>
                <th scope="col">Index</th>
                <Column>Notional</Column>
                <Column>Δ units</Column>
                <Column>Δ lots</Column>
                <Column>Δ per 1 %</Column>
                <Column>Γ per 1 %</Column>
                <Column>Θ per day</Column>
                <Column>Vega per point</Column>
              </tr>
            </thead>
            <tbody>
              {risk.underlyings.map(({ underlying, notional, model }) => (
                <tr key={underlying}>
                  <th scope="row" style="color:inherit">
                    {underlying}
                  </th>
                  <td class="number">{amount(notional)}</td>
                  <td class="number">{signedFigure(model.deltaUnits, 1)}</td>
                  <td class="number">{signedFigure(model.deltaLots, 2)}</td>
                  <GreekCells greeks={model} />
                </tr>
              ))}
              <tr>
                <th scope="row" style="color:inherit">
                  All
                </th>
                <td class="number" />
                <td class="number" />
                <td class="number" />
                <GreekCells greeks={risk.totals} />
              </tr>
            </tbody>
          </table>
        </section>
      )}
      {risk.unmodelled.length > 0 && (
        <p class="reason">Not valued, for want of a spot or a volatility: {risk.unmodelled.join(", ")}</p>
      )}
    </>
  );
}

const GreekCells = ({ greeks }: { greeks: Greeks }) => (
  <>
    <td class="number">{signedFigure(greeks.deltaRupeesPerPercent)}</td>
    <td class="number">{signedFigure(greeks.gammaRupeesPerPercent)}</td>
    <td class="number">{signedFigure(greeks.thetaRupeesPerDay)}</td>
    <td class="number">{signedFigure(greeks.vegaRupeesPerPoint)}</td>
  </>
);

const Column = ({ children }: { children: string }) => (
  <th scope="col" class="number">
    {children}
  </th>
);

const Figure = ({ label, text }: { label: string; text: string }) => (
  <div class="figure">
    <dt>{label}</dt>
    <dd>{text}</dd>
  </div>
);

const shown = (value: string, unit: string): string =>
  unit === "RUPEES" ? amount(value) : unit === "PERCENT" ? `${figure(Number(value), 2)} %` : value;

function Limits({ uses }: { uses: readonly LimitUse[] }) {
  return (
    <>
      {uses.map((use) => (
        <Meter
          key={use.code}
          label={use.label}
          percent={use.percent}
          text={`${shown(use.value, use.unit)} of ${shown(use.limit, use.unit)}`}
          {...(use.effect === "WARN" ? { note: "warns" } : {})}
        />
      ))}
      <p class="reason">“warns”: told, but no order is refused for it.</p>
    </>
  );
}

function TailRisk({ risk }: { risk: Risk }) {
  const { session, cycle, sessionByGreeks, varMaxPercent, cvarMaxPercent, sample } = risk.valueAtRisk;
  const rows = [
    ["One session, every position valued anew", session],
    ["One session, by the greeks alone", sessionByGreeks],
    ["A quarter of an hour, valued anew", cycle],
  ] as const;
  return (
    <>
      <section class="scroll" tabIndex={0} aria-label="Value at risk">
        <table>
          <thead>
            <tr>
              <th scope="col">Horizon and method</th>
              <Column>VaR</Column>
              <Column>Mean beyond it</Column>
              <Column>Moves</Column>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, tail]) => (
              <tr key={name}>
                <th scope="row" style="color:inherit">
                  {name}
                </th>
                <td class="number">{figure(tail.varPercent, 2)} %</td>
                <td class="number">{figure(tail.cvarPercent, 2)} %</td>
                <td class="number">{tail.returns}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="reason">
        Held to {figure(varMaxPercent, 1)} % and {figure(cvarMaxPercent, 1)} %. The sample: {sample.sessions} recorded
        sessions from {sample.from} to {sample.to}. What has happened, not what will.
      </p>
    </>
  );
}

function Correlation({ risk }: { risk: Risk }) {
  const names = Object.keys(risk.correlation.matrix);
  return (
    <>
      <section class="scroll" tabIndex={0} aria-label="Correlation, index by index">
        <table>
          <thead>
            <tr>
              <td />
              {names.map((name) => (
                <Column key={name}>{name}</Column>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((row) => (
              <tr key={row}>
                <th scope="row">{row}</th>
                {names.map((column) => (
                  <td key={column} class="number">
                    {figure(risk.correlation.matrix[row]?.[column], 2)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="reason">
        At risk in one direction: <strong>{amount(risk.correlation.atRisk)}</strong>. Indices correlated by{" "}
        {risk.correlation.countsTogetherFrom} or more count together.
      </p>
    </>
  );
}
