// One or two lines over a common axis. A chart is decoration to a screen reader: its `label` says what it shows, and the figures
// stand beside it as text.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

/** Seconds between ticks of an axis of minutes, and of days: none is named twice. */
const MINUTE_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240].map((minutes) => minutes * 60);
const DAY_STEPS = [1, 2, 3, 7, 14, 28, 56, 112, 365, 730].map((days) => days * 86_400);

export interface ChartLine {
  readonly colour: "--saffron" | "--info" | "--gain" | "--loss";
  readonly values: readonly (number | null)[];
  readonly dash?: boolean;
  readonly fill?: boolean;
}

export interface LineChartProps {
  readonly label: string;
  readonly height?: number;
  /** Seconds where `time` is set, else what the axis shows. */
  readonly xs: readonly number[];
  readonly time?: "MINUTES" | "DAYS";
  readonly lines: readonly ChartLine[];
  /** A vertical line, such as where the index stands. */
  readonly mark?: number | null;
}

export function LineChart({ label, height = 170, xs, time, lines, mark = null }: LineChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const marked = useRef(mark);
  marked.current = mark;
  const shape = lines.map(({ colour, dash, fill }) => `${colour}${dash}${fill}`).join();
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const make = (): uPlot =>
      new uPlot(optionsOf(element, height, time, lines, marked), [[], ...lines.map(() => [])], element);
    chart.current = make();
    chart.current.setData(dataOf(xs, lines));
    const observer = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    // Colours are painted: another theme needs another painting.
    const theme = new MutationObserver(() => {
      const data = chart.current?.data;
      chart.current?.destroy();
      chart.current = make();
      if (data !== undefined) chart.current.setData(data);
    });
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      observer.disconnect();
      theme.disconnect();
      chart.current?.destroy();
    };
  }, [shape, time, height]);
  useEffect(() => {
    chart.current?.setData(dataOf(xs, lines));
  }, [xs, lines, mark]);
  return <div ref={place} class="chart" style={`min-height:${height}px`} role="img" aria-label={label} />;
}

const dataOf = (xs: readonly number[], lines: readonly ChartLine[]): uPlot.AlignedData => [
  [...xs],
  ...lines.map(({ values }) => [...values]),
];

function optionsOf(
  element: HTMLElement,
  height: number,
  time: LineChartProps["time"],
  lines: readonly ChartLine[],
  mark: { readonly current: number | null },
): uPlot.Options {
  const muted = resolve("--muted");
  const grouped = (_chart: uPlot, ticks: number[]): string[] =>
    ticks.map((tick) => tick.toLocaleString("en-IN").replace("-", "−"));
  return {
    width: element.clientWidth,
    height,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Asia/Kolkata"),
    cursor: { y: false },
    scales: { x: { time: time !== undefined } },
    hooks: {
      draw: [
        (chart) => {
          if (mark.current === null || chart.data[0].length === 0) return;
          const x = Math.round(chart.valToPos(mark.current, "x", true));
          const { left, top, width, height: tall } = chart.bbox;
          if (x < left || x > left + width) return;
          chart.ctx.save();
          chart.ctx.strokeStyle = muted;
          chart.ctx.setLineDash([4, 4]);
          chart.ctx.beginPath();
          chart.ctx.moveTo(x, top);
          chart.ctx.lineTo(x, top + tall);
          chart.ctx.stroke();
          chart.ctx.restore();
        },
      ],
    },
    axes: [
      {
        stroke: muted,
        grid: { show: false },
        values: time === undefined ? grouped : time === "DAYS" ? "{DD} {MMM}" : "{HH}:{mm}",
        ...(time === undefined ? {} : { incrs: time === "DAYS" ? DAY_STEPS : MINUTE_STEPS }),
      },
      { stroke: muted, size: 74, grid: { stroke: `${muted}33`, width: 1 }, values: grouped },
    ],
    series: [
      {},
      ...lines.map(({ colour, dash, fill }) => ({
        stroke: resolve(colour),
        width: 2,
        points: { show: false },
        ...(dash ? { dash: [6, 4] } : {}),
        ...(fill ? { fill: `${resolve(colour)}22` } : {}),
      })),
    ],
  };
}

/** Custom properties hold light-dark(); a canvas needs the colour it resolves to, as #rrggbb. */
function resolve(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const [red = 128, green = 128, blue = 128] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}
