// Quotes that make sense in themselves and are not the market's: a hundred times too high or too low, standing still while the
// index moves, or worth what no model can explain. They open nothing, and they let everything out.
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { EpochMs } from "../../../src/core/kernel/time.ts";
import type { ChainSnapshot, Quote } from "../../../src/core/market/market-event.ts";
import { priceViewOf } from "../../../src/core/market-feed/price-view.ts";
import { QuoteBoard } from "../../../src/core/market-feed/quote-board.ts";
import { anAccount, aPrice, DATE, id, later, NIFTY_CALL, NOON, submit } from "../../support/builders.ts";
import { hold } from "../../support/open-positions.ts";

const { instrumentId, expiry, strikePaise, optionType } = NIFTY_CALL;
const denialOf = (price: Partial<PriceView>) => {
  const [event] = anAccount().do(submit({ limitPricePaise: paise(50_00) }, NOON, aPrice(price)));
  return event?.type === "ORDER_DENIED" ? event.denial : null;
};
const steady = (pricePaise: number) => ({ steady: { pricePaise: paise(pricePaise), atMs: NOON } });
const quoted = (mid: number): Partial<PriceView> => ({
  bidPaise: paise(mid - 5),
  askPaise: paise(mid + 5),
  lastPaise: paise(mid),
});

describe("an entry on a price against the one before it", () => {
  it("passes up to ten times and is refused beyond, both ways, with the limit and the value", () => {
    expect(denialOf(steady(5_00))).toBeNull();
    expect(denialOf(steady(500_00))).toBeNull();
    expect(denialOf(steady(4_99))).toMatchObject({ code: "QUOTE_JUMP", limit: 10, value: 11, unit: "TIMES" });
    expect(denialOf(steady(500_05))).toMatchObject({ code: "QUOTE_JUMP", value: 11 });
    expect(denialOf(steady(50_00 * 100))?.code).toBe("QUOTE_JUMP");
    expect(denialOf({ steady: null })).toBeNull();
  });

  it("lets the cheapest contracts move by a rupee", () => {
    expect(denialOf({ ...quoted(50), steady: { pricePaise: paise(5), atMs: NOON } })?.code).not.toBe("QUOTE_JUMP");
  });
});

describe("an entry on a quote that stands still", () => {
  const still = (spotThen: number, change: Partial<PriceView> = {}) =>
    denialOf({
      spotPaise: paise(24_400_00),
      still: { sinceMs: later(-60_000), spotPaise: paise(spotThen) },
      ...change,
    });
  it("is refused once the index has moved by more than a quarter of a percent, either way", () => {
    expect(still(24_400_00)).toBeNull();
    expect(still(24_340_00)).toBeNull();
    expect(still(24_330_00)).toMatchObject({ code: "QUOTE_FROZEN", limit: 25, value: 28, unit: "BPS" });
    expect(still(24_480_00)).toMatchObject({ code: "QUOTE_FROZEN", value: 32 });
    expect(still(24_330_00, { spotPaise: null })).toBeNull();
  });

  it("passes where the contract is too cheap to move with the index", () => {
    expect(still(24_330_00, quoted(4_90))?.code).not.toBe("QUOTE_FROZEN");
  });
});

describe("an entry on a price against the model", () => {
  const at = (mid: number, spotPaise: number) => denialOf({ ...quoted(mid), spotPaise: paise(spotPaise) });
  it("is refused below half of the intrinsic value, and above the value at any volatility", () => {
    // 24,500 CALL with the index at 24,700: ₹200 of intrinsic value.
    expect(at(100_00, 24_700_00)?.code).not.toBe("QUOTE_OFF_MODEL");
    expect(at(99_95, 24_700_00)).toMatchObject({ code: "QUOTE_OFF_MODEL", limit: 100_00, value: 99_95, unit: "PAISE" });
    const far = at(5_000_00, 24_450_00);
    expect(far).toMatchObject({ code: "QUOTE_OFF_MODEL", value: 5_000_00 });
    expect(far?.limit).toBeGreaterThan(800_00);
    expect(far?.limit).toBeLessThan(2_000_00);
    expect(at(50_00, 24_450_00)).toBeNull();
  });
});

describe("an exit", () => {
  it("passes on any of them: what is open has to get out", () => {
    for (const price of [
      steady(4_99),
      { spotPaise: paise(24_400_00), still: { sinceMs: NOON, spotPaise: paise(20_000_00) } },
      { spotPaise: paise(30_000_00) },
    ]) {
      const account = anAccount();
      hold(account, NIFTY_CALL, 75, 50_00);
      const exit = submit({ clientOrderId: id("exit"), side: "SELL" }, later(1), aPrice(price));
      expect(account.do(exit)).toMatchObject([{ type: "ORDER_SUBMITTED" }]);
    }
  });
});

