// A reading of the venue that was overtaken by what reached the account meanwhile: it lifts nothing, uses nothing up, answers
// nothing that came after it was asked for, and says of itself that it has not compared the books.
import { describe, expect, it } from "vitest";
import { Reconciliation } from "../../../durable-objects/account/reconciliation.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import type { AccountState } from "../../../src/core/account/state.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { ok } from "../../../src/core/kernel/result.ts";
import { FORBIDS_ENTRIES, openDifferences } from "../../../src/core/reconciliation/open-differences.ts";
import type { VenueOrderView, VenueSnapshot } from "../../../src/core/reconciliation/snapshot.ts";
import { noticesOf } from "../../../src/core/reporting/notices.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  canceled,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  submit,
} from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const ORDER = id("order-1");
const view: VenueOrderView = {
  clientOrderId: ORDER,
  venueOrderId: `V-${ORDER}`,
  instrumentId: NIFTY_CALL.instrumentId,
  side: "BUY",
  status: "WORKING",
  quantityUnits: NIFTY_CALL.lotSize,
  limitPricePaise: paise(50_00),
  filledUnits: 0,
  filledValuePaise: paise(0),
  reason: null,
};
/** The venue holds a lot that we know nothing of. */
const wrong = (readAtMs = later(60_000)): VenueSnapshot => ({
  readAtMs,
  orders: [view],
  fills: [],
  positions: [{ instrumentId: NIFTY_PUT.instrumentId, netUnits: NIFTY_PUT.lotSize }],
  tradedPaise: null,
  cashPaise: null,
});
function working(): AccountUnderTest {
  const account = anAccount();
  account.do(submit());
  account.report(NOON, accepted(ORDER));
  return account;
}
type Run = Extract<Parameters<AccountUnderTest["do"]>[0], { readonly type: "RECONCILE" }>;
function reconcile(account: AccountUnderTest, snapshot: VenueSnapshot, change: Partial<Run> = {}) {
  const run = { cause: "REQUEST", asked: account.state, ...change } as const;
  return account.do({ type: "RECONCILE", atMs: later(100_000), snapshot, ...run });
}
const open = (account: AccountUnderTest): readonly string[] => openDifferences(account.state).map(({ code }) => code);

describe("entries that wait for a difference", () => {
  it.each(["REQUEST", "RECOVERY"] as const)("wait on after a reading by %s that was overtaken", (cause) => {
    const account = working();
    reconcile(account, wrong());
    const asked = account.state;
    account.report(later(70_000), canceled(ORDER));
    const events = reconcile(account, wrong(later(70_000)), { asked, cause });
    expect(events).toMatchObject([
      { type: "RECONCILED", isOvertaken: true, compared: { positions: 0 }, differences: [], standing: [{}] },
    ]);
    expect(open(account)).toEqual(["POSITION_DIFFERS"]);
    expect(account.do(submit({ clientOrderId: id("next") }, later(101_000)))).toMatchObject([
      { type: "ORDER_DENIED", denial: { code: "NOT_RECONCILED" } },
    ]);
    const orders = [{ ...view, status: "CANCELED" }] as const;
    reconcile(account, { ...wrong(later(102_000)), orders, positions: [] });
    expect(open(account)).toEqual([]);
    expectSoundHistory(account.events, account.state);
  });

  it("wait on for totals that were found to be wrong before", () => {
    const account = working();
    reconcile(account, { ...wrong(), positions: null, orders: [{ ...view, filledUnits: 75 }] });
    expect(open(account)).toEqual(["FILLED_TOTAL_DIFFERS"]);
    const asked = account.state;
    account.report(later(70_000), canceled(ORDER));
    reconcile(account, { ...wrong(later(70_000)), positions: null }, { asked });
    expect(open(account)).toEqual(["FILLED_TOTAL_DIFFERS"]);
  });

  it("wait for what an overtaken reading itself has found, and a person is told of nothing twice", () => {
    const account = working();
    reconcile(account, wrong());
    const asked = account.state;
    account.report(later(70_000), canceled(ORDER));
    const foreign = { ...wrong(later(70_000)), orders: [view, { ...view, clientOrderId: null, venueOrderId: "V-x" }] };
    reconcile(account, foreign, { asked });
    expect(open(account)).toEqual(["POSITION_DIFFERS", "FOREIGN_ORDER"]);
    expect(open(account).every((code) => FORBIDS_ENTRIES.some((forbids) => forbids === code))).toBe(true);
    const before = account.state;
    const ended = { ...foreign, orders: foreign.orders.map((order) => ({ ...order, status: "CANCELED" as const })) };
    const [event] = reconcile(account, { ...ended, readAtMs: later(80_000) }).slice(-1);
    const notices =
      event === undefined
        ? null
        : noticesOf(before, { sequence: account.state.sequence, event, hash: "" }, account.state);
    expect([event?.type, notices]).toEqual(["RECONCILED", []]);
  });

  it("wait on however many orders are looked up after it", () => {
    const account = working();
    reconcile(account, wrong());
    for (let run = 0; run < 30; run += 1) reconcile(account, wrong(later(70_000 + run)), { cause: "UNKNOWN_OUTCOME" });
    expect(account.state.reconciliations?.every(({ cause }) => cause === "UNKNOWN_OUTCOME")).toBe(true);
    expect(open(account)).toEqual(["POSITION_DIFFERS"]);
  });
});

