// The bindings of the API Worker, as wrangler.toml declares them.

import type { LabRpc } from "./ports/lab.ts";
import type { AccountWorkMessage, LedgerMessage, NotificationMessage, RebuildMessage } from "./ports/messages.ts";
import type { AccountRpc, MarketFeedRpc, SessionRpc } from "./ports/objects.ts";

/** An object's methods as a caller sees them, plus fetch for WebSocket upgrades. */
type Stub<Rpc> = Rpc & { fetch(request: Request): Promise<Response> };

export interface ObjectNamespace<Rpc> {
  getByName(name: string): Stub<Rpc>;
}

export interface AppEnv {
  readonly DB: D1Database;
  readonly ACCOUNT: ObjectNamespace<AccountRpc>;
  readonly MARKET_FEED: ObjectNamespace<MarketFeedRpc>;
  readonly SESSION: ObjectNamespace<SessionRpc>;
  readonly LAB: ObjectNamespace<LabRpc>;
  readonly ACCOUNT_WORK: Queue<AccountWorkMessage | RebuildMessage>;
  readonly LEDGER: Queue<LedgerMessage>;
  readonly NOTIFICATIONS: Queue<NotificationMessage>;
  readonly REQUEST_LIMIT: RateLimit;
  readonly TRADING_MODE: "REPLAY" | "PAPER";
  readonly REQUESTS_PER_MINUTE: string;
  readonly ORDERS_IN_FLIGHT_MAX: string;
  /** A live feed silent for so many milliseconds trips the breakers of who holds something there; "0": none does. */
  readonly STALE_DATA_TRIP_MS: string;
  /**
   * When the platform's own breaker stops everybody (core/risk/platform-breaker.ts): the loss of all as a share of what they may
   * lose together, the drawdown of all, how long no feed ticks, accounts with venue errors at once. "0": that cause never does.
   */
  readonly PLATFORM_LOSS_SHARE_BPS: string;
  readonly PLATFORM_DRAWDOWN_BPS: string;
  readonly PLATFORM_SILENT_MS: string;
  readonly PLATFORM_ERROR_ACCOUNTS_MIN: string;
  /** A model is trained anew when the newest is so many days old, on so many trading days (ML-01, C-18). */
  readonly RETRAIN_DAYS: string;
  readonly TRAINING_WINDOW_DAYS: string;
  /** How often views may turn within an hour, how far apart, and whether "ON" or "OFF" what loses is left beforehand (AI-09). */
  readonly SWITCHES_PER_HOUR_MAX: string;
  readonly SWITCH_COOLDOWN_MINUTES: string;
  readonly PREVENTIVE_EXITS: string;
  /** "ON": what users think weighs in the signals (AI-12); it is kept and scored either way. */
  readonly COMMUNITY: string;
  /** The operator's own API key: the one that makes all others. */
  readonly OPERATOR_KEY: string;
  /** HMAC key of stream tickets, base64. */
  readonly STREAM_TICKET_KEY: string;
}

/** There is one market session at a time. */
export const SESSION_NAME = "india";