describe("the feed's memory of a contract's quotes", () => {
  const board = () => new QuoteBoard("NIFTY50", DATE);
  const snapshot = (atMs: EpochMs, last: number, change: Partial<Quote> = {}): ChainSnapshot => ({
    kind: "CHAIN_SNAPSHOT",
    underlying: "NIFTY50",
    atMs,
    source: "RECORDED",
    quotes: [
      {
        instrumentId,
        expiry,
        strikePaise,
        optionType,
        lastPaise: paise(last),
        bidPaise: null,
        bidUnits: null,
        askPaise: null,
        askUnits: null,
        volumeUnits: null,
        openInterestUnits: null,
        ivBps: null,
        ...change,
      },
    ],
  });

  it("keeps the steady price through a jump, and believes the new level after five minutes", () => {
    const feed = board();
    const steadyAfter = (seconds: number, last: number) => {
      feed.take(snapshot(later(seconds * 1_000), last));
      return feed.history(instrumentId)?.steady?.pricePaise;
    };
    expect(steadyAfter(0, 50_00)).toBe(50_00);
    expect(steadyAfter(1, 120_00)).toBe(120_00);
    expect(steadyAfter(2, 1_30)).toBe(120_00);
    expect(steadyAfter(3, 121_00)).toBe(121_00);
    expect(steadyAfter(4, 1_30)).toBe(121_00);
    expect(steadyAfter(302, 1_30)).toBe(121_00);
    expect(steadyAfter(303, 1_30)).toBe(1_30);
  });

  it("doubts each side by itself, and anew where it jumps to the other side of the steady price", () => {
    const feed = board();
    const doubts = (seconds: number, bid: number, ask: number) => {
      const sides = { bidPaise: paise(bid), bidUnits: 75, askPaise: paise(ask), askUnits: 75 };
      feed.take(snapshot(later(seconds * 1_000), 50_00, sides));
      const { bidDoubt, askDoubt, steady } = feed.history(instrumentId) ?? {};
      return [bidDoubt, askDoubt, steady?.pricePaise];
    };
    const below = (seconds: number) => ({ sinceMs: later(seconds * 1_000), isBelow: true });
    expect(doubts(0, 49_95, 50_05)).toEqual([null, null, 50_00]);
    // What lies between them is as steady as can be.
    expect(doubts(1, 4_00, 81_00)).toEqual([below(1), null, 42_50]);
    expect(doubts(9, 4_00, 80_00)).toEqual([below(1), null, 42_00]);
    const wrong = { sinceMs: later(10_000), isBelow: false };
    expect(doubts(10, 4_800_00, 4_810_00)).toEqual([wrong, wrong, 42_00]);
    expect(doubts(11, 4_00, 4_810_00)).toEqual([below(11), wrong, 42_00]);
    expect(doubts(12, 41_00, 42_00)).toEqual([null, null, 41_50]);
  });

  it("says since when quotes have been off the steady price, and no more once they follow again", () => {
    const feed = board();
    const doubted = (seconds: number, last: number) => {
      feed.take(snapshot(later(seconds * 1_000), last));
      const market = {
        board: feed,
        feed: { underlying: "NIFTY50", session: { underlyings: [] }, playedMs: later(seconds * 1_000 + 500) },
      };
      return priceViewOf(market as unknown as Parameters<typeof priceViewOf>[0], instrumentId)?.bidDoubtedMs;
    };
    expect([doubted(0, 50_00), doubted(1, 50), doubted(11, 51), doubted(12, 49_00)]).toEqual([
      undefined,
      500,
      10_500,
      undefined,
    ]);
  });

  it("says since when nothing has moved, with the index of then, whatever the clock of the quote does", () => {
    const feed = board();
    const index = (atMs: EpochMs, pricePaise: number) =>
      feed.take({ kind: "INDEX_PRINT", index: "NIFTY50", atMs, pricePaise: paise(pricePaise) });
    index(NOON, 24_400_00);
    feed.take(snapshot(NOON, 50_00));
    index(later(1_000), 24_450_00);
    feed.take(snapshot(later(1_000), 50_00));
    expect(feed.history(instrumentId)?.still).toEqual({ sinceMs: NOON, spotPaise: 24_400_00 });
    feed.take(snapshot(later(2_000), 50_00, { bidPaise: paise(49_95) }));
    expect(feed.history(instrumentId)?.still).toEqual({ sinceMs: later(2_000), spotPaise: 24_450_00 });
  });
});
