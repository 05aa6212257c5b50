// Whether, in the end, the account's books are the venue's: every order, every execution, every unit, every paisa; and whether
// what was told to the rest of the platform is what the journal says.
import type { JournalEntry } from "../../../src/core/account/event.ts";
import { EMPTY_ACCOUNT, evolve } from "../../../src/core/account/evolve.ts";
import { brokenInvariants } from "../../../src/core/account/invariants.ts";
import { reconcile } from "../../../src/core/account/reconcile.ts";
import type { AccountState } from "../../../src/core/account/state.ts";
import { SAVINGS, TAX_LOCK, TRADING_CASH } from "../../../src/core/ledger/chart-of-accounts.ts";
import type { LedgerEntry } from "../../../src/core/ledger/entry.ts";
import { canonicalJson, verifyChain } from "../../../src/core/ledger/hash-chain.ts";
import { trialBalance } from "../../../src/core/ledger/trial-balance.ts";
import { isTerminal } from "../../../src/core/order/order.ts";
import { projectEvent } from "../../../src/core/reporting/project.ts";
import type { ReadModelRow } from "../../../src/core/reporting/projection.ts";
import type { AccountVerification } from "../../../src/ports/objects.ts";
import { type Consumers, entryKey, rowKey } from "./consumers.ts";
import type { Venue, VenueOrder } from "./venue.ts";

export interface Findings {
  /** Orders or executions that one side knows and the other does not. */
  readonly lost: string[];
  /** What has not come to an end. */
  readonly unresolved: string[];
  /** Books that do not add up, or differ. */
  readonly books: string[];
}

interface OwnOrder {
  readonly key: string;
  readonly clientOrderId: string;
  readonly date: string;
  readonly fills: Map<string, { readonly units: number; readonly pricePaise: number }>;
}

export function compareBooks(input: {
  readonly accountId: string;
  readonly journal: readonly JournalEntry[];
  readonly state: AccountState;
  /** What the object says of itself; null = not asked. */
  readonly verification: AccountVerification | null;
  readonly outbox: { readonly pending: number; readonly parked: number };
  readonly venue: Venue;
  readonly consumers: Consumers;
  readonly acknowledged: readonly { readonly date: string; readonly clientOrderId: string }[];
  readonly isThorough: boolean;
}): Findings {
  const findings: Findings = { lost: [], unresolved: [], books: [] };
  const { own, denied, parents } = ordersIn(input.journal);
  againstVenue(findings, input.accountId, own, input.venue);
  for (const { date, clientOrderId } of input.acknowledged) {
    const key = `${date}/${clientOrderId}`;
    if (!own.has(key) && !denied.has(key) && !parents.has(key))
      findings.lost.push(`${key} was acknowledged and is not in the journal`);
  }
  ended(findings, input.state);
  if (input.verification !== null) verified(findings, input.verification);
  undelivered(findings, input.outbox);
  told(findings, input);
  return findings;
}

/** What the journal says of every order that was submitted, and the names of those that were not. */
function ordersIn(journal: readonly JournalEntry[]) {
  const own = new Map<string, OwnOrder>();
  const denied = new Set<string>();
  const parents = new Set<string>();
  let date = "";
  for (const { event } of journal) {
    if (event.type === "DAY_OPENED") date = event.date;
    else if (event.type === "ORDER_DENIED") denied.add(`${date}/${event.terms.clientOrderId}`);
    // The parent of slices is on record as a list; its slices are orders of their own.
    else if (event.type === "LIST_SUBMITTED" || event.type === "LIST_DENIED") {
      parents.add(`${date}/${event.terms.listId}`);
    } else if (event.type === "ORDER_SUBMITTED") {
      const { clientOrderId } = event.terms;
      own.set(`${date}/${clientOrderId}`, { key: `${date}/${clientOrderId}`, clientOrderId, date, fills: new Map() });
    } else if (event.type === "ORDER_FILLED") {
      const { executionId, units, pricePaise } = event.fill;
      own.get(`${date}/${event.clientOrderId}`)?.fills.set(executionId, { units, pricePaise });
    }
  }
  return { own, denied, parents };
}

