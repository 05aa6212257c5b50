// Pay-outs over a rail that refuses, fails, takes back what it said and sends money back days later: the account's books are
// the rail's, no part is ever paid while another attempt of it is or may be, and in the end each has arrived once or been
// tried three times.
import { describe, expect, it } from "vitest";
import { pollTransfers } from "../../../durable-objects/account/transfers.ts";
import { combineCharges } from "../../../src/core/charges/contract-note.ts";
import { hasPaidOut, isDueAgain } from "../../../src/core/funds/attempts.ts";
import type { Transfer } from "../../../src/core/funds/transfer.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant, type MarketDate, marketDate } from "../../../src/core/kernel/time.ts";
import { payoutsUnderWayPaise } from "../../../src/core/risk/exposure.ts";
import type { PaymentRail, TransferProgress } from "../../../src/ports/payments.ts";
import { AccountUnderTest, aProfile } from "../../support/builders.ts";
import { Seeded } from "../../support/seeded.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const MONDAY = marketDate("2025-09-01");
const DATES: readonly MarketDate[] = [MONDAY, ...["02", "03", "04", "05"].map((day) => marketDate(`2025-09-${day}`))];
const PUSH: Transfer = {
  transferId: `U001/${MONDAY}/PUSH/1`,
  kind: "PUSH",
  date: MONDAY,
  amountPaise: paise(40_000_00),
  taxLockPaise: paise(10_000_00),
  status: "PENDING",
  rail: "SIMULATED",
  railReference: null,
  failure: null,
  requestedAtMs: istInstant(MONDAY, "15:25"),
  completedAtMs: null,
};
const SECOND: Transfer = {
  ...PUSH,
  transferId: `U001/${MONDAY}/PUSH/2`,
  amountPaise: paise(20_000_00),
  taxLockPaise: paise(0),
};

/** What happens to one id on the rail, call by call; the last word stays. */
class WordyRail implements PaymentRail {
  readonly name = "WORDY";
  readonly taken: string[] = [];
  readonly words = new Map<string, TransferProgress[]>();
  readonly #script: (transfer: Transfer) => readonly TransferProgress["kind"][];

  constructor(script: (transfer: Transfer) => readonly TransferProgress["kind"][]) {
    this.#script = script;
  }

  async initiate(transfer: Transfer) {
    const { transferId } = transfer;
    if (this.words.has(transferId)) return { kind: "ACCEPTED", reference: transferId } as const;
    const [first, ...rest] = this.#script(transfer);
    if (first === "NOT_FOUND") return { kind: "REFUSED", code: "BANK_DECLINED" } as const;
    this.taken.push(transferId);
    const told = { reference: transferId, code: "BANK_DECLINED" };
    this.words.set(
      transferId,
      [first ?? "COMPLETED", ...rest].map((kind) => ({ kind, ...told })),
    );
    return { kind: "ACCEPTED", reference: transferId } as const;
  }

  async status({ transferId }: Transfer): Promise<TransferProgress> {
    const words = this.words.get(transferId);
    if (words === undefined) return { kind: "NOT_FOUND" };
    return (words.length > 1 ? words.shift() : words[0]) ?? { kind: "NOT_FOUND" };
  }
}

class Books {
  readonly account = new AccountUnderTest();
  readonly rail: WordyRail;

  constructor(rail: WordyRail, transfers: readonly Transfer[]) {
    this.rail = rail;
    const { account } = this;
    account.do({ type: "OPEN_ACCOUNT", atMs: istInstant(MONDAY, "08:00"), profile: aProfile() });
    this.openDay(MONDAY);
    const atMs = istInstant(MONDAY, "09:15");
    account.do({ type: "REQUEST_PULL", atMs, jobKey: "PULL" });
    for (const { transferId } of Object.values(account.state.transfers)) {
      const told = { status: "COMPLETED", railReference: "R", failure: null } as const;
      account.do({ type: "UPDATE_TRANSFER", atMs, transferId, ...told });
      rail.words.set(transferId, [{ kind: "COMPLETED", reference: "R" }]);
    }
    for (const transfer of transfers) {
      account.take({ type: "TRANSFER_REQUESTED", atMs: transfer.requestedAtMs, jobKey: transfer.transferId, transfer });
    }
  }

  openDay(date: MarketDate): void {
    const hours = { openMs: istInstant(date, "09:15"), closeMs: istInstant(date, "15:30"), vixCenti: 1_215 };
    const atMs = istInstant(date, "09:00");
    if (this.account.state.day !== null) this.#closeDay(this.account.state.day.date);
    this.account.do({ type: "OPEN_DAY", atMs, jobKey: `OPEN_DAY/${date}/-/-`, date, ...hours });
  }

