// What the lab and the registry of models refuse, for the list of errors.
import type { RegistryRefusal } from "../core/prediction/registry.ts";
import { type ProblemKind, row } from "./problem-kind.ts";

export type LabCode =
  | "BACKTEST_RANGE"
  | "BACKTEST_UNDERLYINGS"
  | "COMMUNITY_CLOSED"
  | "COMMUNITY_CYCLE_BEGUN"
  | "HISTORY_LACKING"
  | "LAB_RUN_LIMIT"
  | "LAB_RUN_NOT_DONE"
  | "LAB_RUN_NOT_FOUND"
  | "LAB_RUN_REUSED";

export const LAB: Readonly<Record<LabCode, ProblemKind>> = {
  BACKTEST_RANGE: row(
    422,
    "Not a range of a backtest",
    "The first day lies after the last, or there are more days between them than one run plays.",
    "See `errors`: at most `limit` days pass. Play longer stretches in parts.",
  ),
  BACKTEST_UNDERLYINGS: row(
    422,
    "One index at a time",
    "A rule on the index itself is played on one index.",
    "Name one, or ask for the level OPTIONS.",
  ),
  COMMUNITY_CLOSED: row(
    409,
    "No cycle to have a view of",
    "The day's first signals have not been made, or the last cycle that can be scored is under way.",
    "Give the view between a day's first signals and the 24th cycle's.",
  ),
  COMMUNITY_CYCLE_BEGUN: row(
    409,
    "The cycle has begun",
    "A view of a cycle is taken until it begins at the exchange: after that it would be hindsight.",
    "Give the next one once the running cycle's signals have been made.",
  ),
  HISTORY_LACKING: row(
    422,
    "The history has no such days",
    "No bars of one or three minutes of the indices in question are there for any day of the range.",
    "The detail says which days there are; GET /v1/history shows all. An operator gives more.",
  ),
  LAB_RUN_REUSED: row(
    409,
    "The Idempotency-Key began another run",
    "A run was asked for under this Idempotency-Key before, in other words. Nothing has been begun now.",
    "Use a new key for a new run, the same request for the same; the detail names the run.",
  ),
  LAB_RUN_LIMIT: row(
    409,
    "Too many runs under way",
    "The account has as many runs under way as may be at a time.",
    "Wait for one to end, or cancel one; ended runs do not count.",
    true,
  ),
  LAB_RUN_NOT_DONE: row(
    409,
    "It has no such result",
    "The run is no backtest, or it is not done.",
    "GET /v1/lab/runs/{runId} says how far it is, or why it failed.",
  ),
  LAB_RUN_NOT_FOUND: row(
    404,
    "No such run",
    "The lab has no run of that id, or it is another account's.",
    "List them.",
  ),
};

export const MODEL: Readonly<Record<RegistryRefusal["code"], ProblemKind>> = {
  MODEL_UNKNOWN: row(404, "No such model", "The registry has no model of that id.", "GET /v1/models lists them."),
  MODEL_STATE_FORBIDS: row(
    409,
    "Not from this state",
    "Models go from trained to shadow to promoted to retired; only one in shadow can be promoted.",
    "Look at its state; the detail names it.",
  ),
  MODEL_EVIDENCE_LACKING: row(
    409,
    "It has not shown enough",
    "A model speaks only after it has been better than the base rates on days it had not learned from, true to what it states, and no worse than the live one over the same cycles.",
    "The detail names each figure and what it needs. Let it go on in shadow.",
  ),
  MODEL_NO_PREDECESSOR: row(
    409,
    "Nothing to go back from",
    "No model is promoted: the rules speak.",
    "Nothing needs to be done.",
  ),
};
