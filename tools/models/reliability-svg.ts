// A reliability plot: stated against observed, the size of a point by its rows. Plain SVG, readable on light and dark ground.
import type { ReliabilityBin } from "../../src/core/prediction/evaluation/reliability.ts";

export interface ReliabilityCurve {
  readonly name: string;
  readonly color: string;
  readonly bins: readonly ReliabilityBin[];
}

const SIZE = 320;
const MARGIN = 48;
const ROWS_MIN = 20;

export function reliabilitySvg(title: string, curves: readonly ReliabilityCurve[]): string {
  const x = (share: number): string => (MARGIN + share * SIZE).toFixed(1);
  const y = (share: number): string => (MARGIN + (1 - share) * SIZE).toFixed(1);
  const most = Math.max(...curves.flatMap(({ bins }) => bins.map(({ rows }) => rows)));
  const marks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const lines = [
    ...marks.flatMap((mark) => [
      `<line x1="${x(mark)}" y1="${y(0)}" x2="${x(mark)}" y2="${y(1)}" stroke="#ccc"/>`,
      `<line x1="${x(0)}" y1="${y(mark)}" x2="${x(1)}" y2="${y(mark)}" stroke="#ccc"/>`,
      `<text x="${x(mark)}" y="${MARGIN + SIZE + 16}" text-anchor="middle">${mark * 100}</text>`,
      `<text x="${MARGIN - 8}" y="${y(mark)}" text-anchor="end" dominant-baseline="middle">${mark * 100}</text>`,
    ]),
    `<line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" stroke="#888" stroke-dasharray="4 3"/>`,
    ...curves.flatMap(({ name, color, bins }, at) => {
      const shown = bins.filter(({ rows }) => rows >= ROWS_MIN);
      const points = shown.map(({ stated, observed }) => `${x(stated)},${y(observed)}`).join(" ");
      return [
        `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="1.5"/>`,
        ...shown.map(
          ({ stated, observed, rows }) =>
            `<circle cx="${x(stated)}" cy="${y(observed)}" r="${(2 + 6 * Math.sqrt(rows / most)).toFixed(1)}" fill="${color}" fill-opacity="0.7"><title>${name}: ${rows} rows, stated ${(100 * stated).toFixed(1)} %, observed ${(100 * observed).toFixed(1)} %</title></circle>`,
        ),
        `<text x="${MARGIN + 10}" y="${MARGIN + 18 + 16 * at}" fill="${color}">${name}</text>`,
      ];
    }),
  ];
  const side = SIZE + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" font-family="sans-serif" font-size="11" fill="#333">`,
    `<title>${title}: stated against observed</title>`,
    `<rect width="${side}" height="${side}" fill="#fff"/>`,
    `<text x="${side / 2}" y="24" text-anchor="middle" font-size="13">${title}</text>`,
    ...lines,
    `<text x="${side / 2}" y="${side - 10}" text-anchor="middle">stated, %</text>`,
    `<text x="14" y="${side / 2}" text-anchor="middle" transform="rotate(-90 14 ${side / 2})">observed, %</text>`,
    "</svg>",
    "",
  ].join("\n");
}
