// What is handed over side by side: a call that hangs keeps back nothing but what it is about, nothing is sent twice because an
// answer is late, and who waits hears of a failure however much else there is to do.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Submission } from "../../../durable-objects/account/submission.ts";
import type { Command } from "../../../src/core/account/command.ts";
import type { Transfer } from "../../../src/core/funds/transfer.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { VenueAnswer, VenuePort } from "../../../src/ports/venue.ts";
import {
  anAccount,
  aPrice,
  canceled,
  DATE,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  submit,
} from "../../support/builders.ts";
import { hold } from "../../support/open-positions.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function desk(
  setTriggers: (...asked: readonly unknown[]) => Promise<void> = async () => undefined,
  keepsSequence = true,
) {
  const account = anAccount({ limits: { tradesPerCycleMax: 20 } });
  const sent: string[][] = [];
  const answers: ((answers: readonly VenueAnswer[]) => void)[] = [];
  const venue: VenuePort = {
    name: "SLOW",
    takesRepeats: false,
    keepsSequence,
    known: async () => new Set(),
    submit: (_accountId, orders) => {
      sent.push(orders.map(({ terms }) => terms.clientOrderId));
      return new Promise((resolve) => answers.push(resolve));
    },
    replace: async () => [],
    cancel: (_accountId, requests) => {
      sent.push(requests.map(({ clientOrderId }) => `cancel ${clientOrderId}`));
      return new Promise((resolve) => answers.push(resolve));
    },
    snapshot: async () => null,
  };
  const submission = new Submission(
    {
      state: () => account.state,
      nowMs: () => later(100),
      feeds: () => ({ setTriggers }) as never,
      venue,
      rail: { name: "NONE", initiate: () => new Promise(() => undefined) } as never,
      isReplay: false,
      recover: async () => undefined,
      lookUp: async () => undefined,
      again: () => undefined,
      carryOut: (command: Command) => void account.do(command),
    },
    [],
  );
  const drive = () => {
    const done = submission.drive();
    done.catch(() => undefined);
    return done;
  };
  const answer = async (index: number, ...names: readonly string[]) => {
    const accepted = (name: string): VenueAnswer => {
      const outcome = { kind: "ACCEPTED", venueOrderId: `V-${name}` } as const;
      return { clientOrderId: id(name), outcome };
    };
    await vi.advanceTimersByTimeAsync(0);
    answers[index]?.(names.map(accepted));
    await vi.advanceTimersByTimeAsync(0);
  };
  return { account, sent, drive, answer };
}

const transfer = (transferId: string): Transfer => ({
  transferId,
  kind: "PULL",
  date: DATE,
  amountPaise: paise(1_00),
  taxLockPaise: paise(0),
  status: "PENDING",
  rail: "NONE",
  railReference: null,
  failure: null,
  requestedAtMs: NOON,
  completedAtMs: null,
});

it("An order leaves a moment after one whose answer hangs, with what else has come, and none leaves twice", async () => {
  const { account, sent, drive, answer } = desk();
  account.do(submit({ clientOrderId: id("one") }));
  const done = drive();
  await vi.advanceTimersByTimeAsync(10);
  for (const name of ["two", "three"]) account.do(submit({ clientOrderId: id(name) }));
  void drive();
  await vi.advanceTimersByTimeAsync(200);
  expect(sent).toEqual([["one"]]);
  await vi.advanceTimersByTimeAsync(50);
  expect(sent).toEqual([["one"], ["two", "three"]]);
  await answer(1, "two", "three");
  await answer(0, "one");
  await done;
  expect(sent).toHaveLength(2);
  expect(Object.values(account.state.orders).map(({ status }) => status)).toEqual(["ACCEPTED", "ACCEPTED", "ACCEPTED"]);
});

it("An order that may be leaving is canceled once its answer is there, and others at once", async () => {
  const { account, sent, drive, answer } = desk();
  account.do(submit({ clientOrderId: id("one") }));
  const done = drive();
  await answer(0, "one");
  await done;
  account.do(submit({ clientOrderId: id("two") }));
  void drive();
  await vi.advanceTimersByTimeAsync(0);
  for (const name of ["one", "two"]) account.do({ type: "CANCEL_ORDER", atMs: later(100), clientOrderId: id(name) });
  const rest = drive();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual([["one"], ["two"], ["cancel one"]]);
  await answer(1, "two");
  await vi.advanceTimersByTimeAsync(250);
  expect(sent.at(-1)).toEqual(["cancel two"]);
  await answer(2, "one");
  await answer(3, "two");
  account.report(later(100), canceled(id("one")), canceled(id("two")));
  await rest;
});

