import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { account, curve, dayPaise, unrealisedPaise } from "../live/model.ts";
import { rupees, signedRupees, toneOf } from "../money.ts";

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
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const points = curve.value;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const muted = resolve(colour("--muted"));
    chart.current = new uPlot(
      {
        width: element.clientWidth,
        height: 170,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Asia/Kolkata"),
        cursor: { y: false },
        axes: [
          { stroke: muted, grid: { show: false }, values: "{HH}:{mm}" },
          {
            stroke: muted,
            size: 74,
            grid: { stroke: `${muted}33`, width: 1 },
            values: (_chart, ticks) => ticks.map((tick) => tick.toLocaleString("en-IN")),
          },
        ],
        series: [
          {},
          {
            stroke: resolve(colour("--saffron")),
            width: 2,
            fill: `${resolve(colour("--saffron"))}22`,
            points: { show: false },
          },
        ],
      },
      [[], []],
      element,
    );
    const observer = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height: 170 }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.current?.destroy();
    };
  }, []);
  useEffect(() => {
    chart.current?.setData([points.map(([at]) => at / 1000), points.map(([, paise]) => paise / 100)]);
  }, [points]);
  return (
    <div
      ref={place}
      class="chart"
      role="img"
      aria-label={`Result over the day, now ${signedRupees(points.at(-1)?.[1] ?? null)}`}
    />
  );
}

/** Custom properties hold light-dark(); a canvas needs the colour it resolves to, as #rrggbb. */
function resolve(value: string): string {
  const probe = document.createElement("span");
  probe.style.color = value;
  document.body.append(probe);
  const [red = 128, green = 128, blue = 128] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}
