import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { app } from "../../../src/edge/app.ts";
import { makeTicket, principalOfTicket } from "../../../src/edge/stream-ticket.ts";
import { SESSION_NAME } from "../../../src/env.ts";
import { call, enlist, expectProblem, keyFor, raw, tradingAccount } from "./api-fixtures.ts";

const STREAMS_OF_ONE = 20;
const STREAMS_OF_AN_ACCOUNT = 32;
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
function hangUp({ webSocket }: Pick<Response, "webSocket">): void {
  webSocket?.accept();
  webSocket?.close(1000, "");
}
const upgrade = { headers: { upgrade: "websocket" }, key: null } as const;

async function ticketOf(key: string): Promise<string> {
  const made = await call("POST", "/v1/stream-tickets", { key });
  expect(made.status).toBe(201);
  return made.body.ticket;
}

async function messagesOf(path: string): Promise<Record<string, unknown>[]> {
  const response = await raw("GET", path, upgrade);
  expect(response.status).toBe(101);
  const socket = response.webSocket;
  if (socket === null) throw new Error("no socket");
  const messages: Record<string, unknown>[] = [];
  socket.addEventListener("message", ({ data }) => {
    messages.push(JSON.parse(String(data)) as Record<string, unknown>);
  });
  socket.accept();
  await vi.waitFor(() => expect(messages.length).toBeGreaterThan(0), { timeout: 5_000, interval: 20 });
  socket.close(1000, "");
  return messages;
}

describe("streams", () => {
  it("begin with what is there, for whoever holds a ticket", async () => {
    const { key } = await tradingAccount("U001");
    const ticket = await ticketOf(key);
    const [account] = await messagesOf(`/v1/stream/account?ticket=${ticket}`);
    expect(account).toMatchObject({ type: "snapshot", view: { accountId: "U001" } });
    const [market] = await messagesOf(`/v1/stream/market/NIFTY50?ticket=${ticket}`);
    expect(market).toMatchObject({ type: "snapshot", underlying: "NIFTY50" });
    const [session] = await messagesOf(`/v1/stream/session?ticket=${ticket}`);
    // Objects outlive test files: what is there is what the session itself says.
    const { status } = await env.SESSION.getByName(SESSION_NAME).view();
    expect(session).toMatchObject({ type: "session", view: { status } });
  });

  it("go on after the last event that was seen", async () => {
    const { key, account } = await tradingAccount("U001");
    const { sequence } = await account.state();
    const ticket = await ticketOf(key);
    const [message] = await messagesOf(`/v1/stream/account?after=${sequence - 2}&ticket=${ticket}`);
    expect(message).toMatchObject({ type: "events", entries: [{ sequence: sequence - 1 }, { sequence }] });
    expectProblem(await call("GET", `/v1/stream/account?after=x&ticket=${ticket}`, upgrade), "REQUEST_INVALID");
  });

  it("are closed without a ticket, with a forged one, and with one that lacks the scope", async () => {
    await enlist("U001");
    const ticket = await ticketOf(await keyFor("U001", ["account:read"]));
    for (const path of ["account", "market/NIFTY50", "session"]) {
      expectProblem(await call("GET", `/v1/stream/${path}`, upgrade), "TICKET_INVALID");
      expectProblem(await call("GET", `/v1/stream/${path}?ticket=abc.def`, upgrade), "TICKET_INVALID");
    }
    const [body = "", signature = ""] = ticket.split(".");
    const claims = { ...JSON.parse(atob(body)), accountId: "U002" };
    const forged = `${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${signature}`;
    expectProblem(await call("GET", `/v1/stream/account?ticket=${forged}`, upgrade), "TICKET_INVALID");
    expectProblem(await call("GET", `/v1/stream/session?ticket=${ticket}`, upgrade), "TICKET_INVALID");
    expectProblem(await call("GET", `/v1/stream/account?ticket=${ticket}`, { key: null }), "UPGRADE_REQUIRED");
    const operators = await ticketOf("ah_operator_test");
    expectProblem(await call("GET", `/v1/stream/account?ticket=${operators}`, upgrade), "ACCOUNT_REQUIRED");
  });

  it("take a ticket for a minute and not longer", async () => {
    const principal = { kind: "API_KEY", keyId: "k", accountId: "U001", scopes: ["account:read"] } as const;
    const { ticket, expiresAtMs } = await makeTicket(principal, 1_000, env.STREAM_TICKET_KEY);
    expect(expiresAtMs).toBe(61_000);
    expect(await principalOfTicket(ticket, 60_999, env.STREAM_TICKET_KEY)).toEqual(principal);
    expect(await principalOfTicket(ticket, 61_000, env.STREAM_TICKET_KEY)).toBeNull();
    expect(await principalOfTicket(ticket, 1_000, "b3RoZXIta2V5")).toBeNull();
  });

  it("leave places for others: one account has so many sockets of an object, by whatever key and ticket", async () => {
    await enlist("U001");
    await enlist("U002");
    const tickets = [await ticketOf(await keyFor("U001")), await ticketOf(await keyFor("U001"))];
    for (const path of ["/v1/stream/session", "/v1/stream/market/SENSEX"]) {
      const open = (ticket = "") => raw("GET", `${path}?ticket=${ticket}`, upgrade);
      const opened = await Promise.all(upTo(STREAMS_OF_ONE).map((at) => open(tickets[at % 2])));
      expect(opened.map(({ status }) => status)).toEqual(Array<number>(STREAMS_OF_ONE).fill(101));
      const refused = await call("GET", `${path}?ticket=${tickets[0]}`, upgrade);
      expectProblem(refused, "STREAMS_TOO_MANY");
      const figures = { field: "ticket", limit: STREAMS_OF_ONE, value: STREAMS_OF_ONE + 1, unit: "STREAMS" };
      expect(refused.body.errors).toMatchObject([figures]);
      const other = await open(await ticketOf(await keyFor("U002")));
      expect(other.status).toBe(101);
      for (const response of [...opened, other]) hangUp(response);
      const again = async () => {
        const { status, webSocket } = await open(tickets[1]);
        hangUp({ webSocket });
        expect(status).toBe(101);
      };
      await vi.waitFor(again, { timeout: 3_000, interval: 50 });
    }
  });

  it("refuse with a documented problem when all of an object's places are taken", async () => {
    const { key } = await tradingAccount("full");
    const ticket = await ticketOf(key);
    const open = () => raw("GET", `/v1/stream/account?ticket=${ticket}`, upgrade);
    const opened = await Promise.all(upTo(STREAMS_OF_AN_ACCOUNT).map(open));
    const refused = await call("GET", `/v1/stream/account?ticket=${ticket}`, upgrade);
    expectProblem(refused, "STREAMS_TOO_MANY");
    expect(refused.headers.get("retry-after")).toBe("5");
    for (const response of opened) hangUp(response);
  });

  it("count as requests of the key that the ticket was made with", async () => {
    await enlist("U001");
    const ticket = await ticketOf(await keyFor("U001"));
    const few = { ...env, REQUESTS_PER_MINUTE: "3" };
    const url = `https://api.test/v1/stream/session?ticket=${ticket}`;
    const ask = () => app.fetch(new Request(url, { headers: upgrade.headers }), few, createExecutionContext());
    // Making the ticket was the first.
    expect([await ask(), await ask(), await ask()].map(({ status }) => status)).toEqual([101, 101, 429]);
    expect(await (await ask()).json()).toMatchObject({ code: "RATE_LIMITED", retryable: true });
  });
});
