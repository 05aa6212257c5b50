// What a change of a breaker means for the halts of the platform it was tripped for: who has heard, and who is proven flat.
import type { BreakerEvent } from "../account/breaker-event.ts";
import type { AccountState } from "../account/state.ts";
import type { MarketDate } from "../kernel/time.ts";
import type { HaltProofRow } from "./projection.ts";

type ScopedEvent = Extract<
  BreakerEvent,
  { readonly type: "BREAKER_TRIPPED" | "BREAKER_RESET" | "FLAT_PROVEN" | "FLAT_NOT_PROVEN" }
>;

export function haltProofRows(
  before: AccountState,
  event: ScopedEvent,
  after: AccountState,
  frame: { readonly accountId: string; readonly sequence: number; readonly date: MarketDate },
): readonly HaltProofRow[] {
  const [was, is] = [before.breakers?.[event.scope], after.breakers?.[event.scope]];
  if (is === undefined) return [];
  const haltIds = new Set([...(was?.trips ?? []), ...is.trips].flatMap(({ haltId }) => haltId ?? []));
  const { status, trippedAtMs, provenAtMs } = is;
  const provenMs = provenAtMs ?? (status === "ARMED" ? (was?.provenAtMs ?? null) : null);
  return [...haltIds].map((haltId) => ({
    table: "haltProofs",
    ...frame,
    haltId,
    scope: event.scope,
    status,
    trippedAtMs,
    provenAtMs: provenMs,
    durationMs: provenMs === null ? null : provenMs - trippedAtMs,
    finding: event.type === "FLAT_NOT_PROVEN" ? event.found : null,
  }));
}
