// New limits hold from this moment on, for what is open as well: the loss guards move with them, and a loss that is already
// beyond the new limit closes everything.
import { required } from "../kernel/assert.ts";
import { ok } from "../kernel/result.ts";
import type { Command } from "./command.ts";
import type { Decision } from "./decide.ts";
import { Draft } from "./draft.ts";
import { enforceLossLimit } from "./loss-limit.ts";
import type { AccountState } from "./state.ts";
import { syncTriggers } from "./trigger-levels.ts";

export function changeLimits(
  state: AccountState,
  { atMs, limits, prices = [] }: Extract<Command, { readonly type: "CHANGE_LIMITS" }>,
): Decision {
  // Plain data written in the same order, as the edge parses it.
  if (JSON.stringify(required(state.profile, "an open account").limits) === JSON.stringify(limits)) return ok([]);
  const draft = new Draft(state, atMs);
  draft.push({ type: "LIMITS_CHANGED", atMs, limits });
  if (state.day !== null && !enforceLossLimit(draft, prices)) syncTriggers(draft, prices);
  return ok(draft.events);
}
