// Turns a structure's name and a few figures into legs, from the chain as it is quoted. A strike is only ever one that is quoted
// and whose terms the tables know; where none fits the request is refused with the reason, never bent.
import type { OptionContract, OptionType, Underlying } from "../instrument/contract.ts";
import { contractOf } from "../instrument/contract-tables.ts";
import { formatRupees, type Paise } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { HeldQuote } from "../market/market-event.ts";
import type { OrderSide } from "../order/order.ts";
import { deltaBpsOf } from "../strategy/contract-selection.ts";
import type { Structure } from "./order-list.ts";

/** How a strike is chosen on one side of the spot. Distances go out of the money. */
export type StrikeRule =
  | { readonly by: "ATM" }
  | { readonly by: "DISTANCE"; readonly paise: Paise }
  | { readonly by: "MONEYNESS"; readonly bps: number }
  | { readonly by: "DELTA"; readonly bps: number }
  | { readonly by: "PREMIUM"; readonly paise: Paise };

export type StructureRequest =
  | { readonly structure: "STRADDLE"; readonly side: OrderSide }
  | { readonly structure: "STRANGLE"; readonly side: OrderSide; readonly strikes: StrikeRule }
  | {
      readonly structure: "VERTICAL";
      /** CALL or PUT, and which strike is bought: the nearer one pays a debit, the farther one takes a credit. */
      readonly optionType: OptionType;
      readonly nearer: OrderSide;
      readonly strikes: StrikeRule;
      readonly wingPaise: Paise;
    }
  | { readonly structure: "IRON_FLY"; readonly wingPaise: Paise }
  | { readonly structure: "IRON_CONDOR"; readonly strikes: StrikeRule; readonly wingPaise: Paise };

export interface ChainView {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly spotPaise: Paise;
  /** The nearest quoted expiry when null. */
  readonly expiry: MarketDate | null;
  readonly quotes: readonly HeldQuote[];
  /** A quote older than this is not there. */
  readonly staleAfterMs: number;
}

export interface TemplateLeg {
  readonly contract: OptionContract;
  readonly side: OrderSide;
  readonly ratio: number;
  readonly quote: HeldQuote;
}

export interface TemplateRefusal {
  readonly code: "STRUCTURE_NOT_AVAILABLE";
  readonly structure: Structure;
  readonly detail: string;
}

/** The legs, protective ones first. */
export function legsOf(request: StructureRequest, view: ChainView): Result<readonly TemplateLeg[], TemplateRefusal> {
  const chain = chainOf(view);
  const refuse = (detail: string) =>
    err({ code: "STRUCTURE_NOT_AVAILABLE", structure: request.structure, detail } as const);
  if (chain === null) return refuse(`no option of ${view.underlying} is quoted freshly`);
  const wanted = wantedOf(request, chain);
  if (typeof wanted === "string") return refuse(wanted);
  const legs: TemplateLeg[] = [];
  for (const { side, quote } of wanted.sort(
    (one, other) => Number(one.side === "SELL") - Number(other.side === "SELL"),
  )) {
    const { underlying, date } = view;
    const { expiry, strikePaise, optionType } = quote;
    const contract = contractOf({ underlying, expiry, strikePaise, optionType }, date);
    if (!contract.ok) return refuse(contract.error.reason);
    legs.push({ contract: contract.value, side, ratio: 1, quote });
  }
  const strikes = new Set(legs.map(({ contract }) => contract.instrumentId));
  return strikes.size === legs.length ? ok(legs) : refuse("its strikes fall together on this chain");
}

interface Chain extends ChainView {
  readonly CALL: readonly HeldQuote[];
  readonly PUT: readonly HeldQuote[];
}

interface Wanted {
  readonly side: OrderSide;
  readonly quote: HeldQuote;
}

function chainOf(view: ChainView): Chain | null {
  const fresh = view.quotes.filter(
    (quote) =>
      view.atMs - quote.quotedAtMs <= view.staleAfterMs && quote.expiry >= view.date && touchOf(quote) !== null,
  );
  const expiry = view.expiry ?? fresh.map((quote) => quote.expiry).sort()[0];
  const of = (optionType: OptionType): HeldQuote[] =>
    fresh
      .filter((quote) => quote.expiry === expiry && quote.optionType === optionType)
      .sort((one, other) => one.strikePaise - other.strikePaise);
  const [calls, puts] = [of("CALL"), of("PUT")];
  return calls.length === 0 && puts.length === 0 ? null : { ...view, CALL: calls, PUT: puts };
}

