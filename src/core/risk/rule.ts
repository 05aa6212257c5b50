// What a rule of the check is: one named limit, when it is asked, and what it finds. A rule looks and measures; it changes
// nothing and never throws for what an order or a price may contain.
import type { PriceView } from "../account/command.ts";
import type { AccountProfile } from "../account/profile.ts";
import type { AccountState, DayState } from "../account/state.ts";
import type { OptionContract } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { OrderPurpose, OrderTerms } from "../order/order.ts";
import type { Denial, DenialCode } from "./denial.ts";
import type { WorkingOrders } from "./working-orders.ts";

/** What the check goes by beside the account's own state. */
export interface MarketAtCheck {
  readonly product: "INTRADAY" | "CARRY";
  /** Of the order's contract. */
  readonly price: PriceView | null;
  /** Of what the account holds, as far as known; what is missing counts at its cost. */
  readonly heldPrices: readonly PriceView[];
  /** The list whose leg this would be, where it is checked as a whole before any of it is sent. */
  readonly list?: ListAtCheck;
  /** What an order that is being changed has dealt, at what it paid or its new limit, whichever is more: part of its value. */
  readonly dealtPaise?: Paise;
}

/** A list as a whole: what its legs are worth, need and protect together. */
export interface ListAtCheck {
  /** Legs of several contracts as one intent; else one order in slices. */
  readonly isCombination: boolean;
  /** Σ price × units of all legs. */
  readonly valuePaise: Paise;
  /** How often the legs' ratio is taken, and what all of it can lose at most; null where it sells nothing or nothing bounds it. */
  readonly sets: number;
  readonly lossMaxPaise: number | null;
  /** Lots of all legs. */
  readonly lots: number;
  /** Premium of what is bought and margin of what is sold. */
  readonly needPaise: Paise;
  /** What the list buys, before it sells anything. */
  readonly bought: readonly { readonly contract: OptionContract; readonly quantityUnits: number }[];
  /** What it sells of the leg's own kind, all legs together. */
  readonly soldUnits: number;
}

/** Everything a rule may look at. */
export interface CheckContext {
  readonly state: AccountState;
  readonly profile: AccountProfile;
  readonly day: DayState;
  readonly terms: OrderTerms;
  readonly market: MarketAtCheck;
  readonly now: EpochMs;
  readonly working: WorkingOrders;
  /** What is left of an order that has dealt, or the next of a list under way: it opens no further trade. */
  readonly isRest: boolean;
  /** Limit × units. A price can be so high that the exact value is no paise any more; it is far beyond every limit then. */
  readonly orderPaise: Paise;
  /** What it would take of the exposure: its premium, or the margin of a short; of a list that is checked, all of it. */
  readonly needPaise: Paise;
  /** What its list has set aside for it already. */
  readonly setAsidePaise: Paise;
}

/** What was measured against what. Both are null where the rule is not a number. */
interface Measured {
  readonly limit: number | null;
  readonly value: number | null;
  readonly unit: Denial["unit"];
}

/** `note`: it passed, and somebody should know this. */
export type Finding = (Measured & { readonly denial: null; readonly note?: string }) | { readonly denial: Denial };

export interface Rule {
  readonly id: DenialCode;
  /** What opens a position meets every rule; what closes one meets only those it could not be sent without. */
  readonly on: OrderPurpose | "BOTH";
  readonly check: (context: CheckContext) => Finding;
}

/** One rule that was asked about one order, and what it came to. */
export interface CheckResult extends Measured {
  readonly rule: DenialCode;
  readonly passed: boolean;
  /** A warning: the rule let the order pass, but has this to say. */
  readonly note?: string;
}

/** What asking several rules came to. */
export type Asked<Passed> = { readonly denial: Denial } | { readonly denial: null; readonly passed: Passed };

/** Asks the rules in their order, up to the first that refuses; each leaves its result. */
export function ask(rules: readonly Rule[], context: CheckContext, checks: CheckResult[]): Denial | null {
  const { purpose } = context.terms;
  for (const { id, on, check } of rules) {
    if (on !== purpose && on !== "BOTH") continue;
    const finding = check(context);
    if (finding.denial !== null) {
      const { code: rule, limit, value, unit } = finding.denial;
      checks.push({ rule, passed: false, limit, value, unit });
      return finding.denial;
    }
    const { limit, value, unit, note } = finding;
    checks.push({ rule: id, passed: true, limit, value, unit, ...(note === undefined ? {} : { note }) });
  }
  return null;
}

export const PASSED: Finding = { denial: null, limit: null, value: null, unit: null };

export const refused = (code: DenialCode, field: string, detail: string): Finding => ({
  denial: { code, field, limit: null, value: null, unit: null, detail },
});

export const warned = (note: string): Finding => ({ denial: null, limit: null, value: null, unit: null, note });

interface Bound {
  readonly code: DenialCode;
  readonly field: string;
  readonly limit: number;
  readonly value: number;
  readonly unit: NonNullable<Denial["unit"]>;
}

/** Passes or refuses with the same figures; the sentence is only made when somebody will read it. */
export function bounded(passes: boolean, bound: Bound, detail: () => string): Finding {
  const { limit, value, unit } = bound;
  return passes ? { denial: null, limit, value, unit } : { denial: { ...bound, detail: detail() } };
}

/** The limit itself passes. */
export const atMost = (bound: Bound, detail: () => string): Finding =>
  bounded(bound.value <= bound.limit, bound, detail);

/** For counts and losses of before the order: the limit is used up once it is reached. */
export const below = (bound: Bound, detail: () => string): Finding => bounded(bound.value < bound.limit, bound, detail);

type Sized = Pick<CheckContext, "terms" | "market">;

/**
 * What would pass of an order that is too much: as many lots, or sets of a combination, as go into what is left of the limit.
 * `ownPaise` is what the order as it is takes of it. `otherwise` is said where not even one goes.
 */
export function whatPasses(asked: Sized, leftPaise: number, ownPaise: number, otherwise: string): string {
  const passes = Math.floor((Math.max(0, leftPaise) * partsOf(asked)) / Math.max(1, ownPaise));
  return passesWords(asked, passes, otherwise);
}

/** The same where a figure does not grow evenly with the order: the most lots or sets of it that pass. */
export function mostThatPasses(
  asked: Sized,
  doesPass: (passes: number, ofParts: number) => boolean,
  otherwise: string,
): string {
  const parts = partsOf(asked);
  let passes = parts;
  while (passes > 0 && !doesPass(passes, parts)) passes -= 1;
  return passesWords(asked, passes, otherwise);
}

const partsOf = ({ terms: { contract, quantityUnits }, market: { list } }: Sized): number =>
  list?.isCombination === true ? list.sets : (list?.lots ?? Math.floor(quantityUnits / contract.lotSize));

function passesWords({ market: { list } }: Sized, passes: number, otherwise: string): string {
  if (passes === 0) return otherwise;
  return `${passes} ${list?.isCombination === true ? "set" : "lot"}${passes === 1 ? "" : "s"} would pass`;
}
