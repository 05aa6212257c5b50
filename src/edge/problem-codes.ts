// The closed list of everything this API refuses, one row a code: its HTTP status, whether trying again can help, what it
// means and what to do. The compiler refuses a code of the core that has no row here.
import type { AccountRefusal } from "../core/account/refusal.ts";
import type { RegistryRefusal } from "../core/prediction/registry.ts";
import type { DenialCode } from "../core/risk/denial.ts";
import type { JobRefusal } from "../ports/jobs.ts";
import type { SessionRefusal, TapeRefusal } from "../ports/objects.ts";
import { DENIAL } from "./denial-problems.ts";
import { EDGE, type EdgeCode } from "./edge-problems.ts";
import { LAB, type LabCode, MODEL } from "./lab-problems.ts";
import type { ProblemKind } from "./problem-kind.ts";
import { ACCOUNT, JOB, SESSION, TAPE } from "./refusal-problems.ts";

export type ProblemCode =
  | EdgeCode
  | LabCode
  | DenialCode
  | AccountRefusal["code"]
  | SessionRefusal["code"]
  | TapeRefusal["code"]
  | RegistryRefusal["code"]
  | JobRefusal["code"];

export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  ...EDGE,
  ...ACCOUNT,
  ...SESSION,
  ...TAPE,
  ...JOB,
  ...LAB,
  ...MODEL,
  ...DENIAL,
};

export const PROBLEM_CODES = (Object.keys(PROBLEMS) as ProblemCode[]).sort();

export const isProblemCode = (text: string): text is ProblemCode => Object.hasOwn(PROBLEMS, text);
