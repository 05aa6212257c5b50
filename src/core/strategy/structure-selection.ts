// With which options a NEUTRAL view is traded: an iron fly or an iron condor, sold only together with its wings, and only if it
// earns its costs on average. The same quotes in any order give the same choice.
//
//   fly        the strike nearest to the spot is sold
//   condor     the strikes nearest to where the view has failed are sold
//   wings      at least twice the distance at which the view has failed, so that failing is well inside them
//   quotes     of the nearest expiry; fresh, traded as much as the contract of a directional view has to be
//   gain       the mean over the places where the index stood after such views, at the horizon, at today's volatilities
//   cost       spread and charges of entering and leaving four legs
//   choice     of those whose gain reaches the cost: the most that is left per rupee at risk beyond a wing
import type { Underlying } from "../instrument/contract.ts";
import { formatRupees, type Paise, paise } from "../kernel/money.ts";
import type { HeldQuote } from "../market/market-event.ts";
import { legsOf, type StructureRequest } from "../order-list/template.ts";
import type { StructureChoice } from "../prediction/signal.ts";
import { nearestExpiry, VOLUME_MIN_UNITS } from "./contract-selection.ts";
import { type StructureMarket, structureOf } from "./structure-pricing.ts";

export interface StructureInput extends Omit<StructureMarket, "strikeStepPaise"> {
  readonly underlying: Underlying;
  /** A quote older than this is left out. */
  readonly staleAfterMs: number;
}

export interface StructureSelection {
  readonly structure: StructureChoice | null;
  /** Why there is none; null when there is one. */
  readonly refusal: string | null;
}

const WING_BOUNDS = 2;
/** Wings are looked for from there on outwards, strike by strike. */
const WING_TRIES = 4;

export function selectStructure(input: StructureInput): StructureSelection {
  const expiry = nearestExpiry(input);
  if (expiry === null) return none("no option is quoted that may still be entered.");
  const quotes = input.quotes.filter((quote) => quote.expiry === expiry && isTradable(quote, input));
  const step = strikeStepOf(quotes);
  if (step === null) return none(`no two strikes expiring ${expiry} are quoted freshly and traded enough.`);
  const market = { ...input, expiry, quotes, strikeStepPaise: paise(step) };
  const firstWing = Math.ceil((WING_BOUNDS * input.boundPaise) / step);
  const wings = Array.from({ length: WING_TRIES }, (_, at) => paise((firstWing + at) * step));
  const offers: StructureChoice[] = [];
  const refusals: string[] = [];
  for (const template of ["IRON_FLY", "IRON_CONDOR"] as const) {
    let refusal: string | null = null;
    for (const wingPaise of wings) {
      const legs = legsOf(requestOf(template, wingPaise, input.boundPaise), market);
      const offer = legs.ok ? structureOf(template, legs.value, wingPaise, market) : null;
      if (offer !== null) {
        offers.push(offer);
        refusal = null;
        break;
      }
      refusal ??= legs.ok ? "a premium implies no volatility" : legs.error.detail;
    }
    if (refusal !== null) refusals.push(`${template}: ${refusal}`);
  }
  const [best] = offers.filter(isWorthIt).sort((one, other) => perRisk(other) - perRisk(one));
  if (best !== undefined) return { structure: best, refusal: null };
  return none(offers.length === 0 ? `no structure fits (${refusals.join("; ")}).` : costRefusal(offers));
}

const requestOf = (structure: StructureChoice["template"], wingPaise: Paise, boundPaise: Paise): StructureRequest =>
  structure === "IRON_FLY"
    ? { structure, wingPaise }
    : { structure, strikes: { by: "DISTANCE", paise: boundPaise }, wingPaise };

/** Earning exactly the costs is not yet a loss, so it counts; what takes in nothing is no sale. */
const isWorthIt = ({ creditPaise, gainPaise, targetPaise, costPaise, lossMaxPaise }: StructureChoice): boolean =>
  creditPaise > 0 && lossMaxPaise > 0 && gainPaise >= costPaise && targetPaise >= costPaise;

const perRisk = ({ gainPaise, costPaise, lossMaxPaise }: StructureChoice): number =>
  (gainPaise - costPaise) / lossMaxPaise;

const isTradable = (quote: HeldQuote, { atMs, staleAfterMs }: StructureInput): boolean =>
  atMs - quote.quotedAtMs <= staleAfterMs && (quote.volumeUnits === null || quote.volumeUnits >= VOLUME_MIN_UNITS);

/** The smallest distance between two strikes that are quoted. */
function strikeStepOf(quotes: readonly HeldQuote[]): number | null {
  const strikes = [...new Set(quotes.map(({ strikePaise }) => strikePaise))].sort((one, other) => one - other);
  const steps = strikes.slice(1).map((strike, at) => strike - (strikes[at] as number));
  return steps.length === 0 ? null : Math.min(...steps);
}

/** The figures of each stand in the reason, so that a person sees what was missing. */
const costRefusal = (offers: readonly StructureChoice[]): string =>
  `no structure earns its round trip on average: ${offers
    .map(
      ({ template, gainPaise, costPaise }) =>
        `one set of ${template} gains ₹${formatRupees(gainPaise)} and costs ₹${formatRupees(costPaise)} in spread and charges`,
    )
    .join("; ")}.`;

const none = (refusal: string): StructureSelection => ({ structure: null, refusal });
