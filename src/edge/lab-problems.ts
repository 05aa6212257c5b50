// What the registry of models refuses, for the list of errors.
import type { RegistryRefusal } from "../core/prediction/registry.ts";
import { type ProblemKind, row } from "./problem-kind.ts";

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
    "A model speaks only after it has been better than the base rates on days it had not learned from, and true to what it states.",
    "The detail names each figure and what it needs. Let it go on in shadow.",
  ),
  MODEL_NO_PREDECESSOR: row(
    409,
    "Nothing to go back from",
    "No model is promoted: the rules speak.",
    "Nothing needs to be done.",
  ),
};
