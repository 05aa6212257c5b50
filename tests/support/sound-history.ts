// Every state on the way is sound, every paisa is accounted for, and folding the journal again comes to the same state.
import { expect } from "vitest";
import type { AccountEvent } from "../../src/core/account/event.ts";
import { EMPTY_ACCOUNT, evolve } from "../../src/core/account/evolve.ts";
import { brokenInvariants } from "../../src/core/account/invariants.ts";
import { reconcile } from "../../src/core/account/reconcile.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { reservedPaise } from "../../src/core/risk/exposure.ts";

export function expectSoundHistory(events: readonly AccountEvent[], folded: AccountState): void {
  const entries: { readonly event: AccountEvent }[] = [];
  let state = EMPTY_ACCOUNT;
  for (const event of events) {
    state = evolve(state, event);
    entries.push({ event });
    expect(brokenInvariants(state), `after event ${entries.length} ${event.type}`).toEqual([]);
    expect(reservedPaise(state)).toBeGreaterThanOrEqual(0);
  }
  expect(reconcile(entries, state).differencePaise).toBe(0);
  expect(state).toEqual(folded);
}
