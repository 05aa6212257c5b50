// Which movements of money an event is, as double entries. Every entry sums to zero, and so do an account's own lines and the
// platform's lines within it; the balances follow from the journal alone.
import type { AccountEvent } from "../account/event.ts";
import { findOrder } from "../account/finished-orders.ts";
import type { AccountState } from "../account/state.ts";
import type { Transfer } from "../funds/transfer.ts";
import { assert, required } from "../kernel/assert.ts";
import { addPaise, negatePaise, paise, subtractPaise, sumPaise, valuePaise, ZERO_PAISE } from "../kernel/money.ts";
import type { SettlementWorksheet } from "../settlement/worksheet.ts";
import { bookingDate } from "./booking-date.ts";
import {
  CHARGE_HEADS,
  chargesAccount,
  GST_ON_FEE,
  isPlatformAccount,
  OPENING_CAPITAL,
  PLATFORM_CHARGES_PAYABLE,
  PLATFORM_CLEARING,
  PLATFORM_FEE,
  PLATFORM_GST_PAYABLE,
  POSITIONS,
  platformFeeAccount,
  REALISED,
  SAVINGS,
  TAX_LOCK,
  TAX_PROVISION,
  TAX_RESERVE,
  TRADING_CASH,
} from "./chart-of-accounts.ts";
import type { LedgerEntry, LedgerEntryKind, LedgerLine } from "./entry.ts";
import { canonicalJson } from "./hash-chain.ts";

interface Posting {
  readonly kind: LedgerEntryKind;
  readonly reference: string;
  readonly lines: readonly LedgerLine[];
}

/**
 * The entries of one event, given the state before it; none when no money moves. Throws InvariantBroken when an entry does
 * not sum to zero, which would be a fault of these rules or of the event.
 */
export function postingsOf(before: AccountState, event: AccountEvent, sequence: number): LedgerEntry[] {
  const accountId = accountIdOf(before, event);
  const date = bookingDate(before, event.atMs);
  return postings(before, event)
    .map((posting) => ({ ...posting, lines: posting.lines.filter(({ amountPaise }) => amountPaise !== 0) }))
    .filter(({ lines }) => lines.length > 0)
    .map(({ kind, reference, lines }, part) => {
      assertBalanced(lines, `${event.type} ${sequence}/${part}`);
      return { accountId, sequence, part, kind, date, atMs: event.atMs, reference, lines };
    });
}

/** The leaf that stands for an entry in the day's Merkle log: its canonical JSON. */
export const ledgerLeaf = (entry: LedgerEntry): string => canonicalJson(entry);

function postings(before: AccountState, event: AccountEvent): Posting[] {
  switch (event.type) {
    case "ACCOUNT_OPENED": {
      const { savingsPaise } = event.profile;
      return [posting("OPENING", "opening", [line(SAVINGS, savingsPaise), line(OPENING_CAPITAL, -savingsPaise)])];
    }
    case "TRANSFER_UPDATED":
      return transferPostings(required(before.transfers[event.transferId], "the transfer"), event.status);
    case "ORDER_FILLED":
      return [fillPosting(before, event)];
    case "DAY_SETTLED":
      return settlementPostings(event.worksheet);
    case "SETTLEMENT_FINALISED":
      return [adjustmentPosting(required(before.day?.provisional, "the provisional settlement"), event.worksheet)];
    default:
      return [];
  }
}

/** Money moves when the rail says that it has; a transfer reversed after that is booked back. */
function transferPostings(transfer: Transfer, status: Transfer["status"]): Posting[] {
  const completes = status === "COMPLETED" && transfer.status !== "COMPLETED";
  const undoes = status === "REVERSED" && transfer.status === "COMPLETED";
  if (!completes && !undoes) return [];
  const { amountPaise, taxLockPaise } = transfer;
  const direction = (transfer.kind === "PULL" ? 1 : -1) * (completes ? 1 : -1);
  return [
    posting(transfer.kind === "PULL" ? "PAY_IN" : "PAY_OUT", transfer.transferId, [
      line(TRADING_CASH, direction * amountPaise),
      line(SAVINGS, -direction * (amountPaise - taxLockPaise)),
      line(TAX_LOCK, -direction * taxLockPaise),
    ]),
  ];
}

