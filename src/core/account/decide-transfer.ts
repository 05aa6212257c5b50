// The morning's PULL, the evening's PUSH, and what the rail says of them. Each happens once a day; what the rail repeats
// changes nothing. A pay-out that failed or came back is tried again; a PULL that failed is made up for by the next morning's.
import { isDueAgain, nextAttempt } from "../funds/attempts.ts";
import { planTransfers, pullAmountPaise, pushAmounts } from "../funds/plan.ts";
import type { TransferKind } from "../funds/transfer.ts";
import { applyTransferStatus } from "../funds/transfer-status.ts";
import { required } from "../kernel/assert.ts";
import { addPaise, type Paise, subtractPaise, ZERO_PAISE } from "../kernel/money.ts";
import { err, ok } from "../kernel/result.ts";
import { fundingUnderWayPaise, payoutsUnderWayPaise } from "../risk/exposure.ts";
import type { Command } from "./command.ts";
import type { Decision } from "./decide.ts";
import type { AccountState } from "./state.ts";

type Of<Type extends Command["type"]> = Extract<Command, { readonly type: Type }>;

/** The rail whose name stands in a transfer until a real one is linked. */
const RAIL = "SIMULATED";

/** Fills the trading account up to the capital level, as far as the savings reach (FND-07). What a slow rail still brings counts. */
export function requestPull(state: AccountState, command: Of<"REQUEST_PULL">): Decision {
  const profile = required(state.profile, "an open account");
  const comingPaise = fundingUnderWayPaise(state);
  const amountPaise = pullAmountPaise({
    capitalPaise: profile.capitalPaise,
    cashPaise: subtractPaise(addPaise(state.cashPaise, comingPaise), payoutsUnderWayPaise(state)),
    availableSavingsPaise: subtractPaise(state.savingsPaise, comingPaise),
  });
  return request(state, command, "PULL", amountPaise, ZERO_PAISE);
}

/** Moves exactly the settlement's pay-out (SET-08). */
export function requestPush(state: AccountState, command: Of<"REQUEST_PUSH">): Decision {
  const { provisional } = required(state.day, "a day");
  if (provisional === null) return err({ code: "NOT_FLAT", detail: "the day has not been settled yet" });
  const { amountPaise, taxLockPaise } = pushAmounts(provisional);
  return request(state, command, "PUSH", amountPaise, taxLockPaise);
}

export function updateTransfer(state: AccountState, command: Of<"UPDATE_TRANSFER">): Decision {
  const { transferId, status, railReference, failure, atMs } = command;
  const transfer = state.transfers[transferId];
  if (transfer === undefined || transfer.status === status) return ok([]);
  if (!applyTransferStatus(transfer, command).ok) return ok([]);
  return ok([{ type: "TRANSFER_UPDATED", atMs, transferId, status, railReference, failure }]);
}

/** A pay-out is owed until it has arrived; what is not due again changes nothing. */
export function retryTransfer(state: AccountState, { atMs, transferId }: Of<"RETRY_TRANSFER">): Decision {
  const failed = state.transfers[transferId];
  if (failed === undefined || !isDueAgain(failed, state.transfers)) return ok([]);
  const transfer = nextAttempt(failed, atMs);
  const jobKey = `RETRY/${transfer.date}/${transfer.transferId}`;
  return ok([{ type: "TRANSFER_REQUESTED", atMs, jobKey, transfer }]);
}

function request(
  state: AccountState,
  { atMs, jobKey }: { readonly atMs: Of<"REQUEST_PULL">["atMs"]; readonly jobKey: string },
  kind: TransferKind,
  amountPaise: Paise,
  taxLockPaise: Paise,
): Decision {
  const { accountId } = required(state.profile, "an open account");
  const { date } = required(state.day, "a day");
  const plan = { accountId, date, kind, amountPaise, taxLockPaise, rail: RAIL, atMs };
  const transfers = planTransfers(plan).filter(({ transferId }) => state.transfers[transferId] === undefined);
  return transfers.length === 0
    ? ok([{ type: "JOB_DONE", atMs, jobKey, note: `nothing to move by ${kind}` }])
    : ok(transfers.map((transfer) => ({ type: "TRANSFER_REQUESTED", atMs, jobKey, transfer })));
}
