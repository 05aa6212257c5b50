// What a regulator, an exchange or the operator has said about a symbol (REG-02). BAN and RESTRICTION keep new positions out;
// CIRCULAR and ALERT let them pass with a warning. What is open may always be closed.
import type { InstrumentId, OptionContract } from "../instrument/contract.ts";
import { isUnderlying, type Underlying } from "../instrument/contract.ts";
import type { MarketDate } from "../kernel/time.ts";

export const RESTRICTION_SOURCES = ["SEBI", "NSE", "BSE", "OPERATOR"] as const;
export const RESTRICTION_TYPES = ["BAN", "RESTRICTION", "CIRCULAR", "ALERT"] as const;
export type RestrictionSource = (typeof RESTRICTION_SOURCES)[number];
export type RestrictionType = (typeof RESTRICTION_TYPES)[number];

export interface Restriction {
  readonly restrictionId: string;
  readonly source: RestrictionSource;
  readonly type: RestrictionType;
  /** Of an underlying or of one contract; "*" is everything. */
  readonly symbol: Underlying | InstrumentId | "*";
  /** Both inclusive; null: until it is lifted. */
  readonly from: MarketDate;
  readonly to: MarketDate | null;
  readonly message: string;
}

export const isBlocking = ({ type }: Pick<Restriction, "type">): boolean => type === "BAN" || type === "RESTRICTION";

/** Whether it speaks of the contract on the date. */
export const concerns = (restriction: Restriction, contract: OptionContract, date: MarketDate): boolean =>
  isInForce(restriction, date) &&
  (restriction.symbol === "*" ||
    restriction.symbol === (isUnderlying(restriction.symbol) ? contract.underlying : contract.instrumentId));

/**
 * What warns of a contract, or of anything at all where none is named: an event of high impact, say (RSK-11). A CIRCULAR is
 * only to be read.
 */
export const alertOf = (
  restrictions: readonly Restriction[] | undefined,
  date: MarketDate,
  contract: OptionContract | null,
): Restriction | undefined =>
  restrictions?.find(
    (said) => said.type === "ALERT" && (contract === null ? isInForce(said, date) : concerns(said, contract, date)),
  );

const isInForce = ({ from, to }: Restriction, date: MarketDate): boolean => from <= date && (to === null || date <= to);

/** Those in force on a date, in the order of their ids: what accounts are given for the day. */
export const inForceOn = (restrictions: readonly Restriction[], date: MarketDate): readonly Restriction[] =>
  restrictions
    .filter((restriction) => isInForce(restriction, date))
    .toSorted((one, other) => (one.restrictionId < other.restrictionId ? -1 : 1));
