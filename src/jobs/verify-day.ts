// Holds a day's books against each other. Each check takes its two sides from different places: the accounts' journals, the
// read models, the ledger, the venue's figures, the queues' leftovers.
import { leavesSealedOn } from "../adapters/read-models/ledger.ts";
import { storedRows } from "../adapters/storage/stored-rows.ts";
import { inLanes } from "../core/kernel/in-lanes.ts";
import type { MarketDate } from "../core/kernel/time.ts";
import { merkleRoot } from "../core/ledger/merkle.ts";
import { projectionHash } from "../core/reporting/project.ts";
import { dayPlan } from "../core/session/day-plan.ts";
import { jobKeyOf } from "../core/session/job.ts";
import type { AppEnv } from "../env.ts";
import type { DayVerification, InvariantCheck } from "../ports/jobs.ts";
import type { AccountVerification } from "../ports/objects.ts";
import { activeAccounts } from "./active-accounts.ts";
import { dayTotals } from "./day-totals.ts";
import { missedLetters, type OpenLetter, type Waiting } from "./dead-letters.ts";
import { marketHoursOf } from "./market-hours.ts";

const LANES_MAX = 8;
const LETTERS_MAX = 1_000;

/** What is known of one account from outside of its journal. */
interface AccountEvidence {
  readonly verification: AccountVerification;
  readonly storedHash: string;
  readonly storedEntries: number;
  /** Money at the end minus money at the start and everything that is known to have changed it; zero when all is known. */
  readonly unexplainedPaise: number;
  /** Paid out minus what the provisional settlement said, over all days. */
  readonly payoutDifferencePaise: number;
}

export async function verifyDay(env: AppEnv, date: MarketDate): Promise<DayVerification> {
  const accountIds = await activeAccounts(env, date);
  const evidence = await inLanes(accountIds, LANES_MAX, (accountId) => evidenceOf(env, accountId));
  const notDone = await jobsNotDone(env, date);
  const waiting = {
    jobKeys: notDone,
    accountIds: evidence
      .filter(({ verification }) => verification.outboxPending + verification.outboxParked > 0)
      .map(({ verification }) => verification.accountId),
  };
  const totals = await dayTotals(env.DB, date, accountIds);
  const each = (name: string, holds: (one: AccountEvidence) => boolean, detail: (one: AccountEvidence) => unknown) =>
    check(
      name,
      evidence.filter((one) => !holds(one)).map((one) => `${one.verification.accountId}: ${detail(one)}`),
    );
  const invariants = [
    check("accounts", accountIds.length > 0 ? [] : [`no account took part in ${date}`]),
    check("every job of the day is done", notDone),
    each(
      "flat at the end",
      (one) => one.verification.openPositions === 0,
      (one) => `${one.verification.openPositions} open`,
    ),
    check("read models say flat", totals.openPositions === 0 ? [] : [`${totals.openPositions} positions are not zero`]),
    each(
      "journal hash chain",
      (one) => one.verification.chainIntact,
      (one) => `broken after ${one.verification.headHash}`,
    ),
    each(
      "state equals its journal",
      (one) => one.verification.foldEqualsSnapshot,
      () => "the fold differs",
    ),
    each(
      "read models equal the journals",
      (one) => one.storedHash === one.verification.projectionHash,
      (one) => `D1 ${one.storedHash}, journal ${one.verification.projectionHash}`,
    ),
    each(
      "every ledger entry is stored",
      (one) => one.storedEntries === one.verification.ledgerEntries,
      (one) => `D1 ${one.storedEntries}, journal ${one.verification.ledgerEntries}`,
    ),
    each(
      "journal entries sum to zero",
      (one) => one.verification.ledgerBalanced,
      () => "an entry does not",
    ),
    check("stored entries sum to zero", await unbalancedEntries(env.DB)),
    each(
      "cash reconciles with the journal",
      (one) => one.verification.cashReconciles,
      () => "balances differ",
    ),
    each(
      "cash, pay-outs, charges and fees reconcile with the fills",
      (one) => one.unexplainedPaise === 0,
      (one) => `${one.unexplainedPaise} paise unexplained`,
    ),
    each(
      "paid out exactly once what was settled",
      (one) => one.payoutDifferencePaise === 0,
      (one) => `${one.payoutDifferencePaise} paise`,
    ),
    check("checkpoint stands for what it sealed", await checkpointDefects(env.DB, date)),
    each(
      "outboxes are empty",
      (one) => one.verification.outboxPending + one.verification.outboxParked === 0,
      (one) => `${one.verification.outboxPending} pending, ${one.verification.outboxParked} parked`,
    ),
    check("no dead letters", await deadLetters(env.DB, waiting)),
  ];
  return { invariants, totals };
}

