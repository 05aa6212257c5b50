// What the user is told. In-app is the first channel; the others attach behind the same message (NOT-01, C-34).
import type { EpochMs } from "../kernel/time.ts";

export type NotificationPriority = "LOW" | "NORMAL" | "HIGH" | "URGENT";

export interface Notification {
  readonly accountId: string;
  /** Sequence of the journal event that caused it. */
  readonly sequence: number;
  readonly atMs: EpochMs;
  readonly kind: "TRADE" | "RISK" | "FUNDS" | "SETTLEMENT" | "SYSTEM";
  readonly priority: NotificationPriority;
  readonly title: string;
  readonly body: string;
}
