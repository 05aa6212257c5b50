// Accepting an order list: an iron condor of four legs as one intent (checked as a whole, margin of the whole, wings on their
// way, body held back), against the same four legs as orders of their own, each decided, hashed and made ready to be stored.
import type { Command, PriceView } from "../../src/core/account/command.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import type { OptionContract } from "../../src/core/instrument/contract.ts";
import { paise } from "../../src/core/kernel/money.ts";
import { aPrice, aRequest, id, NOON } from "../../tests/support/builders.ts";
import { accept } from "./checks.ts";
import { type Figures, timed } from "./figures.ts";
import { busyAccount, idleAccount, ofCall, ofPut } from "./stage.ts";

const TIMES = 2_000;
const HELD = 20;

interface Case {
  readonly positions: number;
  readonly list: Figures;
  readonly fourOrders: Figures;
  /** List ÷ four orders. */
  readonly ratio: number;
}

export interface ListsBench {
  readonly name: "lists";
  readonly times: number;
  readonly cases: readonly Case[];
}

export async function benchLists(progress: (line: string) => void): Promise<ListsBench> {
  const cases = [caseOf(idleAccount()), caseOf(busyAccount(HELD))];
  for (const { positions, list, fourOrders, ratio } of cases) {
    progress(`${positions} positions: list ${list.p50Us} µs, four orders ${fourOrders.p50Us} µs, ratio ${ratio}`);
  }
  return { name: "lists", times: TIMES, cases };
}

function caseOf(state: AccountState): Case {
  const positions = Object.keys(state.openTrades).length;
  const list = timed(TIMES, (n) => {
    const fresh = { ...state, orders: { ...state.orders }, openTrades: { ...state.openTrades } };
    return () => accept(fresh, condor(n));
  });
  const fourOrders = timed(TIMES, (n) => {
    const fresh = { ...state, orders: { ...state.orders }, openTrades: { ...state.openTrades } };
    const commands = LEGS.map((leg, index) => single(`${n}-${index}`, leg));
    return () => {
      let after = fresh as AccountState;
      for (const command of commands) after = accept(after, command);
    };
  });
  return { positions, list, fourOrders, ratio: Math.round((list.p50Us / fourOrders.p50Us) * 100) / 100 };
}

interface Leg {
  readonly contract: OptionContract;
  readonly side: "BUY" | "SELL";
}

/** Strikes that nothing is held at; the wings are named first, as they go first. */
const LEGS: readonly Leg[] = [
  { contract: ofCall(33), side: "BUY" },
  { contract: ofPut(33), side: "BUY" },
  { contract: ofCall(30), side: "SELL" },
  { contract: ofPut(30), side: "SELL" },
];

const SPOT = paise(24_500_00);
const quoteOf = (contract: OptionContract): PriceView =>
  aPrice({ instrumentId: contract.instrumentId, spotPaise: SPOT, ivBps: 1_200 });

const condor = (n: number): Command => ({
  type: "SUBMIT_LIST",
  atMs: NOON,
  request: {
    listId: id(`condor-${n}`),
    structure: "IRON_CONDOR",
    sets: 1,
    legs: LEGS.map(({ contract, side }) => ({ contract, side, ratio: 1, limitPricePaise: null })),
    completeWithinMs: 10_000,
    onIncomplete: "UNWIND",
    timeExitMs: null,
    request: `condor-${n}`,
  },
  prices: LEGS.map(({ contract }) => quoteOf(contract)),
});

const single = (name: string, { contract, side }: Leg): Command => ({
  type: "SUBMIT_ORDER",
  atMs: NOON,
  request: aRequest({ clientOrderId: id(name), contract, side }),
  price: quoteOf(contract),
});