/** Cash against positions at cost; what closing earned goes to the realised account. */
function fillPosting(before: AccountState, event: Extract<AccountEvent, { readonly type: "ORDER_FILLED" }>): Posting {
  const { fill, realisedPaise, closedCostPaise } = event;
  const { side } = required(findOrder(before, event.clientOrderId), "the order");
  const tradedPaise = valuePaise(fill.pricePaise, fill.units);
  const cashPaise = side === "SELL" ? tradedPaise : negatePaise(tradedPaise);
  // What the fill opened: all of the cash that neither closed something at cost nor was earned.
  const openedCostPaise = subtractPaise(addPaise(realisedPaise, closedCostPaise), cashPaise);
  return posting("FILL", fill.executionId, [
    line(TRADING_CASH, cashPaise),
    line(POSITIONS, -closedCostPaise),
    line(POSITIONS, openedCostPaise),
    line(REALISED, -realisedPaise),
  ]);
}

function settlementPostings(worksheet: SettlementWorksheet): Posting[] {
  const reference = `${worksheet.date}/${worksheet.stage}`;
  const { taxLockPaise } = worksheet;
  return [
    posting("CHARGES", reference, chargeLines(worksheet)),
    posting("FEE", reference, feeLines(worksheet)),
    posting("TAX_LOCK", reference, [line(TAX_PROVISION, taxLockPaise), line(TAX_RESERVE, -taxLockPaise)]),
  ];
}

/** The final worksheet's lines less the provisional's: only what has changed is booked. */
function adjustmentPosting(provisional: SettlementWorksheet, final: SettlementWorksheet): Posting {
  const linesOf = (worksheet: SettlementWorksheet): LedgerLine[] => [
    ...chargeLines(worksheet),
    ...feeLines(worksheet),
    line(TAX_PROVISION, worksheet.taxLockPaise),
    line(TAX_RESERVE, -worksheet.taxLockPaise),
  ];
  const reversed = linesOf(provisional).map(({ account, amountPaise }) => line(account, -amountPaise));
  const differences = trialBalanceOfLines([...linesOf(final), ...reversed]);
  return posting(
    "ADJUSTMENT",
    `${final.date}/${final.stage}`,
    [...differences].map(([account, amountPaise]) => line(account, amountPaise)),
  );
}

/** Sum of a list of lines by account, in the order in which accounts first appear. */
function trialBalanceOfLines(lines: readonly LedgerLine[]): Map<string, number> {
  const balances = new Map<string, number>();
  for (const { account, amountPaise } of lines) balances.set(account, (balances.get(account) ?? 0) + amountPaise);
  return balances;
}

function chargeLines({ charges }: SettlementWorksheet): LedgerLine[] {
  return [
    ...CHARGE_HEADS.map(({ head, of }) => line(chargesAccount(head), of(charges))),
    line(TRADING_CASH, -charges.totalPaise),
    line(PLATFORM_CLEARING, charges.totalPaise),
    line(PLATFORM_CHARGES_PAYABLE, -charges.totalPaise),
  ];
}

function feeLines({ feePaise, gstOnFeePaise, feeShares }: SettlementWorksheet): LedgerLine[] {
  const collectedPaise = addPaise(feePaise, gstOnFeePaise);
  return [
    line(PLATFORM_FEE, feePaise),
    line(GST_ON_FEE, gstOnFeePaise),
    line(TRADING_CASH, -collectedPaise),
    line(PLATFORM_CLEARING, collectedPaise),
    ...feeShares.map(({ party, amountPaise }) => line(platformFeeAccount(party), -amountPaise)),
    line(PLATFORM_GST_PAYABLE, -gstOnFeePaise),
  ];
}

function assertBalanced(lines: readonly LedgerLine[], what: string): void {
  const sumOf = (part: readonly LedgerLine[]): number => sumPaise(part, ({ amountPaise }) => amountPaise);
  assert(sumOf(lines) === ZERO_PAISE, `entry ${what} does not sum to zero`);
  const platform = lines.filter(({ account }) => isPlatformAccount(account));
  assert(sumOf(platform) === ZERO_PAISE, `the platform's part of entry ${what} does not sum to zero`);
}

const posting = (kind: LedgerEntryKind, reference: string, lines: readonly LedgerLine[]): Posting => ({
  kind,
  reference,
  lines,
});

const line = (account: string, amountPaise: number): LedgerLine => ({ account, amountPaise: paise(amountPaise) });

const accountIdOf = (before: AccountState, event: AccountEvent): string =>
  event.type === "ACCOUNT_OPENED" ? event.profile.accountId : required(before.profile, "an open account").accountId;
