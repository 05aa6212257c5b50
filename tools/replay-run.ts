// One replay on a stack whose state may already hold a part of it: loads what is missing, continues, and reports. The day,
// chaos and bench commands are all made of this.
import { addDays, type MarketDate } from "../src/core/kernel/time.ts";
import type { SessionBody } from "../src/edge/session-body.ts";
import type { SessionStatus } from "../src/ports/objects.ts";
import { type AccountSeed, ApiClient, ApiError, type ReplayInput } from "./api-client.ts";
import { giveHistory } from "./give-history.ts";
import type { Stack } from "./stack.ts";

/** Calendar days of history that a model's features and the strategies' figures look back on, and some more. */
const HISTORY_DAYS = 60;

export interface DayReport {
  readonly invariants: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
  readonly totals: Readonly<Record<string, unknown>> & {
    readonly ledger: { readonly checkpoint: { readonly size: number; readonly root: string } | null };
  };
}

/** Accounts, the days before and tape, unless an earlier run on this state has them. */
export async function prepareReplay(
  stack: Stack,
  recorded: ReplayInput,
  accounts: readonly AccountSeed[],
  historyFolder: string | null,
): Promise<ApiClient> {
  const api = new ApiClient(stack.url, stack.operatorKey);
  const status = await sessionStatus(api);
  if (status !== "NONE" && status !== "LOADING") return api;
  for (const account of accounts) await api.ensureAccount(account);
  const { date } = recorded.session;
  if (historyFolder !== null) {
    await giveHistory(api, historyFolder, { from: addDays(date, -HISTORY_DAYS), before: date });
  }
  await api.loadReplay(
    recorded,
    accounts.map((account) => account.accountId),
  );
  return api;
}

async function sessionStatus(api: ApiClient): Promise<SessionStatus> {
  try {
    return (await api.request<SessionBody>("GET", "/v1/sessions/current")).status;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return "NONE";
    throw error;
  }
}

/** Starts or continues at full speed and waits for the end. `onView` is called at each look. */
export async function playToTheEnd(
  api: ApiClient,
  onView: (view: SessionBody) => void,
  pollMs: number = 200,
): Promise<void> {
  const before = await sessionStatus(api);
  if (before === "READY" || before === "PAUSED")
    await api.request("POST", "/v1/sessions/current/start", { speed: null });
  for (;;) {
    const view = await api.request<SessionBody>("GET", "/v1/sessions/current");
    onView(view);
    if (view.status === "FINISHED") return;
    if (view.status === "FAILED" || view.status === "STOPPED")
      throw new Error(`the session ended as ${view.status}: ${view.failure ?? "no reason given"}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

export const verifyDay = (api: ApiClient, date: MarketDate): Promise<DayReport> =>
  api.request<DayReport>("GET", `/v1/sessions/${date}/verification`);
