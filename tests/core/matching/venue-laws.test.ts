import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VenueReport } from "../../../src/core/account/command.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { HeldQuote } from "../../../src/core/market/market-event.ts";
import { advanceOrder } from "../../../src/core/matching/match-order.ts";
import { touchOf } from "../../../src/core/matching/touch.ts";
import { acceptOrder, isFinal, requestCancel } from "../../../src/core/matching/venue-order.ts";
import type { OrderTerms } from "../../../src/core/order/order.ts";
import { CONTRACT, fillsOf, later, NOON, quoteOf, RULES, termsOf } from "./venue-fixtures.ts";

const price = fc.integer({ min: 1, max: 40_000 }).map(paise);
const size = fc.option(fc.integer({ min: 0, max: 2_000 }));
const quote: fc.Arbitrary<HeldQuote> = fc
  .record({
    lastPaise: fc.option(price),
    bidPaise: fc.option(price),
    bidUnits: size,
    askPaise: fc.option(price),
    askUnits: size,
    source: fc.constantFrom("RECORDED" as const, "MODELLED" as const),
  })
  .map((change) =>
    // A book does not cross.
    change.bidPaise !== null && change.askPaise !== null && change.bidPaise >= change.askPaise
      ? quoteOf({ ...change, askPaise: paise(change.bidPaise + 5) })
      : quoteOf(change),
  );
const terms: fc.Arbitrary<OrderTerms> = fc
  .record({
    side: fc.constantFrom("BUY" as const, "SELL" as const),
    type: fc.constantFrom("MARKET" as const, "LIMIT" as const),
    timeInForce: fc.constantFrom("DAY" as const, "IOC" as const),
    lots: fc.integer({ min: 1, max: 24 }),
    ticks: fc.integer({ min: 1, max: 8_000 }),
  })
  .map(({ lots, ticks, ...rest }) =>
    termsOf({
      ...rest,
      quantityUnits: lots * CONTRACT.lotSize,
      limitPricePaise: paise(ticks * CONTRACT.tickSizePaise),
    }),
  );
const life = fc.record({
  terms,
  quotes: fc.array(quote, { minLength: 1, maxLength: 8 }),
  cancelAfter: fc.option(fc.integer({ min: 0, max: 8 })),
});

interface Instant {
  readonly reports: readonly VenueReport[];
  readonly quote: HeldQuote;
}

/** An order from arrival over one quote a second to the close. */
function liveThrough({
  terms,
  quotes,
  cancelAfter,
}: {
  terms: OrderTerms;
  quotes: HeldQuote[];
  cancelAfter: number | null;
}) {
  let order = acceptOrder("account-1", terms, NOON, RULES);
  const instants: Instant[] = [];
  for (const [index, quote] of quotes.entries()) {
    if (cancelAfter === index) order = requestCancel(order, later(index * 1_000), RULES);
    const step = advanceOrder(order, quote, true, later((index + 1) * 1_000), RULES);
    order = step.order;
    instants.push({ reports: step.reports, quote });
  }
  const end = advanceOrder(order, quotes.at(-1) ?? null, false, RULES.closeMs, RULES);
  const last = quotes.at(-1);
  if (last) instants.push({ reports: end.reports, quote: last });
  return { order: end.order, instants, reports: instants.flatMap((instant) => instant.reports) };
}

describe("laws of the simulated venue", () => {
  it("never fills more than was ordered, and only in whole lots", () => {
    fc.assert(
      fc.property(life, (input) => {
        const { order, reports } = liveThrough(input);
        const filledUnits = fillsOf(reports).reduce((sum, fill) => sum + fill.units, 0);
        expect(filledUnits).toBe(order.filledUnits);
        expect(filledUnits).toBeLessThanOrEqual(input.terms.quantityUnits);
        expect(fillsOf(reports).every((fill) => fill.units > 0 && fill.units % CONTRACT.lotSize === 0)).toBe(true);
        expect(order.status === "FILLED").toBe(filledUnits === input.terms.quantityUnits);
      }),
    );
  });

  it("never deals beyond the limit, off the tick, or better than the touch", () => {
    fc.assert(
      fc.property(life, (input) => {
        for (const { reports, quote } of liveThrough(input).instants) {
          const touch = touchOf(quote, CONTRACT);
          for (const { pricePaise } of fillsOf(reports)) {
            expect(pricePaise % CONTRACT.tickSizePaise).toBe(0);
            expect(pricePaise).toBeGreaterThan(0);
            if (input.terms.side === "BUY") {
              expect(pricePaise).toBeLessThanOrEqual(input.terms.limitPricePaise);
              expect(pricePaise).toBeGreaterThanOrEqual(touch.ask?.pricePaise ?? Number.POSITIVE_INFINITY);
            } else {
              expect(pricePaise).toBeGreaterThanOrEqual(input.terms.limitPricePaise);
              expect(pricePaise).toBeLessThanOrEqual(touch.bid?.pricePaise ?? Number.NEGATIVE_INFINITY);
            }
          }
        }
      }),
    );
  });

  it("ends every order in exactly one final report or in its complete fill", () => {
    fc.assert(
      fc.property(life, (input) => {
        const { order, reports } = liveThrough(input);
        expect(isFinal(order)).toBe(true);
        const ends = reports.filter((report) => ["REJECTED", "CANCELED", "EXPIRED"].includes(report.kind));
        expect(ends.length).toBe(order.status === "FILLED" ? 0 : 1);
        expect(new Set(fillsOf(reports).map((fill) => fill.executionId)).size).toBe(fillsOf(reports).length);
      }),
    );
  });

  it("gives the same reports for the same orders and quotes", () => {
    fc.assert(
      fc.property(life, (input) => {
        expect(liveThrough(input)).toEqual(liveThrough(structuredClone(input)));
      }),
    );
  });

  it("never lets the touch cross, whichever side is modelled; bid and ask meet at the lowest price only", () => {
    fc.assert(
      fc.property(quote, (held) => {
        const { bid, ask } = touchOf(held, CONTRACT);
        if (bid && ask && ask.pricePaise > CONTRACT.tickSizePaise) expect(bid.pricePaise).toBeLessThan(ask.pricePaise);
        if (bid && ask) expect(bid.pricePaise).toBeLessThanOrEqual(ask.pricePaise);
      }),
    );
  });
});
