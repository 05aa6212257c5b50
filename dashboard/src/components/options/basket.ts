// A basket of thought-of legs, and the ready-made ones. Nothing in here is an order and nothing here can send one.
import { signal } from "@preact/signals";
import { paiseOf } from "../../money.ts";

export type OptionType = "CALL" | "PUT";
export type Side = "BUY" | "SELL";

export interface ChainOption {
  readonly instrumentId: string;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly last: string | null;
  readonly openInterestUnits: number | null;
  readonly ivBps: number | null;
  readonly greeks: { readonly delta: number } | null;
}

export interface ChainRow {
  readonly strike: string;
  readonly call: ChainOption | null;
  readonly put: ChainOption | null;
}

export interface Chain {
  readonly underlying: string;
  readonly at: string;
  readonly spot: string | null;
  readonly expiries: readonly string[];
  readonly expiry: string | null;
  readonly forward: string | null;
  readonly atTheMoney: string | null;
  readonly atTheMoneyIvBps: number | null;
  readonly maxPain: string | null;
  readonly putCallRatio: number | null;
  readonly rows: readonly ChainRow[];
}

export interface Leg {
  readonly expiry: string;
  readonly strike: string;
  readonly optionType: OptionType;
  readonly side: Side;
  readonly lots: number;
  /** What it would be dealt at: the ask when bought, the bid when sold, else the last price. */
  readonly price: string;
  readonly ivBps: number | null;
}

const LEGS_MAX = 20;
const LOTS_MAX = 1_000;

export const basket = signal<readonly Leg[]>([]);

const optionOf = (row: ChainRow, optionType: OptionType): ChainOption | null =>
  optionType === "CALL" ? row.call : row.put;

export function legOf(chain: Chain, row: ChainRow, optionType: OptionType, side: Side): Leg | null {
  const option = optionOf(row, optionType);
  const price = (side === "BUY" ? option?.ask : option?.bid) ?? option?.last ?? null;
  if (option === null || price === null || chain.expiry === null) return null;
  return { expiry: chain.expiry, strike: row.strike, optionType, side, lots: 1, price, ivBps: option.ivBps };
}

const isSame = (left: Leg, right: Leg): boolean =>
  left.expiry === right.expiry && left.strike === right.strike && left.optionType === right.optionType;

/** A leg that is there already grows; one on the other side shrinks it. */
export function addLeg(leg: Leg): void {
  const held = basket.value.find((one) => isSame(one, leg));
  if (held === undefined) {
    if (basket.value.length < LEGS_MAX) basket.value = [...basket.value, leg];
    return;
  }
  setLots(held, held.side === leg.side ? held.lots + leg.lots : held.lots - leg.lots);
}

/** No lot left: no leg. */
export function setLots(leg: Leg, lots: number): void {
  basket.value = basket.value.flatMap((one) =>
    !isSame(one, leg) ? [one] : lots < 1 ? [] : [{ ...one, lots: Math.min(LOTS_MAX, lots) }],
  );
}

export const PRESETS = [
  { name: "Long call", legs: [["CALL", "BUY", 0]] },
  {
    name: "Long straddle",
    legs: [
      ["CALL", "BUY", 0],
      ["PUT", "BUY", 0],
    ],
  },
  {
    name: "Bull call spread",
    legs: [
      ["CALL", "BUY", 0],
      ["CALL", "SELL", 3],
    ],
  },
  {
    name: "Bear put spread",
    legs: [
      ["PUT", "BUY", 0],
      ["PUT", "SELL", -3],
    ],
  },
  {
    name: "Iron condor",
    legs: [
      ["PUT", "BUY", -6],
      ["PUT", "SELL", -3],
      ["CALL", "SELL", 3],
      ["CALL", "BUY", 6],
    ],
  },
] as const satisfies readonly {
  readonly name: string;
  readonly legs: readonly (readonly [OptionType, Side, number])[];
}[];

/** Strikes counted from the one at the money. False when the chain does not reach that far. */
export function usePreset(chain: Chain, legs: readonly (readonly [OptionType, Side, number])[]): boolean {
  const middle = atTheMoneyIndex(chain);
  const made = legs.map(([optionType, side, steps]) => {
    const row = chain.rows[middle + steps];
    return row === undefined ? null : legOf(chain, row, optionType, side);
  });
  if (middle < 0 || made.some((leg) => leg === null)) return false;
  basket.value = made.filter((leg) => leg !== null);
  return true;
}

export function atTheMoneyIndex(chain: Chain): number {
  const at = paiseOf(chain.atTheMoney ?? chain.spot);
  if (at === null) return -1;
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, { strike }] of chain.rows.entries()) {
    const distance = Math.abs((paiseOf(strike) ?? 0) - at);
    if (distance < least) [nearest, least] = [index, distance];
  }
  return nearest;
}
