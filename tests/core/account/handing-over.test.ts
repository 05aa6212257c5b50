// Two ways in which an order was handed over wrongly, found by the simulation: after the kill switch, and not at all.
import { describe, expect, it } from "vitest";
import { Submission } from "../../../durable-objects/account/submission.ts";
import { closableUnits } from "../../../src/core/risk/trade-counts.ts";
import type { VenuePort } from "../../../src/ports/venue.ts";
import {
  accepted,
  anAccount,
  anOrder,
  canceled,
  filled,
  id,
  later,
  NIFTY_CALL,
  NOON,
  submit,
} from "../../support/builders.ts";

type Deps = ConstructorParameters<typeof Submission>[0];

function lineTo(venue: Partial<VenuePort>, change: Partial<Deps> = {}) {
  const account = anAccount();
  const sent: string[] = [];
  const submission = new Submission(
    {
      state: () => account.state,
      nowMs: () => later(5_000),
      feeds: () => ({ setTriggers: async () => {} }) as never,
      venue: {
        name: "TEST",
        takesRepeats: false,
        known: async () => new Set(),
        submit: async (_account: string, orders: Parameters<VenuePort["submit"]>[1]) => {
          sent.push(...orders.map(({ terms }) => terms.clientOrderId));
          return orders.map(({ terms: { clientOrderId } }) => ({
            clientOrderId,
            outcome: { kind: "ACCEPTED", venueOrderId: `V-${clientOrderId}` } as const,
          }));
        },
        replace: async () => [],
        cancel: async () => [],
        snapshot: async () => null,
        ...venue,
      } as VenuePort,
      rail: {} as never,
      isReplay: false,
      carryOut: (command) => void account.do(command),
      recover: async () => {},
      lookUp: async () => {},
      again: () => {},
      ...change,
    },
    [],
  );
  return { account, sent, submission };
}

describe("handing orders over", () => {
  it("never sends an entry that was withdrawn before it left, as by the kill switch", async () => {
    const { account, sent, submission } = lineTo({});
    account.do(submit());
    account.do({ type: "HALT", atMs: later(1_000), reason: "a person", prices: [] });
    expect(account.state.orders[id("order-1")]?.status).toBe("PENDING_CANCEL");
    await submission.drive();
    expect(sent).toEqual([]);
    expect(account.state.orders[id("order-1")]).toMatchObject({ status: "CANCELED", rejectReason: "NOT_SENT" });
  });

  it("notes what nobody has answered before anything else can fail", async () => {
    const { account, submission } = lineTo(
      { submit: async () => [] },
      {
        feeds: () =>
          ({
            setTriggers: async () => {
              throw new Error("the feed is down");
            },
          }) as never,
      },
    );
    account.do(submit({ clientOrderId: id("held") }));
    account.report(NOON, accepted(id("held")), filled(id("held"), 75, 50_00));
    account.do(submit({ clientOrderId: id("lost") }, later(1_000)));
    await expect(submission.drive()).rejects.toThrow("the feed is down");
    expect(account.state.orders[id("lost")]?.status).toBe("UNKNOWN");
  });
});

describe("what may still be sold of a long", () => {
  it("leaves out what a short under way in the same contract would take", () => {
    const account = anAccount();
    account.do(submit({ quantityUnits: 225 }));
    account.report(NOON, accepted(id("order-1")), filled(id("order-1"), 225, 50_00));
    const short = anOrder({
      clientOrderId: id("short"),
      side: "SELL",
      purpose: "ENTRY",
      quantityUnits: 150,
      status: "ACCEPTED",
    });
    const state = { ...account.state, orders: { ...account.state.orders, [short.clientOrderId]: short } };
    expect(closableUnits(state, NIFTY_CALL.instrumentId)).toBe(75);
    account.report(later(1_000), canceled(id("short"), later(1_000)));
    expect(closableUnits(account.state, NIFTY_CALL.instrumentId)).toBe(225);
  });
});