  #closeDay(date: MarketDate): void {
    const atMs = istInstant(date, "15:40");
    const statement = { date, fills: 0, realisedPaise: paise(0), charges: combineCharges([]) };
    const key = (name: string): string => `${name}/${date}/-/-`;
    this.account.do({ type: "SETTLE_PROVISIONAL", atMs, jobKey: key("SETTLE_PROVISIONAL") });
    this.account.do({ type: "SETTLE_FINAL", atMs, jobKey: key("SETTLE_FINAL"), statement });
    this.account.do({ type: "CLOSE_DAY", atMs, jobKey: key("CLOSE_DAY") });
  }

  pushes(): readonly Transfer[] {
    return Object.values(this.account.state.transfers).filter(({ kind }) => kind === "PUSH");
  }

  /** What the account's object does when it is asked to look: ask, decide, hand over. */
  async poll(atMs: ReturnType<typeof epochMs>): Promise<void> {
    for (const command of await pollTransfers(this.rail, this.account.state, atMs)) {
      this.account.do(command);
      this.account.do(command); // A message that comes twice.
    }
    await this.handOver(atMs);
  }

  async handOver(atMs: ReturnType<typeof epochMs>): Promise<void> {
    for (const transfer of this.pushes()) {
      if (transfer.status !== "PENDING") continue;
      const outcome = await this.rail.initiate(transfer);
      const told =
        outcome.kind === "ACCEPTED"
          ? ({ status: "PROCESSING", railReference: outcome.reference, failure: null } as const)
          : ({ status: "FAILED", railReference: null, failure: outcome.code } as const);
      this.account.do({ type: "UPDATE_TRANSFER", atMs, transferId: transfer.transferId, ...told });
    }
  }

  statuses(): string[] {
    return this.pushes().map(({ transferId, status }) => `${transferId.split("PUSH/")[1]} ${status}`);
  }
}

const evening = (minute: number) => istInstant(MONDAY, `15:${minute}`);

