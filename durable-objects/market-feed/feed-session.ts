// Which session a feed plays, and how far it has come: the one row everything else hangs on.
import type { Underlying } from "../../src/core/instrument/contract.ts";
import { type EpochMs, epochMs } from "../../src/core/kernel/time.ts";
import type { RecordedSession } from "../../src/core/market/recorded-session.ts";
import type { FeedTerms } from "../../src/core/market-feed/feed-terms.ts";
import type { LiveAnchor } from "./live-clock.ts";

export interface FeedSession extends FeedTerms {
  /** Position on the tape of the last event taken in; -1 before the first. */
  readonly playedPosition: number;
  /** The last instant that was played. */
  readonly playedMs: EpochMs;
  /** Null where no live fact has come in: in every replay. */
  readonly anchor: LiveAnchor | null;
}

export function readSession(sql: SqlStorage): FeedSession | null {
  const row = sql
    .exec<{
      underlying: string;
      session: string;
      played_position: number;
      played_ms: number;
      anchor_market_ms: number | null;
      anchor_wall_ms: number | null;
    }>("SELECT underlying, session, played_position, played_ms, anchor_market_ms, anchor_wall_ms FROM feed")
    .toArray()[0];
  if (row === undefined) return null;
  return {
    underlying: row.underlying as Underlying,
    session: JSON.parse(row.session) as RecordedSession,
    playedPosition: row.played_position,
    playedMs: epochMs(row.played_ms),
    anchor:
      row.anchor_market_ms === null || row.anchor_wall_ms === null
        ? null
        : { marketMs: epochMs(row.anchor_market_ms), wallMs: epochMs(row.anchor_wall_ms) },
  };
}

export function writeSession(sql: SqlStorage, feed: FeedSession): void {
  sql.exec(
    "INSERT OR REPLACE INTO feed (id, underlying, session, played_position, played_ms) VALUES (1, ?, ?, ?, ?)",
    feed.underlying,
    JSON.stringify(feed.session),
    feed.playedPosition,
    feed.playedMs,
  );
}

export function writeWatermark(sql: SqlStorage, playedPosition: number, playedMs: EpochMs): void {
  sql.exec("UPDATE feed SET played_position = ?, played_ms = ?", playedPosition, playedMs);
}

export function writeAnchor(sql: SqlStorage, { marketMs, wallMs }: LiveAnchor): void {
  sql.exec("UPDATE feed SET anchor_market_ms = ?, anchor_wall_ms = ?", marketMs, wallMs);
}
