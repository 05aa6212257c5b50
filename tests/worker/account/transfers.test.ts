import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Submission } from "../../../durable-objects/account/submission.ts";
import { pollTransfers, type TransferUpdate } from "../../../durable-objects/account/transfers.ts";
import { simulatedVenue } from "../../../src/adapters/venue/simulated.ts";
import { EMPTY_ACCOUNT } from "../../../src/core/account/evolve.ts";
import type { AccountState } from "../../../src/core/account/state.ts";
import type { Transfer } from "../../../src/core/funds/transfer.ts";
import { paise, sumPaise } from "../../../src/core/kernel/money.ts";
import { istInstant } from "../../../src/core/kernel/time.ts";
import type { InitiateOutcome, PaymentRail, TransferProgress } from "../../../src/ports/payments.ts";
import { afterOpen, CLOSE, DATE, OPEN } from "../market-feed/feed-fixtures.ts";
import { jobKey, must, nifty, profile } from "./account-fixtures.ts";

const TRANSFER: Transfer = {
  transferId: `alpha/${DATE}/PULL/1`,
  kind: "PULL",
  date: DATE,
  amountPaise: paise(1_000_00),
  taxLockPaise: paise(0),
  status: "PENDING",
  rail: "SIMULATED",
  railReference: null,
  failure: null,
  requestedAtMs: OPEN,
  completedAtMs: null,
};

const noFeed = (): never => {
  throw new Error("no feed is needed");
};

/** A rail that answers as told, and an account state that books what it is told. */
function railWith(initiate: InitiateOutcome, status: TransferProgress) {
  const asked: string[] = [];
  const rail: PaymentRail = {
    name: "TOLD",
    initiate: async ({ transferId }) => {
      asked.push(`initiate ${transferId}`);
      return initiate;
    },
    status: async ({ transferId }) => {
      asked.push(`status ${transferId}`);
      return status;
    },
  };
  let state: AccountState = { ...EMPTY_ACCOUNT, transfers: { [TRANSFER.transferId]: TRANSFER } };
  const updates: TransferUpdate[] = [];
  const submission = new Submission(
    {
      state: () => state,
      nowMs: () => state.lastEventMs,
      feeds: noFeed,
      venue: simulatedVenue(noFeed),
      rail,
      isReplay: true,
      recover: async () => undefined,
      lookUp: async () => undefined,
      again: () => undefined,
      carryOut: (update) => {
        if (update.type !== "UPDATE_TRANSFER") throw new Error(`no ${update.type} is needed`);
        updates.push(update);
        const { status: to, railReference, failure } = update;
        state = {
          ...state,
          transfers: { [TRANSFER.transferId]: { ...TRANSFER, status: to, railReference, failure } },
        };
      },
    },
    [],
  );
  return { asked, updates, submission, rail, state: () => state };
}

describe("transfers on a rail", () => {
  it("are initiated once, processed until the rail has completed them, and booked then", async () => {
    await nifty();
    const account = env.ACCOUNT.getByName("alpha");
    must(await account.open(profile("alpha"), istInstant(DATE, "08:00")));
    const day = { date: DATE, openMs: OPEN, closeMs: CLOSE, vixCenti: 1_215 };
    must(
      await account.runJob({ type: "OPEN_DAY", atMs: istInstant(DATE, "09:00"), jobKey: jobKey("OPEN_DAY"), ...day }),
    );
    must(await account.runJob({ type: "REQUEST_PULL", atMs: OPEN, jobKey: jobKey("PULL") }));
    const transfers = Object.values((await account.state()).transfers);
    expect(transfers.length).toBeGreaterThan(0);
    for (const transfer of transfers) {
      expect(transfer).toMatchObject({ status: "PROCESSING", railReference: expect.stringContaining("SIMULATED") });
    }
    const poll = (seconds: number) =>
      account.runJob({ type: "POLL_TRANSFERS", atMs: afterOpen(seconds), jobKey: jobKey("POLL_TRANSFERS") });
    expect(must(await poll(19)).replayed).toBe(true);
    expect((await account.state()).cashPaise).toBe(0);
    expect(must(await poll(20)).replayed).toBe(false);
    expect((await account.state()).cashPaise).toBe(sumPaise(transfers, (transfer) => transfer.amountPaise));
    expect(must(await poll(60)).replayed).toBe(true);
  });

  it("fail with the rail's own code when it refuses", async () => {
    const { submission, updates } = railWith({ kind: "REFUSED", code: "ACCOUNT_BLOCKED" }, { kind: "NOT_FOUND" });
    await submission.drive();
    expect(updates).toMatchObject([{ status: "FAILED", failure: "ACCOUNT_BLOCKED" }]);
  });

  it("are looked up, not given again, when the answer was lost but the rail has them", async () => {
    const { submission, updates, asked } = railWith(
      { kind: "UNKNOWN", reason: "timeout" },
      { kind: "PROCESSING", reference: "R1" },
    );
    await submission.drive();
    expect(updates).toMatchObject([{ status: "PROCESSING", railReference: "R1" }]);
    expect(asked).toEqual([`initiate ${TRANSFER.transferId}`, `status ${TRANSFER.transferId}`]);
  });

  it("stay pending, to be given again later, when the answer was lost and the rail does not have them", async () => {
    const { submission, updates, asked } = railWith({ kind: "UNKNOWN", reason: "timeout" }, { kind: "NOT_FOUND" });
    await expect(submission.drive()).rejects.toThrow("timeout");
    expect(updates).toEqual([]);
    await expect(submission.drive()).rejects.toThrow("timeout");
    expect(asked.filter((question) => question.startsWith("initiate"))).toHaveLength(2);
  });

  it("are told as failed when the rail says so later", async () => {
    const { rail, state, submission } = railWith(
      { kind: "ACCEPTED", reference: "R1" },
      { kind: "FAILED", code: "RETURNED" },
    );
    await submission.drive();
    expect(await pollTransfers(rail, state(), afterOpen(60))).toMatchObject([
      { transferId: TRANSFER.transferId, status: "FAILED", railReference: "R1", failure: "RETURNED" },
    ]);
  });
});
