import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { makeTicket, principalOfTicket } from "../../../src/edge/stream-ticket.ts";
import { SESSION_NAME } from "../../../src/env.ts";
import { call, enlist, expectProblem, keyFor, raw, tradingAccount } from "./api-fixtures.ts";

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
});