describe("a pay-out that does not arrive", () => {
  it("is tried again under a new id once the rail has called it failed twice", async () => {
    const books = new Books(new WordyRail(({ attempt }) => (attempt === 2 ? ["COMPLETED"] : ["FAILED"])), [PUSH]);
    await books.handOver(evening(25));
    await books.poll(evening(26));
    expect(books.statuses()).toEqual(["1 FAILED"]);
    expect(payoutsUnderWayPaise(books.account.state)).toBe(PUSH.amountPaise);
    await books.poll(evening(28));
    expect(books.statuses()).toEqual(["1 FAILED", "1/a2 PROCESSING"]);
    await books.poll(evening(33));
    expect(books.statuses()).toEqual(["1 FAILED", "1/a2 COMPLETED"]);
    expect(books.account.state.taxLockPaise).toBe(PUSH.taxLockPaise);
    expect(payoutsUnderWayPaise(books.account.state)).toBe(0);
  });

  it("is not tried again when the rail takes its failure back, and is booked instead", async () => {
    const books = new Books(new WordyRail(() => ["FAILED", "COMPLETED"]), [PUSH]);
    await books.handOver(evening(25));
    for (const minute of [26, 28, 33]) await books.poll(evening(minute));
    expect(books.statuses()).toEqual(["1 COMPLETED"]);
    expect(books.rail.taken).toEqual([PUSH.transferId]);
  });

  it("is not tried a third time once the rail says that the first attempt has arrived after all", async () => {
    const books = new Books(new WordyRail(() => ["FAILED"]), [PUSH]);
    await books.handOver(evening(25));
    await books.poll(evening(26));
    await books.poll(evening(28));
    // The rail's own word, late: nobody had asked it again.
    const told = { status: "COMPLETED", railReference: "R", failure: null } as const;
    books.account.do({ type: "UPDATE_TRANSFER", atMs: evening(29), transferId: PUSH.transferId, ...told });
    books.rail.words.set(PUSH.transferId, [{ kind: "COMPLETED", reference: "R" }]);
    for (const minute of [31, 33, 35, 37]) await books.poll(evening(minute));
    expect(books.statuses()).toEqual(["1 COMPLETED", "1/a2 FAILED"]);
    expect(payoutsUnderWayPaise(books.account.state)).toBe(0);
    expect(hasPaidOut(MONDAY, books.account.state.transfers)).toBe(true);
    // Sent back days later it is tried again, and not under an id that the rail has called failed.
    books.openDay(DATES[1] ?? MONDAY);
    books.rail.words.set(PUSH.transferId, [{ kind: "REVERSED", reference: "R", code: "ACCOUNT_CLOSED" }]);
    for (const time of ["09:16", "09:18"]) await books.poll(istInstant("2025-09-02" as MarketDate, time));
    expect(books.statuses()).toEqual(["1 REVERSED", "1/a2 FAILED", "1/a3 PROCESSING"]);
    expectSoundHistory(books.account.events, books.account.state);
  });

  it("stays known over the next days: sent back on Wednesday, the money returns to cash and leaves once more", async () => {
    const books = new Books(
      new WordyRail(({ attempt }) =>
        attempt === 2 ? ["COMPLETED"] : ["COMPLETED", "COMPLETED", "COMPLETED", "REVERSED"],
      ),
      [PUSH],
    );
    const { cashPaise, savingsPaise } = books.account.state;
    await books.handOver(evening(25));
    await books.poll(evening(26));
    books.openDay(DATES[1] ?? MONDAY);
    await books.poll(istInstant("2025-09-02" as MarketDate, "09:16"));
    expect(books.account.state.cashPaise).toBe(cashPaise - PUSH.amountPaise);
    books.openDay(DATES[2] ?? MONDAY);
    await books.poll(istInstant("2025-09-03" as MarketDate, "09:16"));
    await books.poll(istInstant("2025-09-03" as MarketDate, "15:26"));
    expect(books.statuses()).toEqual(["1 REVERSED"]);
    expect([books.account.state.cashPaise, books.account.state.savingsPaise]).toEqual([cashPaise, savingsPaise]);
    expect(books.account.state.taxLockPaise).toBe(0);
    await books.poll(istInstant("2025-09-03" as MarketDate, "15:28"));
    await books.poll(istInstant("2025-09-03" as MarketDate, "15:33"));
    expect(books.statuses()).toEqual(["1 REVERSED", "1/a2 COMPLETED"]);
    expect(books.account.state.cashPaise).toBe(cashPaise - PUSH.amountPaise);
    expectSoundHistory(books.account.events, books.account.state);
  });

  it("is left to a person after three attempts, and its money is the account's to use again", async () => {
    const books = new Books(new WordyRail(() => ["NOT_FOUND"]), [PUSH]);
    await books.handOver(evening(25));
    for (let minute = 26; minute < 40; minute += 1) await books.poll(evening(minute));
    expect(books.statuses()).toEqual(["1 FAILED", "1/a2 FAILED", "1/a3 FAILED"]);
    expect(payoutsUnderWayPaise(books.account.state)).toBe(0);
  });

  it("never is paid twice, whatever the rail says in whatever order over five days", async () => {
    let retried = 0;
    let arrivedParts = 0;
    for (let seed = 1; seed <= 150; seed += 1) {
      const random = new Seeded(seed);
      const script = (): TransferProgress["kind"][] => {
        const waits = Array.from({ length: random.below(3) }, () => "PROCESSING" as const);
        if (random.chance(0.2)) return ["NOT_FOUND"];
        if (random.chance(0.4)) return [...waits, "FAILED", random.pick(["FAILED", "COMPLETED"] as const)];
        const stays = Array.from({ length: 1 + random.below(6) }, () => "COMPLETED" as const);
        return [...waits, ...stays, random.pick(["COMPLETED", "COMPLETED", "REVERSED"] as const)];
      };
      const books = new Books(new WordyRail(script), [PUSH, SECOND]);
      const { cashPaise: cashBefore } = books.account.state;
      await books.handOver(evening(25));
      for (const [index, date] of DATES.entries()) {
        if (index > 0) books.openDay(date);
        for (const time of ["09:16", "15:26", "15:28", "15:33"]) {
          await books.poll(epochMs(Math.max(books.account.state.lastEventMs, istInstant(date, time))));
          const paid = new Map<string, number>();
          for (const { attemptOf, transferId, status } of books.pushes()) {
            const mayArrive = status === "COMPLETED" || status === "PROCESSING" || status === "PENDING";
            const part = attemptOf ?? transferId;
            paid.set(part, (paid.get(part) ?? 0) + (mayArrive ? 1 : 0));
          }
          expect(Math.max(0, ...paid.values()), `seed ${seed}`).toBeLessThanOrEqual(1);
        }
      }
      // What is booked as having left is what stands as completed, to the paisa.
      const arrived = books.pushes().filter(({ status }) => status === "COMPLETED");
      const arrivedPaise = arrived.reduce((sum, { amountPaise }) => sum + amountPaise, 0);
      expect(cashBefore - books.account.state.cashPaise, `seed ${seed}`).toBe(arrivedPaise);
      expect(new Set(books.rail.taken).size, `seed ${seed}`).toBe(books.rail.taken.length);
      expectSoundHistory(books.account.events, books.account.state);
      const { transfers } = books.account.state;
      for (const transfer of books.pushes()) {
        if (transfer.status === "FAILED" && isDueAgain(transfer, transfers)) expect(transfer.attempt).not.toBe(3);
      }
      retried += books.account.events.filter(
        (event) => event.type === "TRANSFER_REQUESTED" && event.transfer.attempt !== undefined,
      ).length;
      arrivedParts += arrived.length;
    }
    expect(retried).toBeGreaterThan(100);
    expect(arrivedParts).toBeGreaterThan(200);
  });
});
