// Finds out who is asking. A key that was good is remembered in this isolate for at most a minute, so that the way of an order
// reads no database; a revoked key therefore works for at most that long elsewhere, and not at all here. Wrong keys are counted
// by address; one that sends too many of them is not listened to for a minute, whatever it sends.
import type { MiddlewareHandler } from "hono";
import { findApiKey } from "../../adapters/read-models/api-keys.ts";
import type { AppEnv } from "../../env.ts";
import { bytesOfHex, digestOf, isSameDigest, keyIdOf } from "../api-key.ts";
import type { EdgeEnv } from "../edge-env.ts";
import { isScope, mayHold, OPERATOR, type Principal } from "../principal.ts";
import { problem } from "../problem.ts";

const REMEMBER_MS = 60_000;
const REMEMBERED_MAX = 5_000;
const SILENCE_MS = 60_000;

interface Remembered {
  readonly principal: Principal;
  readonly digest: Uint8Array;
  readonly untilMs: number;
}

/** By key id. Null: looked up and not good. */
const remembered = new Map<string, Remembered | { readonly principal: null; readonly untilMs: number }>();
/** Addresses that sent too many wrong keys, and until when they are not listened to. */
const silenced = new Map<string, number>();
let operator: { readonly key: string; readonly digest: Uint8Array } | null = null;

export const authenticate: MiddlewareHandler<EdgeEnv> = async function authenticate(c, next) {
  const header = c.req.header("authorization");
  if (header === undefined) return problem(c, "KEY_MISSING");
  const key = /^Bearer +(\S{1,256})$/i.exec(header)?.[1];
  const address = c.req.header("cf-connecting-ip") ?? null;
  const principal = key === undefined ? null : await principalOf(key, address, c.env);
  if (principal === "TOO_MANY") {
    return problem(c, "RATE_LIMITED", {
      detail: "too many unknown keys from this address",
      headers: { "retry-after": String(SILENCE_MS / 1_000) },
    });
  }
  if (principal === null) return problem(c, "KEY_INVALID");
  c.set("principal", principal);
  await next();
};

/** Forgets a key that has just been revoked. */
export const forgetKey = (keyId: string): void => {
  remembered.delete(keyId);
};

async function principalOf(key: string, address: string | null, env: AppEnv): Promise<Principal | "TOO_MANY" | null> {
  const nowMs = Date.now();
  if (address !== null && (silenced.get(address) ?? 0) > nowMs) return "TOO_MANY";
  const digest = await digestOf(key);
  const keyId = keyIdOf(key);
  if (keyId === null) {
    if (isSameDigest(digest, await operatorDigest(env))) return OPERATOR;
    return (await mayGuess(address, env, nowMs)) ? null : "TOO_MANY";
  }
  let held = remembered.get(keyId);
  const isKnown = held !== undefined && held.untilMs > nowMs;
  if (held === undefined || !isKnown) {
    // Guessing keys costs the guesser, not the database.
    if (!(await mayGuess(address, env, nowMs))) return "TOO_MANY";
    held = await lookUp(keyId, env, nowMs);
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(keyId, held);
  }
  if (held.principal !== null && isSameDigest(digest, held.digest)) return held.principal;
  return !isKnown || (await mayGuess(address, env, nowMs)) ? null : "TOO_MANY";
}

/** Counts an attempt with a key that is not known to be good. False when the address has made too many. */
async function mayGuess(address: string | null, env: AppEnv, nowMs: number): Promise<boolean> {
  if (address === null) return true;
  if ((await env.REQUEST_LIMIT.limit({ key: `address:${address}` })).success) return true;
  if (silenced.size >= REMEMBERED_MAX) silenced.clear();
  silenced.set(address, nowMs + SILENCE_MS);
  return false;
}

async function lookUp(
  keyId: string,
  env: AppEnv,
  nowMs: number,
): Promise<Remembered | { readonly principal: null; readonly untilMs: number }> {
  const row = await findApiKey(env.DB, keyId);
  const untilMs = nowMs + REMEMBER_MS;
  const isGood = row !== null && row.revokedAtMs === null && (row.expiresAtMs === null || row.expiresAtMs > nowMs);
  if (!isGood) return { principal: null, untilMs };
  const scopes = (JSON.parse(row.scopes) as readonly string[])
    .filter(isScope)
    .filter((scope) => mayHold(row.accountId, scope));
  return {
    principal: { kind: "API_KEY", keyId, accountId: row.accountId, scopes },
    digest: bytesOfHex(row.secretHash),
    untilMs: Math.min(untilMs, row.expiresAtMs ?? untilMs),
  };
}

async function operatorDigest(env: AppEnv): Promise<Uint8Array> {
  if (operator?.key !== env.OPERATOR_KEY) {
    operator = { key: env.OPERATOR_KEY, digest: await digestOf(env.OPERATOR_KEY) };
  }
  return operator.digest;
}