async function evidenceOf(env: AppEnv, accountId: string): Promise<AccountEvidence> {
  const account = env.ACCOUNT.getByName(accountId);
  const [verification, state, rows] = await Promise.all([
    account.verify(),
    account.state(),
    storedRows(env.DB, accountId),
  ]);
  const storedEntries = await env.DB.prepare("SELECT COUNT(*) AS n FROM ledger_entries WHERE account_id = ?1")
    .bind(accountId)
    .first<number>("n");
  const sum = <Row>(items: readonly Row[], of: (item: Row) => number): number =>
    items.reduce((total, item) => total + of(item), 0);
  const settlements = rows.filter((row) => row.table === "settlements");
  const finalDates = new Set(settlements.filter((row) => row.stage === "FINAL").map((row) => row.date));
  const binding = settlements.filter((row) => row.stage === "FINAL" || !finalDates.has(row.date));
  const earnedPaise = sum(
    rows.filter((row) => row.table === "trades"),
    (trade) => trade.realisedPaise,
  );
  const spentPaise = sum(binding, (row) => row.chargesPaise + row.feePaise + row.gstOnFeePaise);
  const heldPaise =
    state.cashPaise +
    state.savingsPaise +
    state.taxLockPaise +
    sum(Object.values(state.openTrades), (trade) => trade.position.costPaise);
  return {
    verification,
    storedHash: projectionHash(rows),
    storedEntries: storedEntries ?? 0,
    unexplainedPaise: heldPaise - ((state.profile?.savingsPaise ?? 0) + earnedPaise - spentPaise),
    payoutDifferencePaise:
      sum(
        rows
          .filter((row) => row.table === "transfers")
          .filter((row) => row.kind === "PUSH" && row.status === "COMPLETED"),
        (transfer) => transfer.amountPaise,
      ) -
      sum(
        settlements.filter((row) => row.stage === "PROVISIONAL"),
        (row) => row.payoutPaise,
      ),
  };
}

async function jobsNotDone(env: AppEnv, date: MarketDate): Promise<string[]> {
  const { results } = await env.DB.prepare("SELECT job_key AS jobKey FROM job_runs WHERE date = ?1 AND state = 'DONE'")
    .bind(date)
    .all<{ jobKey: string }>();
  const done = new Set(results.map((row) => row.jobKey));
  return dayPlan(date, await marketHoursOf(env, date))
    .map(({ job }) => jobKeyOf(job))
    .filter((jobKey) => !done.has(jobKey));
}

async function unbalancedEntries(db: D1Database): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT account_id || '/' || sequence || '/' || part AS entry FROM ledger_lines
       GROUP BY account_id, sequence, part HAVING SUM(amount_paise) <> 0 LIMIT 5`,
    )
    .all<{ entry: string }>();
  return results.map((row) => row.entry);
}

async function checkpointDefects(db: D1Database, date: MarketDate): Promise<string[]> {
  const checkpoint = await db
    .prepare("SELECT size, root FROM checkpoints WHERE date = ?1")
    .bind(date)
    .first<{ size: number; root: string }>();
  if (checkpoint === null) return [`no checkpoint of ${date}`];
  const leaves = (await leavesSealedOn(db, date)).map(({ leaf }) => leaf);
  const root = merkleRoot(leaves);
  return checkpoint.size === leaves.length && checkpoint.root === root
    ? []
    : [`${checkpoint.size} entries ${checkpoint.root}, stored are ${leaves.length} entries ${root}`];
}

async function deadLetters(db: D1Database, waiting: Waiting): Promise<string[]> {
  const { results } = await db
    .prepare("SELECT id, queue, body FROM dead_letters WHERE state = 'PENDING' ORDER BY first_seen_ms, id LIMIT ?1")
    .bind(LETTERS_MAX)
    .all<OpenLetter>();
  return missedLetters(results, waiting).map(({ queue, id }) => `${queue}/${id}`);
}

const check = (name: string, defects: readonly string[]): InvariantCheck => ({
  name,
  ok: defects.length === 0,
  detail: defects.slice(0, 5).join("; "),
});