it("A cancel without an answer is asked for again a second later, and not at once", async () => {
  const { account, sent, drive, answer } = desk();
  account.do(submit({ clientOrderId: id("one") }));
  const done = drive();
  await answer(0, "one");
  await done;
  // Something else is under way for longer, so that the loop goes on.
  account.take({ type: "TRANSFER_REQUESTED", atMs: NOON, jobKey: "PULL", transfer: transfer("slow") });
  account.do({ type: "CANCEL_ORDER", atMs: later(100), clientOrderId: id("one") });
  void drive();
  await vi.advanceTimersByTimeAsync(0);
  await answer(1);
  await vi.advanceTimersByTimeAsync(900);
  expect(sent).toEqual([["one"], ["cancel one"]]);
  await vi.advanceTimersByTimeAsync(200);
  expect(sent).toEqual([["one"], ["cancel one"], ["cancel one"]]);
});

it("A feed that fails is told of to who waits, although there is always more to send", async () => {
  const { account, sent, drive } = desk(() => Promise.reject(new Error("the feed is gone")));
  hold(account, NIFTY_CALL, 75, 50_00);
  const done = drive();
  let failure: unknown = null;
  done.catch((error: unknown) => {
    failure = error;
  });
  for (let index = 0; index < 8; index += 1) {
    account.do(submit({ clientOrderId: id(`order-${index}`) }));
    void drive();
    await vi.advanceTimersByTimeAsync(500);
  }
  // What hangs is given up after two and a half seconds; nothing was begun for a second and a half before.
  expect(String(failure)).toContain("the feed is gone");
  expect(sent.length).toBeGreaterThanOrEqual(2);
});

it("An exit, its cancel and the guard of another position leave at once, although a feed has failed and the bank hangs; entries and money wait", async () => {
  const guarded: unknown[] = [];
  const { account, sent, drive, answer } = desk(async (_accountId, instrumentId) => {
    if (instrumentId === NIFTY_CALL.instrumentId) throw new Error("the feed is gone");
    guarded.push(instrumentId);
  });
  account.take({ type: "TRANSFER_REQUESTED", atMs: NOON, jobKey: "PULL", transfer: transfer("slow") });
  hold(account, NIFTY_CALL, 150, 50_00);
  const failed = vi.fn();
  drive().catch(failed);
  await vi.advanceTimersByTimeAsync(1_500);
  account.do(submit({ clientOrderId: id("exit"), side: "SELL" }));
  account.do(submit({ clientOrderId: id("entry") }));
  account.take({ type: "TRANSFER_REQUESTED", atMs: NOON, jobKey: "MORE", transfer: transfer("more") });
  hold(account, NIFTY_PUT, 75, 50_00);
  void drive();
  await answer(0, "exit");
  expect(sent).toEqual([["exit"]]);
  expect(guarded).toEqual([NIFTY_PUT.instrumentId]);
  account.do({ type: "CANCEL_ORDER", atMs: later(100), clientOrderId: id("exit") });
  void drive();
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toEqual([["exit"], ["cancel exit"]]);
  await answer(1, "exit");
  // The bank's answer is given up after twenty seconds: by then who waits is told.
  await vi.advanceTimersByTimeAsync(18_400);
  expect(failed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(String(failed.mock.calls[0]?.[0])).toContain("the feed is gone");
  expect(sent.flat()).not.toContain("entry");
});

it("An entry that waits because a run is ending is withdrawn without having left, and no cancel is sent for it", async () => {
  const { account, sent, drive } = desk(() => Promise.reject(new Error("the feed is gone")));
  hold(account, NIFTY_CALL, 75, 50_00);
  account.do(submit({ clientOrderId: id("hangs") }));
  void drive();
  await vi.advanceTimersByTimeAsync(1_500);
  account.do(submit({ clientOrderId: id("waits") }));
  void drive();
  await vi.advanceTimersByTimeAsync(100);
  account.do({ type: "CANCEL_ORDER", atMs: later(100), clientOrderId: id("waits") });
  void drive();
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toEqual([["hangs"]]);
  expect(account.state.orders[id("waits")]).toMatchObject({ status: "CANCELED", rejectReason: "NOT_SENT" });
});

it.each([true, false])(
  "An exit that was given up is asked back where cancels keep their place behind orders: %s",
  async (keeps) => {
    const { account, sent, drive, answer } = desk(undefined, keeps);
    hold(account, NIFTY_CALL, 75, 50_00);
    account.do({ type: "HALT", atMs: later(100), reason: "a person", prices: [aPrice({ quotedAtMs: later(100) })] });
    const [exit] = Object.values(account.state.orders).filter(({ purpose }) => purpose === "EXIT");
    const { clientOrderId } = required(exit, "an exit");
    const rejected = { type: "ORDER_REJECTED", atMs: later(100), clientOrderId, reason: "NOT_RECEIVED" } as const;
    account.take({ ...rejected, isGivenUp: true });
    const done = drive();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(keeps ? [[`cancel ${clientOrderId}`]] : []);
    // Whatever the answer is, it came after the order: here the venue takes the cancel in.
    if (keeps) await answer(0, clientOrderId);
    await done;
    expect(account.state.orders[clientOrderId]?.recall).toBe(keeps ? "ANSWERED" : "ASKED");
  },
);
