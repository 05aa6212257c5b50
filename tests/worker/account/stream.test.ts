import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { AccountStreamMessage } from "../../../src/core/account/view.ts";
import { afterOpen } from "../market-feed/feed-fixtures.ts";
import { type Account, buy, clockAt, evict, inside, LIMITS, must, nifty, trader } from "./account-fixtures.ts";

/** A client that notes what it is sent. */
class Client {
  readonly messages: AccountStreamMessage[] = [];
  readonly texts: string[] = [];
  readonly closed: Promise<{ code: number; wasClean: boolean }>;
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", ({ code, wasClean }) => resolve({ code, wasClean }));
    });
    socket.addEventListener("message", ({ data }) => {
      const text = String(data);
      if (text.startsWith("{")) this.messages.push(JSON.parse(text) as AccountStreamMessage);
      else this.texts.push(text);
    });
    socket.accept();
  }

  get sequences(): number[] {
    return this.messages.flatMap((message) =>
      message.type === "events" ? message.entries.map((entry) => entry.sequence) : [],
    );
  }
}

async function connect(account: Account, query = ""): Promise<Client> {
  const response = await account.fetch(
    new Request(`https://account/stream${query}`, { headers: { upgrade: "websocket" } }),
  );
  if (response.webSocket === null) throw new Error(`no stream: ${response.status}`);
  return new Client(response.webSocket);
}

const upTo = (to: number, from = 1): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const within = { timeout: 3_000, interval: 20 };

async function place(account: Account, count: number, prefix: string): Promise<number> {
  for (let index = 0; index < count; index += 1) must(await account.submitOrder(buy(`${prefix}-${index}`)));
  return (await account.state()).sequence;
}

async function started(accountId: string): Promise<Account> {
  const feed = await nifty();
  const account = await trader(accountId);
  await feed.playUntil(afterOpen(120));
  await clockAt(account, afterOpen(120));
  return account;
}

describe("the account's stream", () => {
  it("starts with a snapshot and goes on with every event after it, once", async () => {
    const account = await started("fresh");
    const client = await connect(account);
    const first = (await account.state()).sequence;
    await vi.waitFor(() => expect(client.messages).toHaveLength(1), within);
    expect(client.messages[0]).toMatchObject({ type: "snapshot", sequence: first, view: { accountId: "fresh" } });
    const last = await place(account, 5, "a");
    await vi.waitFor(() => expect(client.sequences.at(-1)).toBe(last), within);
    expect(client.sequences).toEqual(upTo(last, first + 1));
  });

  it("pushes at most ten times a second, with all that happened in between", async () => {
    const account = await started("busy");
    const client = await connect(account);
    const first = (await account.state()).sequence;
    const startedMs = Date.now();
    const last = await place(account, 40, "a");
    await vi.waitFor(() => expect(client.sequences.at(-1)).toBe(last), within);
    const elapsedMs = Date.now() - startedMs;
    expect(client.messages.length - 1).toBeLessThanOrEqual(Math.ceil(elapsedMs / 100) + 1);
    expect(client.sequences).toEqual(upTo(last, first + 1));
  });

  it("resumes after the sequence a client has seen, without a gap or a repetition", async () => {
    const account = await started("resume");
    const seen = await place(account, 3, "a");
    const last = await place(account, 4, "b");
    const client = await connect(account, `?after=${seen}`);
    await vi.waitFor(() => expect(client.sequences.at(-1)).toBe(last), within);
    const end = await place(account, 2, "c");
    await vi.waitFor(() => expect(client.sequences.at(-1)).toBe(end), within);
    expect(client.sequences).toEqual(upTo(end, seen + 1));
  });

  it("goes on over an eviction of the object, without a gap or a repetition", async () => {
    const account = await started("evicted");
    const client = await connect(account, "?after=0");
    await place(account, 2, "a");
    await evict(account);
    await clockAt(account, afterOpen(120));
    const last = await place(account, 2, "b");
    await vi.waitFor(() => expect(client.sequences.at(-1)).toBe(last), within);
    expect(client.sequences).toEqual(upTo(last));
  });

  it("sends a snapshot to a client that is too far behind, or ahead of the account", async () => {
    const account = await started("behind");
    const ahead = await connect(account, "?after=999999");
    await vi.waitFor(() => expect(ahead.messages[0]?.type).toBe("snapshot"), within);
    await inside(account, async (object) => {
      for (let index = 0; index <= 1_001; index += 1) {
        must(await object.changeLimits({ ...LIMITS, tradesPerDayMax: 1 + (index % 2) }));
      }
    });
    const behind = await connect(account, "?after=1");
    await vi.waitFor(() => expect(behind.messages[0]?.type).toBe("snapshot"), within);
  });

  it("answers ping by itself, refuses other messages, and closes when the client closes", async () => {
    const account = await started("talk");
    const client = await connect(account);
    client.socket.send("ping");
    await vi.waitFor(() => expect(client.texts).toEqual(["pong"]), within);
    client.socket.close(1000, "done");
    expect(await client.closed).toMatchObject({ code: 1000, wasClean: true });
    const talker = await connect(account);
    talker.socket.send("buy!");
    expect((await talker.closed).code).toBe(1008);
  });

  it("is for WebSockets only, and not for more than 32 of one account", async () => {
    const account = env.ACCOUNT.getByName("many");
    expect((await account.fetch(new Request("https://account/stream"))).status).toBe(426);
    for (let index = 0; index < 32; index += 1) await connect(account);
    const refused = await account.fetch(new Request("https://account/stream", { headers: { upgrade: "websocket" } }));
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("5");
  });
});
