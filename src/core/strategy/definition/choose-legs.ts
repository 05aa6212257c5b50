// Turns a definition's legs into contracts, from the chain as it is quoted. A strike is only ever one that is quoted freshly and
// whose terms the tables know; where none fits there is no entry, and the reason says which leg lacked what.
import type { OptionType } from "../../instrument/contract.ts";
import { contractOf } from "../../instrument/contract-tables.ts";
import type { Paise } from "../../kernel/money.ts";
import { err, ok, type Result } from "../../kernel/result.ts";
import { istMsOfDay, type MarketDate } from "../../kernel/time.ts";
import type { HeldQuote } from "../../market/market-event.ts";
import { deltaBpsOf, selectContract } from "../contract-selection.ts";
import type { ChosenLeg, MarketContext } from "./context.ts";
import type { Leg, ParameterValues, StrikeChoice } from "./definition.ts";
import { msOfDay } from "./evaluate.ts";
import { amountOf } from "./parameters.ts";
import { legPlanOf } from "./plan.ts";

/** On its last day a contract is not entered from here on; the next expiry is, as the platform's own picker has it. */
const EXPIRY_DAY_ENTRIES_END = "15:00";

export function chooseLegs(
  legs: readonly Leg[],
  values: ParameterValues,
  context: MarketContext,
): Result<readonly ChosenLeg[], string> {
  const fresh = context.quotes.filter(
    (quote) => context.atMs - quote.quotedAtMs <= context.staleAfterMs && priceOf(quote) !== null,
  );
  const expiries = expiriesOf(fresh, context);
  const chosen: ChosenLeg[] = [];
  for (const [index, leg] of legs.entries()) {
    const refuse = (lacking: string) => err(`leg ${index + 1} has no contract: ${lacking}`);
    const expiry = expiries[leg.expiry === "NEAREST" ? 0 : 1];
    if (expiry === undefined) return refuse(`no ${leg.expiry.toLowerCase()} expiry is quoted freshly`);
    const chain = chainOf(fresh, expiry);
    const quote = quoteFor(leg, chain, values, context);
    if (typeof quote === "string") return refuse(quote);
    const { strikePaise, optionType } = quote;
    const contract = contractOf({ underlying: context.underlying, expiry, strikePaise, optionType }, context.date);
    if (!contract.ok) return refuse(contract.error.reason);
    const pricePaise = dealtAt(leg, quote);
    if (pricePaise === null) return refuse(`nobody ${leg.side === "BUY" ? "offers" : "bids for"} it`);
    const deltaBps = deltaBpsOf(quote, context);
    const bare = { contract: contract.value, side: leg.side, ratio: leg.ratio, pricePaise, deltaBps };
    const plan = leg.exit === undefined ? ok(null) : legPlanOf(leg.exit, bare, values, context);
    if (!plan.ok) return plan;
    chosen.push({ ...bare, plan: plan.value });
  }
  const contracts = new Set(chosen.map(({ contract }) => contract.instrumentId));
  return contracts.size === chosen.length ? ok(chosen) : err("its strikes fall together on this chain");
}

type Chain = Readonly<Record<OptionType, readonly HeldQuote[]>>;

function expiriesOf(quotes: readonly HeldQuote[], { date, atMs }: MarketContext): readonly MarketDate[] {
  const mayExpireToday = istMsOfDay(atMs) < msOfDay(EXPIRY_DAY_ENTRIES_END);
  const expiries = new Set(quotes.map(({ expiry }) => expiry));
  return [...expiries].filter((expiry) => expiry > date || (expiry === date && mayExpireToday)).sort();
}

function chainOf(quotes: readonly HeldQuote[], expiry: MarketDate): Chain {
  const of = (optionType: OptionType): HeldQuote[] =>
    quotes
      .filter((quote) => quote.expiry === expiry && quote.optionType === optionType)
      .sort((one, other) => one.strikePaise - other.strikePaise);
  return { CALL: of("CALL"), PUT: of("PUT") };
}

/** The quote of the leg's strike, or what is lacking. */
function quoteFor(
  { strike, optionType }: Leg,
  chain: Chain,
  values: ParameterValues,
  context: MarketContext,
): HeldQuote | string {
  if (strike.by === "PICKER") return picked(optionType, context);
  const own = chain[optionType];
  if (strike.by === "ATM" || strike.by === "STEPS") {
    const at = atTheMoney(chain, context.spotPaise);
    const middle = own.findIndex(({ strikePaise }) => strikePaise === at);
    if (middle < 0) return "no strike has both a call and a put quoted";
    const steps = strike.by === "ATM" ? 0 : Math.round(amountOf(strike.steps, values));
    return own[middle + outward(optionType) * steps] ?? `no strike is quoted ${steps} steps from the money`;
  }
  return nearest(own, strike, values, context);
}

