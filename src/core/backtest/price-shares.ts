// How much of a run rests on prices that somebody recorded, and how far modelled ones are off: stated with every result.
import { chargeRatesOn } from "../charges/charge-rates.ts";
import { EXCHANGE_OF, UNDERLYINGS } from "../instrument/contract.ts";
import type { StrategyDefinition } from "../strategy/definition/definition.ts";
import type { BacktestDay } from "./backtest.ts";
import { SMILES, type SmileName } from "./smiles.ts";
import type { BacktestTrade } from "./trades.ts";

export interface PriceShares {
  /** Days times underlyings, by where the premiums come from. */
  readonly recordedDays: number;
  readonly modelledDays: number;
  readonly fills: number;
  /** At a bid or an ask that no recording has: a modelled premium, or a modelled spread around a recorded last price. */
  readonly modelledFills: number;
  readonly modelledShare: number | null;
  /** For people. */
  readonly note: string;
  /** What modelled premiums were off by where it was measured; empty where none was modelled. */
  readonly errors: readonly string[];
}

export interface PricedRun {
  /** By which premiums were modelled; as fitted unless said otherwise. */
  readonly smile?: SmileName;
  /** What was played; null for the platform's own signals. */
  readonly definition?: StrategyDefinition | null;
}

export function priceShares(
  days: readonly BacktestDay[],
  trades: readonly BacktestTrade[],
  { smile = "fitted", definition = null }: PricedRun = {},
): PriceShares {
  const chains = days.flatMap((day) => UNDERLYINGS.map((underlying) => day.chains[underlying]));
  const recordedDays = chains.filter((chain) => chain === "RECORDED").length;
  const modelledDays = chains.filter((chain) => chain === "MODELLED").length;
  const fills = trades.reduce((sum, trade) => sum + trade.fills, 0);
  const modelledFills = trades.reduce((sum, trade) => sum + trade.modelledFills, 0);
  const modelledShare = fills === 0 ? null : modelledFills / fills;
  const share =
    modelledShare === null ? "nothing was dealt" : `${(modelledShare * 100).toFixed(1)} % of ${fills} fills`;
  return {
    recordedDays,
    modelledDays,
    fills,
    modelledFills,
    modelledShare,
    note: [
      `Premiums: ${recordedDays} days recorded, ${modelledDays} modelled from index and India VIX; at modelled prices: ${share}.`,
      ...(modelledDays > 0 && definition !== null && wantsNextExpiry(definition) ? [NO_NEXT_EXPIRY] : []),
      ...standInWords(days),
    ].join(" "),
    errors: modelledDays === 0 ? [] : SMILES[smile].errors,
  };
}

/** What is charged by the oldest rate there is, because the date lies before it. */
function standInWords(days: readonly BacktestDay[]): readonly string[] {
  const heads = new Set<string>();
  const touched = days.filter(({ date, chains }) => {
    const traded = UNDERLYINGS.filter((underlying) => chains[underlying] !== "NONE");
    const found = traded.flatMap((underlying) => chargeRatesOn(date, EXCHANGE_OF[underlying]).standIns);
    for (const head of found) heads.add(head);
    return found.length > 0;
  });
  const last = touched.at(-1);
  if (last === undefined) return [];
  const named = [...heads].sort().join(", ");
  return [
    `Charges of ${touched.length} days, the last of them ${last.date}: no rate of ${named} is known for the date, so the oldest known one stands in.`,
  ];
}

const NO_NEXT_EXPIRY =
  "Modelled chains have the next expiry on the day of the nearest one alone: on other modelled days no entry with a leg of expiry NEXT was made.";

const wantsNextExpiry = ({ entries }: StrategyDefinition): boolean =>
  entries.some(({ legs }) => legs.some(({ expiry }) => expiry === "NEXT"));
