// Figures of backtests as words, alike on both levels. What rests on nothing is a dash.

export const rupees = (paise: number | null): string => (paise === null ? "-" : (paise / 100).toFixed(2));
export const share = (value: number | null): string => (value === null ? "-" : `${(value * 100).toFixed(1)} %`);
export const plain = (value: number | null): string => (value === null ? "-" : value.toFixed(2));

/** Without it a ratio of a few days reads like a finding. */
export const intervalWords = (interval: readonly [number, number] | null): string =>
  interval === null ? " (too few days for an interval)" : ` (95 %: ${plain(interval[0])} to ${plain(interval[1])})`;

/** What the reader of bars did about those that could not be taken as they are; nothing where there was nothing. */
export function repairWords(repairs: Readonly<Record<string, number>>): readonly string[] {
  const kinds = Object.entries(repairs).map(([code, count]) => `${code} ${count}`);
  return kinds.length === 0
    ? []
    : [`Of the files that were read, bars were left out, sorted or missing: ${kinds.join(", ")}.`];
}

export const gridWorth = (sets: number, probability: number | null): string =>
  `Probability that the best is more than luck, given ${sets} tries: ${share(probability)}.`;
