// A recorded day through the backtest engine, with everything the platform would have written about it.
import type { RecordedTapes } from "../../src/adapters/market-data/recorded/read-recorded-session.ts";
import { defaultLimits } from "../../src/core/account/category.ts";
import type { AccountEvent } from "../../src/core/account/event.ts";
import type { AccountProfile, Category } from "../../src/core/account/profile.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { BacktestAccount } from "../../src/core/backtest/account.ts";
import type { DayHistory } from "../../src/core/backtest/day-history.ts";
import { type MarketSource, TapeSource } from "../../src/core/backtest/market-source.ts";
import { type DayRun, runDay } from "../../src/core/backtest/run-day.ts";
import { RULE_SOURCE, type SignalSource } from "../../src/core/backtest/signal-source.ts";
import type { Underlying } from "../../src/core/instrument/contract.ts";
import type { Paise } from "../../src/core/kernel/money.ts";
import { type EpochMs, istInstant, marketDate } from "../../src/core/kernel/time.ts";
import type { LedgerEntry } from "../../src/core/ledger/entry.ts";
import { chainHash, GENESIS_HASH } from "../../src/core/ledger/hash-chain.ts";
import { postingsOf } from "../../src/core/ledger/posting-rules.ts";
import { QuoteBoard } from "../../src/core/market-feed/quote-board.ts";

const ACTIVATED_ON = marketDate("2020-01-01");

/** As `POST /v1/accounts` opens an account of a replay. */
export const replayProfile = (
  accountId: string,
  displayName: string,
  category: Category,
  capitalPaise: Paise,
  savingsPaise: Paise,
): AccountProfile => ({
  accountId,
  displayName,
  category,
  capitalPaise,
  savingsPaise,
  activatedOn: ACTIVATED_ON,
  feeSchedule: "v9",
  kyc: { state: "VERIFIED", source: "SEED", changedAtMs: istInstant(ACTIVATED_ON, "00:00") },
  limits: defaultLimits(category, capitalPaise),
});

export interface PlayedDay extends DayRun {
  readonly state: AccountState;
  readonly events: readonly AccountEvent[];
  readonly entries: readonly LedgerEntry[];
  /** Of the journal as the platform would have chained it. */
  readonly hash: string;
}

export interface PlayOptions {
  readonly openedAtMs?: EpochMs;
  readonly signals?: SignalSource;
  readonly sources?: Partial<Record<Underlying, MarketSource>>;
  readonly history?: DayHistory;
}

export function playRecorded(
  { session, tapes }: RecordedTapes,
  profile: AccountProfile,
  { openedAtMs, signals = RULE_SOURCE, sources, history }: PlayOptions = {},
): PlayedDay {
  const events: AccountEvent[] = [];
  const entries: LedgerEntry[] = [];
  let hash = GENESIS_HASH;
  const account = new BacktestAccount(
    profile,
    openedAtMs ?? istInstant(ACTIVATED_ON, "00:00"),
    (event, before, after) => {
      hash = chainHash(hash, after.sequence, event);
      events.push(event);
      entries.push(...postingsOf(before, event, after.sequence));
    },
  );
  const sourceOf = (underlying: Underlying): MarketSource =>
    sources?.[underlying] ?? new TapeSource(new QuoteBoard(underlying, session.date), tapes[underlying]);
  const market = {
    session,
    sources: { NIFTY50: sourceOf("NIFTY50"), BANKNIFTY: sourceOf("BANKNIFTY"), SENSEX: sourceOf("SENSEX") },
    ...(history === undefined ? {} : { history }),
  };
  const run = runDay(account, market, signals);
  return { ...run, state: account.state, events, entries, hash };
}
