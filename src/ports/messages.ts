// What travels through the queues. Messages carry ids and facts, are at most 100 KB, and may arrive twice or out of order.

import type { LedgerEntry } from "../core/ledger/entry.ts";
import type { Notification } from "../core/reporting/notification.ts";
import type { ReadModelRow } from "../core/reporting/projection.ts";
import type { JobCommand } from "./objects.ts";

/** Work for a batch of accounts: one step of the day. */
export interface AccountWorkMessage {
  readonly kind: "ACCOUNT_WORK";
  /** `${jobKey}/${index}` */
  readonly batchId: string;
  /** True in replay: the session waits for this batch. */
  readonly awaited: boolean;
  readonly accountIds: readonly string[];
  readonly command: JobCommand;
}

/** One stretch of an account's journal, of which D1 is told again; whoever carries it out sends the next one. */
export interface RebuildMessage {
  readonly kind: "REBUILD";
  readonly accountId: string;
  readonly afterSequence: number;
}

/** Consequences of journal events, for D1. Rows carry their sequence: an older row never overwrites a newer one. */
export interface LedgerMessage {
  readonly kind: "LEDGER";
  readonly accountId: string;
  readonly outboxIds: readonly number[];
  readonly rows: readonly ReadModelRow[];
  readonly entries: readonly LedgerEntry[];
}

export interface NotificationMessage {
  readonly kind: "NOTIFICATION";
  readonly accountId: string;
  readonly outboxIds: readonly number[];
  readonly notifications: readonly Notification[];
}

export type QueueMessage = AccountWorkMessage | RebuildMessage | LedgerMessage | NotificationMessage;