function againstVenue(findings: Findings, accountId: string, own: ReadonlyMap<string, OwnOrder>, venue: Venue): void {
  const byKey = new Map<string, VenueOrder[]>();
  for (const order of venue.orders) {
    if (order.accountId !== accountId) continue;
    const key = `${order.date}/${order.terms.clientOrderId}`;
    byKey.set(key, [...(byKey.get(key) ?? []), order]);
    if (!own.has(key)) findings.lost.push(`${key} is at the venue and not in the journal`);
  }
  for (const { key, fills } of own.values()) {
    const dealt = (byKey.get(key) ?? []).flatMap((order) => order.fills);
    const dealtUnits = dealt.reduce((sum, fill) => sum + fill.units, 0);
    const dealtPaise = dealt.reduce((sum, fill) => sum + fill.units * fill.pricePaise, 0);
    let bookedUnits = 0;
    let bookedPaise = 0;
    for (const { units, pricePaise } of fills.values()) {
      bookedUnits += units;
      bookedPaise += units * pricePaise;
    }
    if (dealtUnits !== bookedUnits) findings.lost.push(`${key}: ${dealtUnits} units dealt, ${bookedUnits} booked`);
    else if (dealtPaise !== bookedPaise)
      findings.books.push(`${key}: ${dealtPaise} paise dealt, ${bookedPaise} booked`);
  }
}

function ended(findings: Findings, state: AccountState): void {
  for (const order of Object.values(state.orders))
    if (!isTerminal(order.status)) findings.unresolved.push(`${order.clientOrderId} is ${order.status}`);
  for (const [instrumentId, { position }] of Object.entries(state.openTrades))
    findings.unresolved.push(`${position.netUnits} of ${instrumentId} are open`);
  if (state.day?.status !== "CLOSED") findings.unresolved.push(`the day is ${state.day?.status ?? "not there"}`);
  if (state.tradingState === "HALTED") findings.books.push(`halted: ${state.haltReason}`);
  findings.books.push(...brokenInvariants(state));
}

function verified(findings: Findings, verification: AccountVerification): void {
  const { books } = findings;
  if (!verification.chainIntact) books.push("the hash chain is broken");
  if (!verification.foldEqualsSnapshot) books.push("the journal does not fold to the state");
  if (!verification.ledgerBalanced) books.push("the ledger does not balance");
  if (!verification.cashReconciles) books.push("the cash does not reconcile");
}

function undelivered(
  findings: Findings,
  { pending, parked }: { readonly pending: number; readonly parked: number },
): void {
  if (pending > 0) findings.unresolved.push(`${pending} messages are not confirmed`);
  if (parked > 0) findings.unresolved.push(`${parked} messages are parked`);
}

/** The read models and the ledger in D1 are exactly what the journal comes to. */
function told(
  findings: Findings,
  { accountId, journal, state: held, consumers, isThorough }: Parameters<typeof compareBooks>[0],
): void {
  const rows = new Map<string, ReadModelRow>();
  const postings: LedgerEntry[] = [];
  let state = EMPTY_ACCOUNT;
  for (const entry of journal) {
    const after = evolve(state, entry.event);
    const projected = projectEvent(state, entry, after);
    if (isThorough) {
      for (const broken of brokenInvariants(after)) findings.books.push(`after entry ${entry.sequence}: ${broken}`);
    }
    for (const row of projected.rows) rows.set(rowKey(row), row);
    postings.push(...projected.entries);
    state = after;
  }
  for (const [key, row] of rows) {
    if (JSON.stringify(consumers.rows.get(key)) !== JSON.stringify(row)) findings.books.push(`read model ${key}`);
  }
  for (const posting of postings) {
    const stored = consumers.entries.get(entryKey(posting));
    if (JSON.stringify(stored) !== JSON.stringify(posting)) findings.books.push(`ledger entry ${entryKey(posting)}`);
  }
  const stored = [...consumers.entries.values()].filter((entry) => entry.accountId === accountId).length;
  if (stored !== postings.length)
    findings.books.push(`${stored} ledger entries are stored, ${postings.length} were made`);
  summedUp(findings, journal, state, held, postings);
}

/** Chain, fold and double entry over the whole journal. */
function summedUp(
  { books }: Findings,
  journal: readonly JournalEntry[],
  folded: AccountState,
  held: AccountState,
  postings: readonly LedgerEntry[],
): void {
  const broken = verifyChain(journal);
  if (broken !== null) books.push(`the hash chain breaks at ${broken}`);
  if (canonicalJson(folded) !== canonicalJson(held)) books.push("the journal does not fold to the state");
  const { everyEntryBalanced, sumPaise, balances } = trialBalance(postings);
  if (!everyEntryBalanced || sumPaise !== 0) books.push("a ledger entry does not sum to zero");
  const cash = [
    [TRADING_CASH, held.cashPaise],
    [SAVINGS, held.savingsPaise],
    [TAX_LOCK, held.taxLockPaise],
  ] as const;
  for (const [account, paise] of cash)
    if ((balances[account] ?? 0) !== paise) books.push(`${account}: ${balances[account]} in the ledger, ${paise} held`);
  const { differencePaise } = reconcile(journal, held);
  if (differencePaise !== 0) books.push(`cash differs by ${differencePaise} paise from the facts in the journal`);
}
