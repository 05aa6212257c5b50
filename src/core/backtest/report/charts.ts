// Charts as inline SVG, made by us: nothing is loaded from anywhere, and the same figures give the same picture.

export interface Point {
  readonly label: string;
  readonly value: number;
}

const WIDTH = 860;
const HEIGHT = 220;
const LEFT = 70;
const BOTTOM = 24;
const TOP = 10;

export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** A line over its points, filled down to zero where `isArea`. */
export function lineChart(title: string, points: readonly Point[], isArea = false): string {
  if (points.length === 0) return "";
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const span = high - low || 1;
  const x = (at: number): number => LEFT + ((WIDTH - LEFT - 10) * at) / Math.max(1, points.length - 1);
  const y = (value: number): number => TOP + ((HEIGHT - TOP - BOTTOM) * (high - value)) / span;
  const path = points
    .map(({ value }, at) => `${at === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
    .join("");
  const zero = y(0).toFixed(1);
  const area = isArea
    ? `<path d="${path}L${x(points.length - 1).toFixed(1)} ${zero}L${LEFT} ${zero}Z" class="area"/>`
    : "";
  const ticks = [low, (low + high) / 2, high]
    .map((value) => `<text x="${LEFT - 6}" y="${(y(value) + 4).toFixed(1)}" class="tick end">${compact(value)}</text>`)
    .join("");
  const [first, last] = [points[0]?.label ?? "", points.at(-1)?.label ?? ""];
  return figure(
    title,
    `${area}<line x1="${LEFT}" x2="${WIDTH - 10}" y1="${zero}" y2="${zero}" class="axis"/><path d="${path}" class="line"/>${ticks}` +
      `<text x="${LEFT}" y="${HEIGHT - 6}" class="tick">${escaped(first)}</text>` +
      `<text x="${WIDTH - 10}" y="${HEIGHT - 6}" class="tick end">${escaped(last)}</text>`,
  );
}

/** Horizontal bars, in the order given. */
export function barChart(title: string, points: readonly Point[]): string {
  if (points.length === 0) return "";
  const most = Math.max(...points.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  const height = 20 * points.length + TOP;
  const bars = points
    .map(({ label, value }, at) => {
      const [top, length] = [TOP + 20 * at, ((WIDTH - 320) * Math.abs(value)) / most];
      return (
        `<text x="196" y="${top + 13}" class="tick end">${escaped(label)}</text>` +
        `<rect x="204" y="${top + 3}" width="${length.toFixed(1)}" height="13" class="${value < 0 ? "loss" : "bar"}"/>` +
        `<text x="${(210 + length).toFixed(1)}" y="${top + 13}" class="tick">${compact(value)}</text>`
      );
    })
    .join("");
  return figure(title, bars, height);
}

/** Stated probabilities against what came true; the diagonal is what was promised. */
export function reliabilityChart(
  title: string,
  bins: readonly { readonly stated: number; readonly observed: number; readonly rows: number }[],
): string {
  if (bins.length === 0) return "";
  const side = 260;
  const at = (share: number): number => 30 + share * (side - 40);
  const flip = (share: number): number => side - at(share);
  const most = Math.max(...bins.map(({ rows }) => rows));
  const dots = bins
    .map(({ stated, observed, rows }) => {
      const radius = 3 + 7 * Math.sqrt(rows / most);
      return `<circle cx="${at(stated).toFixed(1)}" cy="${flip(observed).toFixed(1)}" r="${radius.toFixed(1)}" class="dot"><title>${rows} cases: stated ${(stated * 100).toFixed(1)} %, came true ${(observed * 100).toFixed(1)} %</title></circle>`;
    })
    .join("");
  const diagonal = `<line x1="${at(0)}" y1="${flip(0)}" x2="${at(1)}" y2="${flip(1)}" class="axis"/>`;
  const words = `<text x="${at(0)}" y="${side - 6}" class="tick">stated</text><text x="4" y="16" class="tick">came true</text>`;
  return figure(title, diagonal + dots + words, side, side);
}

const figure = (title: string, body: string, height = HEIGHT, width = WIDTH): string =>
  `<figure><figcaption>${escaped(title)}</figcaption><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">${body}</svg></figure>`;

function compact(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e7) return `${(value / 1e7).toFixed(2)} cr`;
  if (size >= 1e5) return `${(value / 1e5).toFixed(2)} L`;
  return size >= 100 || value === 0 ? value.toFixed(0) : value.toFixed(size >= 1 ? 2 : 4);
}
