// What an instrument id stands for, asked of the feeds and remembered in this isolate, so that the way of an order costs one
// call to one object. Symbols are never parsed: the feed that quotes a contract knows its terms.
import { type InstrumentId, type OptionContract, UNDERLYINGS } from "../core/instrument/contract.ts";
import type { AppEnv } from "../env.ts";

/** Terms depend on the session's date; after a change of session an old answer is dropped within this time. */
const REMEMBER_MS = 30_000;
const REMEMBER_UNKNOWN_MS = 1_000;
const REMEMBERED_MAX = 5_000;

interface Remembered {
  readonly contract: Promise<OptionContract | null>;
  untilMs: number;
}

const remembered = new Map<InstrumentId, Remembered>();

/** Null when no feed of the current session quotes it. */
export function contractFor(env: AppEnv, instrumentId: InstrumentId): Promise<OptionContract | null> {
  const nowMs = Date.now();
  const held = remembered.get(instrumentId);
  if (held !== undefined && held.untilMs > nowMs) return held.contract;
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  const asked: Remembered = { contract: ask(env, instrumentId), untilMs: nowMs + REMEMBER_MS };
  remembered.set(instrumentId, asked);
  asked.contract.then(
    (contract) => {
      if (contract === null) asked.untilMs = Math.min(asked.untilMs, nowMs + REMEMBER_UNKNOWN_MS);
    },
    () => remembered.delete(instrumentId),
  );
  return asked.contract;
}

/** Another session begins. */
export const forgetContracts = (): void => remembered.clear();

async function ask(env: AppEnv, instrumentId: InstrumentId): Promise<OptionContract | null> {
  const answers = await Promise.all(
    UNDERLYINGS.map((underlying) => env.MARKET_FEED.getByName(underlying).contract(instrumentId)),
  );
  return answers.find((contract) => contract !== null) ?? null;
}
