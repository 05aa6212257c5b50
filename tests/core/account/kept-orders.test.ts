// Orders that could not be handed over at once, and cancels that the venue refuses: an old entry is not sent, an exit always is,
// and what cannot be canceled is looked up before anybody asks again.
import { describe, expect, it } from "vitest";
import { Submission } from "../../../durable-objects/account/submission.ts";
import type { Command } from "../../../src/core/account/command.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { EpochMs } from "../../../src/core/kernel/time.ts";
import type { VenueOrderView, VenueSnapshot } from "../../../src/core/reconciliation/snapshot.ts";
import { reservedPaise } from "../../../src/core/risk/exposure.ts";
import type { VenuePort } from "../../../src/ports/venue.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  id,
  later,
  NIFTY_CALL,
  NOON,
  submit,
} from "../../support/builders.ts";
import { hold } from "../../support/open-positions.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

function desk(
  account: AccountUnderTest,
  clock: { now: EpochMs },
  { isReplay = false, isDeaf = false }: { readonly isReplay?: boolean; readonly isDeaf?: boolean } = {},
) {
  const sent: string[] = [];
  const venue: VenuePort = {
    name: "TOLD",
    takesRepeats: isDeaf,
    keepsSequence: true,
    known: async () => new Set(),
    submit: async (_accountId, orders) =>
      orders.map(({ terms: { clientOrderId } }) => {
        sent.push(clientOrderId);
        const venueOrderId = `V-${clientOrderId}`;
        return {
          clientOrderId,
          outcome: isDeaf ? { kind: "UNKNOWN", reason: "" } : { kind: "ACCEPTED", venueOrderId },
        };
      }),
    replace: async () => [],
    cancel: async (_accountId, requests) =>
      requests.map(({ clientOrderId }) => {
        sent.push(`cancel ${clientOrderId}`);
        return { clientOrderId, outcome: { kind: "REFUSED", code: "ORDER_NOT_CANCELABLE" } };
      }),
    snapshot: async () => null,
  };
  const submission = new Submission(
    {
      state: () => account.state,
      nowMs: () => clock.now,
      feeds: () => ({ setTriggers: async () => undefined }) as never,
      venue,
      rail: { name: "NONE" } as never,
      isReplay,
      recover: async () => undefined,
      lookUp: async () => undefined,
      again: () => undefined,
      carryOut: (command: Command) => void account.do(command),
    },
    [],
  );
  return { sent, submission };
}

describe("orders that were kept while nothing could be sent", () => {
  it("are not sent when they are entries of more than ten seconds ago, and hold no money any more", async () => {
    for (const [waitedMs, isSent] of [
      [10_000, true],
      [10_001, false],
    ] as const) {
      const account = anAccount();
      account.do(submit());
      const clock = { now: later(waitedMs) };
      const { sent, submission } = desk(account, clock);
      await submission.drive();
      expect(sent).toEqual(isSent ? ["order-1"] : []);
      expect(account.state.orders[id("order-1")]).toMatchObject(
        isSent ? { status: "ACCEPTED" } : { status: "EXPIRED", rejectReason: "TOO_OLD_TO_SEND", filledUnits: 0 },
      );
      expect(reservedPaise(account.state)).toBe(isSent ? 75 * 50_00 : 0);
      expectSoundHistory(account.events, account.state);
    }
  });

  it("are sent however old they are when they close something, and in a replay", async () => {
    const account = anAccount();
    hold(account, NIFTY_CALL, 75, 50_00);
    account.do(submit({ clientOrderId: id("exit"), side: "SELL" }));
    const first = desk(account, { now: later(3_600_000) });
    await first.submission.drive();
    expect(first.sent).toEqual(["exit"]);
    const other = anAccount();
    other.do(submit());
    const replay = desk(other, { now: later(3_600_000) }, { isReplay: true });
    await replay.submission.drive();
    expect(replay.sent).toEqual(["order-1"]);
  });

  it("are looked up and not sent again when they may have left already, at a venue that takes repetitions too", async () => {
    const account = anAccount();
    account.do(submit());
    const clock = { now: later(100) };
    const { sent, submission } = desk(account, clock, { isDeaf: true });
    for (const waitedMs of [100, 10_000, 10_001]) {
      clock.now = later(waitedMs);
      await submission.drive().catch(() => undefined);
    }
    expect(sent).toEqual(["order-1", "order-1"]);
    expect(account.state.orders[id("order-1")]?.status).toBe("UNKNOWN");
    expect(outstandingWork(account.state)).toMatchObject({ submit: [], lookUp: [{ clientOrderId: "order-1" }] });
    expectSoundHistory(account.events, account.state);
  });
});

describe("a cancel that the venue refuses", () => {
  const view = (change: Partial<VenueOrderView> = {}): VenueOrderView => ({
    clientOrderId: id("order-1"),
    venueOrderId: "V-order-1",
    instrumentId: NIFTY_CALL.instrumentId,
    side: "BUY",
    status: "WORKING",
    quantityUnits: 75,
    limitPricePaise: paise(50_00),
    filledUnits: 0,
    filledValuePaise: null,
    reason: null,
    ...change,
  });
  const read = (account: AccountUnderTest, listed: VenueOrderView, atMs: EpochMs) => {
    const empty = { fills: [], positions: null, tradedPaise: null, cashPaise: null };
    const snapshot: VenueSnapshot = { readAtMs: atMs, orders: [listed], ...empty };
    return account.do({ type: "RECONCILE", atMs, cause: "UNKNOWN_OUTCOME", asked: account.state, snapshot });
  };

  async function refused() {
    const account = anAccount();
    account.do(submit());
    account.report(NOON, accepted(id("order-1")));
    account.do({ type: "HALT", atMs: later(1_000), reason: "enough", prices: [] });
    const clock = { now: later(1_000) };
    const { sent, submission } = desk(account, clock);
    await submission.drive();
    expect(sent).toEqual(["cancel order-1"]);
    return { account, sent, submission, clock };
  }

  it("is not asked for again before the order was looked up, whatever presses on", async () => {
    const { account, sent, submission, clock } = await refused();
    expect(outstandingWork(account.state)).toMatchObject({ cancel: [], lookUp: [{ clientOrderId: "order-1" }] });
    for (let second = 2; second < 12; second += 1) {
      clock.now = later(second * 1_000);
      account.do({ type: "CHECK_FLAT", atMs: clock.now, prices: [], reading: null });
      await submission.drive();
    }
    expect(sent).toEqual(["cancel order-1"]);
    read(account, view({ status: "CANCELED" }), later(13_000));
    expect(account.state.orders[id("order-1")]?.status).toBe("CANCELED");
    expect(outstandingWork(account.state)).toMatchObject({ cancel: [], lookUp: [] });
    expectSoundHistory(account.events, account.state);
  });

  it("is asked for once more when the book says that the order works", async () => {
    const { account, sent, submission, clock } = await refused();
    clock.now = later(2_000);
    read(account, view(), clock.now);
    expect(outstandingWork(account.state).lookUp).toEqual([]);
    clock.now = later(3_000);
    account.do({ type: "CHECK_FLAT", atMs: clock.now, prices: [], reading: null });
    await submission.drive();
    expect(sent).toEqual(["cancel order-1", "cancel order-1"]);
    expectSoundHistory(account.events, account.state);
  });
});
