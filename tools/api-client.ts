// The project's own client of its API, for the commands: sets up accounts, loads a recorded session, drives it.
import type { Underlying } from "../src/core/instrument/contract.ts";
import type { MarketEvent } from "../src/core/market/market-event.ts";
import type { RecordedSession } from "../src/core/market/recorded-session.ts";

export interface ReplayInput {
  readonly session: RecordedSession;
  readonly tapes: Readonly<Record<Underlying, readonly MarketEvent[]>>;
}

export interface AccountSeed {
  readonly accountId: string;
  readonly displayName: string;
  readonly category: string;
  readonly capital: string;
  readonly savings: string;
}

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(`${status} ${code}: ${detail}`);
    this.status = status;
    this.code = code;
  }
}

/** Events per tape request: well below the edge's body limit. */
const TAPE_CHUNK_BYTES = 3_000_000;

export class ApiClient {
  readonly #base: URL;
  readonly #key: string;

  constructor(base: URL, key: string) {
    this.#base = base;
    this.#key = key;
  }

  async request<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const response = await fetch(new URL(path, this.#base), {
      method,
      headers: {
        authorization: `Bearer ${this.#key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    if (!response.ok) {
      const problem = answer as { code?: string; detail?: string; title?: string; errors?: unknown };
      throw new ApiError(
        response.status,
        problem.code ?? "UNKNOWN",
        `${problem.detail ?? problem.title ?? text.slice(0, 300)}${problem.errors ? ` ${JSON.stringify(problem.errors).slice(0, 600)}` : ""} (${method} ${path})`,
      );
    }
    return answer as T;
  }

  /** Creates the account, or accepts that it is there from an earlier start. */
  async ensureAccount(seed: AccountSeed): Promise<void> {
    try {
      await this.request("POST", "/v1/accounts", seed);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === "ACCOUNT_EXISTS")) throw error;
    }
  }

  async loadReplay({ session, tapes }: ReplayInput, accountIds: readonly string[]): Promise<void> {
    await this.request("POST", "/v1/sessions", { session, accountIds });
    for (const { underlying, chain } of session.underlyings) {
      if (chain === "NONE") continue;
      let chunk = 0;
      for (const body of chunksOf(tapes[underlying])) {
        await this.request("PUT", `/v1/sessions/current/tape/${underlying}/${chunk}`, body);
        chunk += 1;
      }
    }
    await this.request("POST", "/v1/sessions/current/ready");
  }
}

/** JSON arrays of events, each below the limit. */
function* chunksOf(events: readonly MarketEvent[]): Generator<string> {
  let parts: string[] = [];
  let bytes = 0;
  for (const event of events) {
    const json = JSON.stringify(event);
    if (bytes + json.length > TAPE_CHUNK_BYTES && parts.length > 0) {
      yield `[${parts.join(",")}]`;
      parts = [];
      bytes = 0;
    }
    parts.push(json);
    bytes += json.length + 1;
  }
  if (parts.length > 0) yield `[${parts.join(",")}]`;
}