describe("a run by job", () => {
  it("is not done by a reading that has not compared the books", () => {
    const account = working();
    const asked = account.state;
    account.report(later(59_000), canceled(ORDER));
    reconcile(account, wrong(), { asked, cause: "CLOSE", jobKey: "RECONCILE_CLOSE/x" });
    expect(account.state.jobsDone["RECONCILE_CLOSE/x"]).toBeUndefined();
    reconcile(account, wrong(later(61_000)), { cause: "CLOSE", jobKey: "RECONCILE_CLOSE/x" });
    expect(account.state.jobsDone["RECONCILE_CLOSE/x"]).toBe(true);
    expect(open(account)).toEqual(["POSITION_DIFFERS"]);
  });

  /** While the venue is read for the first `overtaken` times, something reaches the account. */
  function desk(overtaken: number) {
    const account = working();
    let readings = 0;
    const reconciliation = new Reconciliation({
      state: () => account.state,
      nowMs: () => later(60_000),
      isReplay: true,
      settled: () => undefined,
      carryOut: (command) => ok(account.do(command)),
      venue: {
        snapshot: async () => {
          readings += 1;
          if (readings <= overtaken) account.do(submit({ clientOrderId: id(`more-${readings}`) }));
          return wrong();
        },
      } as never,
    });
    const runs = () => account.events.flatMap((event) => (event.type === "RECONCILED" ? [event] : []));
    return { account, reconciliation, runs, readings: () => readings };
  }

  it("reads again until nothing has overtaken the reading", async () => {
    const { account, reconciliation, runs, readings } = desk(3);
    await reconciliation.run("CLOSE", { jobKey: "RECONCILE_CLOSE/x" });
    expect([readings(), account.state.jobsDone["RECONCILE_CLOSE/x"]]).toEqual([4, true]);
    expect(runs()).toMatchObject([{ cause: "CLOSE", differences: [{ code: "POSITION_DIFFERS" }] }]);
  });

  it("rejects where every reading was overtaken, so that the job is tried again, and keeps the facts", async () => {
    const { account, reconciliation, runs } = desk(99);
    const run = reconciliation.run("CLOSE", { jobKey: "RECONCILE_CLOSE/x" });
    await expect(run).rejects.toThrow("its books were not compared");
    expect(account.state.jobsDone["RECONCILE_CLOSE/x"]).toBeUndefined();
    expect(runs()).toMatchObject([{ cause: "CLOSE", isOvertaken: true }]);
  });

  it("is not what whoever is to be closed waits for: a look for the proof of flat takes one reading", async () => {
    const { reconciliation, readings } = desk(99);
    await reconciliation.run("FLAT_CHECK");
    expect(readings()).toBe(1);
  });
});

describe("a cancel that was refused", () => {
  it("is answered by a reading that was asked for after the refusal, and by no other", () => {
    const account = working();
    const before = account.state;
    account.do({ type: "CANCEL_ORDER", atMs: later(100), clientOrderId: ORDER });
    const reason = "ORDER_FINAL";
    account.report(later(200), { kind: "CANCEL_REJECTED", clientOrderId: ORDER, reason, atMs: later(200) });
    const read = (asked: AccountState, cause: Run["cause"]) => {
      reconcile(account, { ...wrong(later(300)), positions: null }, { asked, cause });
      return outstandingWork(account.state).lookUp.length;
    };
    expect(read(before, "UNKNOWN_OUTCOME")).toBe(1);
    expect(account.events.some(({ type }) => type === "RECONCILED")).toBe(false);
    expect(read(before, "REQUEST")).toBe(1);
    expect(read(account.state, "UNKNOWN_OUTCOME")).toBe(0);
  });
});

describe("a clock of the venue that was ahead at one reading", () => {
  it("keeps an order of which nobody knows from its end for no longer than a settle time", () => {
    const account = anAccount();
    account.do(submit());
    const unknown = [{ clientOrderId: ORDER, request: "SUBMIT", reason: "the line went dead" }] as const;
    account.do({ type: "NOTE_UNKNOWN", atMs: later(100), unknown });
    const status = (readAtMs: number) => {
      const nothing = { ...wrong(later(readAtMs)), orders: [], positions: null };
      reconcile(account, nothing, { cause: "UNKNOWN_OUTCOME" });
      return account.state.orders[ORDER]?.status;
    };
    expect([3_600_000, 1_000, 2_999, 3_000].map(status)).toEqual(["UNKNOWN", "UNKNOWN", "UNKNOWN", "REJECTED"]);
  });

  it("keeps a modification without an answer from its end for no longer", () => {
    const account = working();
    const changes = { limitPricePaise: paise(49_00) };
    account.do({
      type: "MODIFY_ORDER",
      atMs: later(50),
      clientOrderId: ORDER,
      modifyId: "m",
      changes,
      price: aPrice(),
    });
    const unknown = [{ clientOrderId: ORDER, request: "REPLACE", reason: "the line went dead" }] as const;
    account.do({ type: "NOTE_UNKNOWN", atMs: later(100), unknown });
    const isPending = (readAtMs: number) => {
      reconcile(account, { ...wrong(later(readAtMs)), positions: null }, { cause: "UNKNOWN_OUTCOME" });
      return account.state.orders[ORDER]?.pendingReplace !== undefined;
    };
    expect([3_600_000, 1_000, 2_999, 3_000].map(isPending)).toEqual([true, true, true, false]);
  });
});
