// Structures from a chain: the strikes that were asked for, protection first, and a refusal where the chain does not have them.
import { describe, expect, it } from "vitest";
import type { InstrumentId } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import type { HeldQuote } from "../../../src/core/market/market-event.ts";
import { type ChainView, legsOf, type StructureRequest } from "../../../src/core/order-list/template.ts";
import { DATE, NOON } from "../../support/builders.ts";

const quote = (
  optionType: "CALL" | "PUT",
  strike: number,
  mid: number,
  change: Partial<HeldQuote> = {},
): HeldQuote => ({
  instrumentId: `${strike}${optionType}` as InstrumentId,
  expiry: marketDate("2025-09-02"),
  strikePaise: paise(strike * 100),
  optionType,
  lastPaise: null,
  bidPaise: paise(mid - 5),
  bidUnits: null,
  askPaise: paise(mid + 5),
  askUnits: null,
  volumeUnits: null,
  openInterestUnits: null,
  ivBps: 1_200,
  quotedAtMs: NOON,
  source: "RECORDED",
  ...change,
});

const STRIKES = [24_100, 24_200, 24_300, 24_400, 24_450, 24_500, 24_600, 24_700, 24_800];
const SPOT = 24_460;
const view = (change: Partial<ChainView> = {}): ChainView => ({
  underlying: "NIFTY50",
  date: DATE,
  atMs: NOON,
  spotPaise: paise(SPOT * 100),
  expiry: null,
  quotes: STRIKES.flatMap((strike) => [
    quote("CALL", strike, Math.max(500, 12_000 - 20 * (strike - SPOT))),
    quote("PUT", strike, Math.max(500, 12_000 + 20 * (strike - SPOT))),
  ]),
  staleAfterMs: 15_000,
  ...change,
});

const shape = (request: StructureRequest, change: Partial<ChainView> = {}): string[] | string => {
  const made = legsOf(request, view(change));
  return made.ok
    ? made.value.map(({ side, contract }) => `${side} ${contract.strikePaise / 100} ${contract.optionType}`)
    : made.error.detail;
};

const WING = paise(200_00);

describe("templates", () => {
  it("put a straddle on the strike nearest to the spot", () => {
    expect(shape({ structure: "STRADDLE", side: "BUY" })).toEqual(["BUY 24450 CALL", "BUY 24450 PUT"]);
    expect(shape({ structure: "STRADDLE", side: "SELL" })).toEqual(["SELL 24450 CALL", "SELL 24450 PUT"]);
  });

  it("choose a strangle by distance, moneyness, premium and delta", () => {
    const strangle = (strikes: Extract<StructureRequest, { structure: "STRANGLE" }>["strikes"]) =>
      shape({ structure: "STRANGLE", side: "SELL", strikes });
    expect(strangle({ by: "DISTANCE", paise: paise(150_00) })).toEqual(["SELL 24600 CALL", "SELL 24300 PUT"]);
    expect(strangle({ by: "MONEYNESS", bps: 100 })).toEqual(["SELL 24700 CALL", "SELL 24200 PUT"]);
    expect(strangle({ by: "PREMIUM", paise: paise(92_00) })).toEqual(["SELL 24600 CALL", "SELL 24300 PUT"]);
    expect(strangle({ by: "DELTA", bps: 4_500 })).toEqual(["SELL 24500 CALL", "SELL 24450 PUT"]);
  });

  it("buy the protection of a vertical, a fly and a condor before anything is sold", () => {
    expect(
      shape({
        structure: "VERTICAL",
        optionType: "CALL",
        nearer: "SELL",
        strikes: { by: "DISTANCE", paise: paise(40_00) },
        wingPaise: paise(100_00),
      }),
    ).toEqual(["BUY 24600 CALL", "SELL 24500 CALL"]);
    expect(
      shape({
        structure: "VERTICAL",
        optionType: "PUT",
        nearer: "BUY",
        strikes: { by: "DISTANCE", paise: paise(60_00) },
        wingPaise: paise(100_00),
      }),
    ).toEqual(["BUY 24400 PUT", "SELL 24300 PUT"]);
    expect(shape({ structure: "IRON_FLY", wingPaise: paise(250_00) })).toEqual([
      "BUY 24700 CALL",
      "BUY 24200 PUT",
      "SELL 24450 CALL",
      "SELL 24450 PUT",
    ]);
    expect(
      shape({ structure: "IRON_CONDOR", strikes: { by: "DISTANCE", paise: paise(150_00) }, wingPaise: WING }),
    ).toEqual(["BUY 24800 CALL", "BUY 24100 PUT", "SELL 24600 CALL", "SELL 24300 PUT"]);
  });

  it("refuse what the chain does not have", () => {
    expect(shape({ structure: "IRON_FLY", wingPaise: paise(1_000_00) })).toContain("beyond");
    expect(shape({ structure: "STRADDLE", side: "BUY" }, { quotes: [] })).toContain("no option");
    expect(shape({ structure: "STRADDLE", side: "BUY" }, { quotes: [quote("CALL", 24_500, 100_00)] })).toContain(
      "both",
    );
    expect(shape({ structure: "STRADDLE", side: "BUY" }, { expiry: marketDate("2025-09-09") })).toContain("no option");
  });

  it("leave stale quotes and quotes without a price out", () => {
    const stale = view().quotes.map((each) =>
      each.strikePaise === 24_450_00 ? { ...each, quotedAtMs: (NOON - 15_001) as typeof NOON } : each,
    );
    expect(shape({ structure: "STRADDLE", side: "BUY" }, { quotes: stale })).toEqual([
      "BUY 24500 CALL",
      "BUY 24500 PUT",
    ]);
    const silent = view().quotes.map((each) =>
      each.strikePaise === 24_450_00 ? { ...each, bidPaise: null, askPaise: null } : each,
    );
    expect(shape({ structure: "STRADDLE", side: "BUY" }, { quotes: silent })).toEqual([
      "BUY 24500 CALL",
      "BUY 24500 PUT",
    ]);
  });
});
