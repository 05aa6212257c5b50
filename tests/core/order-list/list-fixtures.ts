// An iron fly on NIFTY and lists of other shapes, to walk through their steps.

import type { InstrumentId, OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs } from "../../../src/core/kernel/time.ts";
import type { ListLeg, OrderList } from "../../../src/core/order-list/order-list.ts";
import { id, NIFTY_CALL, NOON } from "../../support/builders.ts";

export const option = (optionType: "CALL" | "PUT", strikeRupees: number): OptionContract => ({
  ...NIFTY_CALL,
  optionType,
  strikePaise: paise(strikeRupees * 100),
  instrumentId: `NIFTY25902${strikeRupees}${optionType === "CALL" ? "CE" : "PE"}.NFO` as InstrumentId,
});

export const leg = (
  side: "BUY" | "SELL",
  contract: OptionContract,
  quantityUnits: number,
  change: Partial<ListLeg> = {},
): ListLeg => ({
  contract,
  side,
  type: "MARKET",
  timeInForce: "IOC",
  quantityUnits,
  limitPricePaise: paise(50_00),
  marginPaise: paise(side === "SELL" ? 10_000_00 : 0),
  bidPaise: paise(49_95),
  askPaise: paise(50_05),
  ...change,
});

export const ironFly = (units: number): readonly ListLeg[] => [
  leg("BUY", option("CALL", 24_650), units),
  leg("BUY", option("PUT", 24_350), units),
  leg("SELL", option("CALL", 24_500), units),
  leg("SELL", option("PUT", 24_500), units),
];

export const aList = (change: Partial<OrderList> = {}): OrderList => ({
  listId: id("list-1"),
  kind: "COMBINATION",
  structure: "IRON_FLY",
  sets: 1,
  legs: ironFly(75),
  purpose: "ENTRY",
  exitReason: null,
  onIncomplete: "UNWIND",
  completeByMs: later(10_000),
  origin: "API",
  cycleId: null,
  signalId: null,
  timeExitMs: null,
  request: "{}",
  stage: "PROTECTING",
  reason: null,
  denial: null,
  leaving: null,
  keptSets: null,
  createdAtMs: NOON,
  updatedAtMs: NOON,
  ...change,
});

export const later = (ms: number): EpochMs => epochMs(NOON + ms);