/** Quotes and sides, or why there are none. */
function wantedOf(request: StructureRequest, chain: Chain): Wanted[] | string {
  switch (request.structure) {
    case "STRADDLE":
      return both(chain, atTheMoney(chain), request.side);
    case "STRANGLE":
      return pair(strikeBy(chain, "CALL", request.strikes), strikeBy(chain, "PUT", request.strikes), request.side);
    case "VERTICAL": {
      const near = strikeBy(chain, request.optionType, request.strikes);
      const far = near === null ? null : winged(chain, near, request.wingPaise);
      if (near === null || far === null) return "no strike of that distance is quoted";
      const farSide = request.nearer === "BUY" ? "SELL" : "BUY";
      return [
        { side: request.nearer, quote: near },
        { side: farSide, quote: far },
      ];
    }
    case "IRON_FLY":
      return withWings(chain, both(chain, atTheMoney(chain), "SELL"), request.wingPaise);
    case "IRON_CONDOR":
      return withWings(
        chain,
        pair(strikeBy(chain, "CALL", request.strikes), strikeBy(chain, "PUT", request.strikes), "SELL"),
        request.wingPaise,
      );
  }
}

/** The strike at which call and put are both quoted, nearest to the spot; the lower one of two at the same distance. */
function atTheMoney(chain: Chain): Paise | null {
  const puts = new Set(chain.PUT.map((quote) => quote.strikePaise));
  const distance = ({ strikePaise }: HeldQuote): number => Math.abs(strikePaise - chain.spotPaise);
  const [nearest] = chain.CALL.filter((quote) => puts.has(quote.strikePaise)).sort(
    (one, other) => distance(one) - distance(other),
  );
  return nearest?.strikePaise ?? null;
}

function both(chain: Chain, strikePaise: Paise | null, side: OrderSide): Wanted[] | string {
  const at = (optionType: OptionType) => chain[optionType].find((quote) => quote.strikePaise === strikePaise) ?? null;
  return strikePaise === null ? "no strike has both a call and a put quoted" : pair(at("CALL"), at("PUT"), side);
}

const pair = (call: HeldQuote | null, put: HeldQuote | null, side: OrderSide): Wanted[] | string =>
  call === null || put === null
    ? `no ${call === null ? "call" : "put"} fits`
    : [
        { side, quote: call },
        { side, quote: put },
      ];

function withWings(chain: Chain, body: Wanted[] | string, wingPaise: Paise): Wanted[] | string {
  if (typeof body === "string") return body;
  const wings: Wanted[] = [];
  for (const { quote } of body) {
    const wing = winged(chain, quote, wingPaise);
    if (wing === null)
      return `no ${quote.optionType.toLowerCase()} is quoted ${formatRupees(wingPaise)} beyond ${formatRupees(quote.strikePaise)}`;
    wings.push({ side: "BUY", quote: wing });
  }
  return [...wings, ...body];
}

/** The quote whose strike lies exactly that far out of the money from another's. */
function winged(chain: Chain, { optionType, strikePaise }: HeldQuote, wingPaise: Paise): HeldQuote | null {
  const wanted = strikePaise + outward(optionType) * wingPaise;
  return chain[optionType].find((quote) => quote.strikePaise === wanted) ?? null;
}

/** The quote that fits the rule best among those at or out of the money; the one farther out of two that fit alike. */
function strikeBy(chain: Chain, optionType: OptionType, rule: StrikeRule): HeldQuote | null {
  if (rule.by === "ATM") {
    const strikePaise = atTheMoney(chain);
    return chain[optionType].find((quote) => quote.strikePaise === strikePaise) ?? null;
  }
  const sign = outward(optionType);
  const outside = chain[optionType].filter(({ strikePaise }) => sign * (strikePaise - chain.spotPaise) >= 0);
  let best: { readonly quote: HeldQuote; readonly misfit: number } | null = null;
  for (const quote of outside) {
    const misfit = misfitOf(quote, rule, chain);
    if (misfit === null) continue;
    const isFarther = best !== null && sign * (quote.strikePaise - best.quote.strikePaise) > 0;
    if (best === null || misfit < best.misfit || (misfit === best.misfit && isFarther)) best = { quote, misfit };
  }
  return best?.quote ?? null;
}

function misfitOf(quote: HeldQuote, rule: Exclude<StrikeRule, { readonly by: "ATM" }>, chain: Chain): number | null {
  const distance = outward(quote.optionType) * (quote.strikePaise - chain.spotPaise);
  switch (rule.by) {
    case "DISTANCE":
      return Math.abs(distance - rule.paise);
    case "MONEYNESS":
      return Math.abs((distance * 10_000) / chain.spotPaise - rule.bps);
    case "DELTA": {
      const deltaBps = deltaBpsOf(quote, chain);
      return deltaBps === null ? null : Math.abs(Math.abs(deltaBps) - rule.bps);
    }
    case "PREMIUM":
      return Math.abs((touchOf(quote) ?? 0) - rule.paise);
  }
}

const outward = (optionType: OptionType): 1 | -1 => (optionType === "CALL" ? 1 : -1);

const touchOf = ({ bidPaise, askPaise, lastPaise }: HeldQuote): number | null =>
  bidPaise !== null && askPaise !== null ? (bidPaise + askPaise) / 2 : (lastPaise ?? askPaise ?? bidPaise);
