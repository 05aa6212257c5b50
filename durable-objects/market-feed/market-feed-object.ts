// One market feed per underlying: it holds the day's bars and quotes, watches the accounts' price triggers and is the
// simulated venue. What it is told is written down before it is acted on, so a kill at any point loses nothing.
import { DurableObject } from "cloudflare:workers";
import type { PriceView, VenueReport } from "../../src/core/account/command.ts";
import type { PriceTrigger } from "../../src/core/account/state.ts";
import type { InstrumentId, OptionContract, Underlying } from "../../src/core/instrument/contract.ts";
import type { EpochMs, MarketDate } from "../../src/core/kernel/time.ts";
import type { MarketEvent } from "../../src/core/market/market-event.ts";
import type { RecordedSession } from "../../src/core/market/recorded-session.ts";
import type { ClientOrderId } from "../../src/core/order/order.ts";
import type { AppEnv } from "../../src/env.ts";
import type { FeedView, MarketFeedRpc, VenueOrder, VenueStatement } from "../../src/ports/objects.ts";

const notYet = (): never => {
  throw new Error("not there yet");
};

export class MarketFeedObject extends DurableObject<AppEnv> implements MarketFeedRpc {
  async loadSession(_session: RecordedSession, _underlying: Underlying): Promise<void> {
    notYet();
  }

  async appendTape(_date: MarketDate, _chunk: number, _events: readonly MarketEvent[]): Promise<void> {
    notYet();
  }

  async ingest(_events: readonly MarketEvent[]): Promise<void> {
    notYet();
  }

  async playUntil(_atMs: EpochMs): Promise<{ ingested: number; triggersFired: number; reports: number }> {
    return notYet();
  }

  async nextDueMs(): Promise<EpochMs | null> {
    return notYet();
  }

  async view(_options: { readonly quotes: "ALL" | "NEAR" | "NONE" }): Promise<FeedView> {
    return notYet();
  }

  async prices(_instrumentIds: readonly InstrumentId[]): Promise<readonly PriceView[]> {
    return notYet();
  }

  async contract(_instrumentId: InstrumentId): Promise<OptionContract | null> {
    return notYet();
  }

  async setTriggers(
    _accountId: string,
    _instrumentId: InstrumentId,
    _triggers: readonly PriceTrigger[],
  ): Promise<void> {
    notYet();
  }

  async venueSubmit(_orders: readonly VenueOrder[]): Promise<void> {
    notYet();
  }

  async venueCancel(_accountId: string, _clientOrderIds: readonly ClientOrderId[], _atMs: EpochMs): Promise<void> {
    notYet();
  }

  async venueReports(_accountId: string, _clientOrderIds: readonly ClientOrderId[]): Promise<readonly VenueReport[]> {
    return notYet();
  }

  async venueStatement(_accountId: string, _date: MarketDate): Promise<VenueStatement> {
    return notYet();
  }
}
