import { useMemo } from "preact/hooks";
import { account, curve, dayPaise, unrealisedPaise } from "../live/model.ts";
import { rupees, signedRupees, toneOf } from "../money.ts";
import { LineChart } from "./line-chart.tsx";

export function Capital() {
  const view = account.value;
  const open = (view?.positions ?? []).reduce((sum, position) => sum + position.costPaise, 0);
  return (
    <section class="panel capital" aria-labelledby="capital-title">
      <h2 id="capital-title">
        <span>Capital and today's result</span>
        <small>
          {view === null ? "" : `${view.displayName} · ${view.accountId} · ${view.category.replaceAll("_", " ")}`}
        </small>
      </h2>
      <dl class="figures">
        <Figure lead label="Today, after charges so far" paise={dayPaise.value} signed />
        <Figure label="Realised" paise={view?.realisedPaise ?? null} signed />
        <Figure label="Open positions" paise={unrealisedPaise.value} signed />
        <Figure label="Charges" paise={view === null ? null : -view.chargesPaise} />
        <Figure label="Trading account" paise={view === null ? null : view.cashPaise + open + unrealisedPaise.value} />
        <Figure label="Savings" paise={view?.savingsPaise ?? null} />
      </dl>
      <Curve />
    </section>
  );
}

function Figure(props: { label: string; paise: number | null; signed?: boolean; lead?: boolean }) {
  return (
    <div class="figure">
      <dt>{props.label}</dt>
      <dd class={`${props.lead ? "amount-lead " : ""}${props.signed ? toneOf(props.paise) : ""}`}>
        {props.signed ? signedRupees(props.paise) : rupees(props.paise)}
      </dd>
    </div>
  );
}

/** The result over the day. The figures above are its text twin. */
function Curve() {
  const points = curve.value;
  const xs = useMemo(() => points.map(([at]) => at / 1_000), [points]);
  const lines = useMemo(
    () => [{ colour: "--saffron" as const, fill: true, values: points.map(([, paise]) => paise / 100) }],
    [points],
  );
  return (
    <LineChart
      time="MINUTES"
      xs={xs}
      lines={lines}
      label={`Result over the day, now ${signedRupees(points.at(-1)?.[1] ?? null)}`}
    />
  );
}
