// The walk-forward in words: tables in Markdown, the same for the terminal and for docs/prediction.md.
import type { Interval } from "../../src/core/prediction/evaluation/block-bootstrap.ts";
import type { DirectionFigures } from "../../src/core/prediction/evaluation/direction-figures.ts";
import type { GainPart } from "../../src/core/prediction/evaluation/gain-parts.ts";
import type { GroupFigures } from "./index-figures.ts";
import type { ProductFigures, TradeSums } from "./product-trades.ts";

export function modelTable(models: readonly (DirectionFigures & { readonly model: string })[]): string {
  return table(
    ["direction of the next cycle", "rows", "accuracy", "log-loss", "gain over base rates, 95 %", "Brier", "ECE"],
    models.map((own) => [
      own.model,
      `${own.rows}`,
      percent(own.accuracy),
      own.logLoss.toFixed(4),
      gainWords(own),
      own.brier.toFixed(4),
      own.ece.toFixed(3),
    ]),
  );
}

export function groupTable(groups: readonly GroupFigures[]): string {
  return table(
    [
      "hybrid",
      "rows",
      "accuracy (majority)",
      "gain, 95 %",
      "ECE",
      "above 70 %",
      "stated",
      "came true, 95 %",
      "net of a lot, ₹",
      "Sharpe a year, 95 %",
    ],
    groups.map((own) => [
      own.group,
      `${own.rows}`,
      `${percent(own.accuracy)} (${percent(own.majority)})`,
      gainWords(own),
      own.ece.toFixed(3),
      `${own.above70.n}`,
      own.above70.stated === null ? "–" : percent(own.above70.stated),
      own.above70.hitRate === null ? "–" : `${percent(own.above70.hitRate)}${shareWords(own.above70.interval)}`,
      own.trades === 0 ? "–" : (own.netPaise / own.trades / 100).toFixed(0),
      own.sharpe === null || own.sharpeInterval === null
        ? "–"
        : `${own.sharpe.toFixed(1)} ${intervalWords(own.sharpeInterval, 1)}`,
    ]),
  );
}

/** What the product would have traded: by index, and all of it. */
export function productTable(
  indices: readonly (ProductFigures & { readonly group: string })[],
  all: ProductFigures,
): string {
  const sums = ({ trades, netPaise }: TradeSums): string => (trades === 0 ? "0" : `${trades} (${rupees(netPaise)})`);
  return table(
    [
      "the product's trades",
      "days",
      "trades",
      "won",
      "net, ₹",
      "Sharpe a year, 95 %",
      "on the model's own views (net)",
      "on rules it let speak (net)",
      "the rules alone (net)",
    ],
    [...indices, { ...all, group: "all" }].map((own) => [
      own.group,
      `${own.daysPlayed}`,
      `${own.trades}`,
      own.winRate === null ? "–" : percent(own.winRate),
      rupees(own.netPaise),
      own.sharpe === null
        ? "–"
        : `${own.sharpe.toFixed(1)}${own.sharpeInterval === null ? "" : ` ${intervalWords(own.sharpeInterval, 1)}`}`,
      sums(own.byVoice.model),
      sums(own.byVoice.rules),
      sums(own.rulesAlone),
    ]),
  );
}

const rupees = (paise: number): string => (paise / 100).toFixed(0);

/** What the gain in log-loss is made of. */
export function partsWords({ move, sign }: { readonly move: GainPart; readonly sign: GainPart }): string {
  const of = ({ gain, interval }: GainPart): string => `${gain.toFixed(4)} ${intervalWords(interval, 4)}`;
  return `Of the gain, ${of(move)} comes from knowing whether the index moves beyond its band, and ${of(sign)} from knowing which way.`;
}

const gainWords = ({ gain, gainInterval }: DirectionFigures): string =>
  gain === null || gainInterval === null ? "–" : `${gain.toFixed(4)} ${intervalWords(gainInterval, 4)}`;

const shareWords = (interval: Interval | null): string =>
  interval === null ? "" : ` (${(100 * interval.low).toFixed(1)} to ${(100 * interval.high).toFixed(1)})`;

const intervalWords = ({ low, high }: Interval, places: number): string =>
  `(${low.toFixed(places)} to ${high.toFixed(places)})`;

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