/** The cycle's own choice where it is of this side, else the picker's on the chain of now. */
function picked(optionType: OptionType, context: MarketContext): HeldQuote | string {
  const { signal, quotes, underlying, date, atMs, spotPaise, staleAfterMs } = context;
  const spoken = signal?.choice?.contract;
  const wanted =
    spoken?.optionType === optionType
      ? spoken.instrumentId
      : selectContract({
          underlying,
          date,
          atMs,
          spotPaise,
          quotes,
          staleAfterMs,
          direction: optionType === "CALL" ? "BULLISH" : "BEARISH",
          targetMovePaise: null,
        }).choice?.contract.instrumentId;
  return quotes.find(({ instrumentId }) => instrumentId === wanted) ?? "the low-premium picker found none";
}

/** The strike at which call and put are both quoted, nearest to the index; the lower of two at the same distance. */
function atTheMoney({ CALL, PUT }: Chain, spotPaise: Paise): Paise | null {
  const puts = new Set(PUT.map(({ strikePaise }) => strikePaise));
  const both = CALL.filter(({ strikePaise }) => puts.has(strikePaise));
  return best(both, ({ strikePaise }) => Math.abs(strikePaise - spotPaise))?.strikePaise ?? null;
}

type ByFigure = Exclude<StrikeChoice, { readonly by: "ATM" | "STEPS" | "PICKER" }>;

function wantedBy(strike: ByFigure, values: ParameterValues): number {
  switch (strike.by) {
    case "PERCENT":
      return amountOf(strike.percent, values);
    case "DELTA":
      return amountOf(strike.delta, values);
    case "PREMIUM":
      return amountOf(strike.rupees, values);
  }
}

/** What a quote has of what the strike is chosen by; null where that is not known. */
function figureOf(by: ByFigure["by"], quote: HeldQuote, context: MarketContext): number | null {
  switch (by) {
    case "PERCENT":
      return (100 * outward(quote.optionType) * (quote.strikePaise - context.spotPaise)) / context.spotPaise;
    case "DELTA": {
      const deltaBps = deltaBpsOf(quote, context);
      return deltaBps === null ? null : Math.abs(deltaBps) / 10_000;
    }
    case "PREMIUM":
      return (priceOf(quote) ?? 0) / 100;
  }
}

const WORDS: Readonly<Record<ByFigure["by"], (figure: number) => string>> = {
  PERCENT: (figure) => `${Number(figure.toFixed(2))} % from the index`,
  DELTA: (figure) => `a delta of ${Number(figure.toFixed(3))}`,
  PREMIUM: (figure) => `₹${Number(figure.toFixed(2))}`,
};
/**
 * The quote whose figure is nearest to the wanted one. A chain ends somewhere: beyond its last strike by more than the step before
 * it, the nearest is not what was asked for but what happened to be left, and nothing is taken.
 */
function nearest(
  quotes: readonly HeldQuote[],
  strike: ByFigure,
  values: ParameterValues,
  context: MarketContext,
): HeldQuote | string {
  const wanted = wantedBy(strike, values);
  const figures = new Map<HeldQuote, number>();
  for (const quote of quotes) {
    const figure = figureOf(strike.by, quote, context);
    if (figure !== null) figures.set(quote, figure);
  }
  const found = best([...figures.keys()], (quote) => Math.abs((figures.get(quote) as number) - wanted));
  const has = found === null ? undefined : figures.get(found);
  if (found === null || has === undefined) return "no strike has a figure to choose by";
  const off = Math.abs(wanted - has);
  const others = [...figures.values()].filter((figure) => figure !== has);
  const isInside = others.some((figure) => (wanted > has ? figure > has : figure < has));
  const step = Math.min(...others.map((figure) => Math.abs(figure - has)));
  if (isInside || off <= (Number.isFinite(step) ? step : 0)) return found;
  const words = WORDS[strike.by];
  return `nothing is quoted at ${words(wanted)}; the farthest is ${found.strikePaise / 100} at ${words(has)}`;
}

/** The quote that fits best, the first of two alike. */
function best(quotes: readonly HeldQuote[], misfit: (quote: HeldQuote) => number): HeldQuote | null {
  let [found, least]: [HeldQuote | null, number] = [null, Number.POSITIVE_INFINITY];
  for (const quote of quotes) {
    const of = misfit(quote);
    if (of < least) [found, least] = [quote, of];
  }
  return found;
}

const outward = (optionType: OptionType): 1 | -1 => (optionType === "CALL" ? 1 : -1);

const priceOf = ({ bidPaise, askPaise, lastPaise }: HeldQuote): number | null =>
  bidPaise !== null && askPaise !== null ? (bidPaise + askPaise) / 2 : (lastPaise ?? askPaise ?? bidPaise);

const dealtAt = ({ side }: Leg, { bidPaise, askPaise, lastPaise }: HeldQuote): Paise | null => {
  const pricePaise = (side === "BUY" ? askPaise : bidPaise) ?? lastPaise;
  return pricePaise !== null && pricePaise > 0 ? pricePaise : null;
};
