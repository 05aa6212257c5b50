// Stream tickets: a browser cannot send a key with a WebSocket, so it exchanges the key for a ticket that is good for a minute
// and says, under an HMAC, for whom it was made.
import type { Principal } from "./principal.ts";

export const TICKET_LIFE_S = 60;

interface Claims extends Principal {
  readonly expiresAtMs: number;
}

const utf8 = new TextEncoder();
let imported: { readonly secret: string; readonly key: CryptoKey } | null = null;

export async function makeTicket(
  principal: Principal,
  nowMs: number,
  secret: string,
): Promise<{ readonly ticket: string; readonly expiresAtMs: number }> {
  const expiresAtMs = nowMs + TICKET_LIFE_S * 1_000;
  const { kind, keyId, accountId, scopes } = principal;
  const claims: Claims = { kind, keyId, accountId, scopes, expiresAtMs };
  const body = Buffer.from(JSON.stringify(claims)).toString("base64url");
  const signature = await crypto.subtle.sign("HMAC", await keyOf(secret), utf8.encode(body));
  return { ticket: `${body}.${Buffer.from(signature).toString("base64url")}`, expiresAtMs };
}

/** Whom the ticket was made for, or null when it is forged, malformed or too old. The comparison takes constant time. */
export async function principalOfTicket(ticket: string, nowMs: number, secret: string): Promise<Principal | null> {
  const [body, signature, ...rest] = ticket.split(".");
  if (body === undefined || signature === undefined || rest.length > 0) return null;
  const isOurs = await crypto.subtle.verify(
    "HMAC",
    await keyOf(secret),
    Buffer.from(signature, "base64url"),
    utf8.encode(body),
  );
  if (!isOurs) return null;
  const { expiresAtMs, ...principal } = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as Claims;
  return expiresAtMs > nowMs ? principal : null;
}

async function keyOf(secret: string): Promise<CryptoKey> {
  if (imported?.secret !== secret) {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const bytes = Buffer.from(secret, "base64");
    imported = { secret, key: await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign", "verify"]) };
  }
  return imported.key;
}
