// A market that stands open at real speed, and traders whose limits let every order through: the stage for load.
import type { InstrumentId } from "../src/core/instrument/contract.ts";
import { istInstant } from "../src/core/kernel/time.ts";
import type { ApiClient } from "./api-client.ts";
import { openRecordedSession } from "./session-folder.ts";

export interface OpenMarket {
  readonly accountIds: readonly string[];
  /** One API key per account, in the same order. */
  readonly keys: readonly string[];
  /** The cheapest contract on offer. */
  readonly instrumentId: InstrumentId;
  /** In rupees, when the market was opened. */
  readonly ask: number;
}

const OPEN_AT = "09:40";

export async function openMarket(
  api: ApiClient,
  { users, prefix }: { readonly users: number; readonly prefix: string },
): Promise<OpenMarket> {
  const recorded = await openRecordedSession("2025-08-29");
  const accountIds = Array.from({ length: users }, (_, index) => `${prefix}${String(index + 1).padStart(3, "0")}`);
  const keys: string[] = [];
  for (const accountId of accountIds) {
    await api.ensureAccount({
      accountId,
      displayName: "Load trader",
      category: "ADMIN",
      capital: "1500000.00",
      savings: "10000000.00",
    });
    await api.request("PUT", `/v1/accounts/${accountId}/limits`, {
      tradesPerDayMax: 216,
      tradesPerCycleMax: 1_000_000,
      openTradesMax: 1_000,
      dailyLossMax: "1500000.00",
      orderValueMax: "5000000.00",
      allowedUnderlyings: ["NIFTY50", "BANKNIFTY", "SENSEX"],
    });
    const { key } = await api.request<{ key: string }>("POST", "/v1/api-keys", {
      accountId,
      name: "load",
      scopes: ["orders:write", "orders:read", "account:read"],
    });
    keys.push(key);
  }
  await api.loadReplay(recorded, accountIds);
  await api.request("POST", "/v1/sessions/current/start", { speed: 3_600 });
  const enoughMs = istInstant(recorded.session.date, OPEN_AT);
  for (;;) {
    const view = await api.request<{ now: string | null }>("GET", "/v1/sessions/current");
    if (view.now !== null && Date.parse(view.now) >= enoughMs) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await api.request("PUT", "/v1/sessions/current/speed", { speed: 1 });
  return { accountIds, keys, ...(await cheapestInstrument(api)) };
}

async function cheapestInstrument(api: ApiClient): Promise<Pick<OpenMarket, "instrumentId" | "ask">> {
  const view = await api.request<{ chain: { instrumentId: InstrumentId; ask: string | null }[] }>(
    "GET",
    "/v1/market/NIFTY50",
  );
  const offered = view.chain.filter((quote) => quote.ask !== null).sort((a, b) => Number(a.ask) - Number(b.ask));
  const cheapest = offered[0];
  if (cheapest === undefined) throw new Error("no contract is offered");
  return { instrumentId: cheapest.instrumentId, ask: Number(cheapest.ask) };
}
