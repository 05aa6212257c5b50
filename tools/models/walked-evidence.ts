// The evidence of a model on disk is that of others, made the same way and walked forward: only where they were made by the same terms
// and the same code does it say anything of this one, and only where it passes the rule of promotion may this one ship with it.
import { readFileSync } from "node:fs";
import { type ModelEvidence, promotionChecks } from "../../src/core/prediction/promotion.ts";
import type { ModelTerms } from "../../src/core/prediction/training/model-terms.ts";
import { WrongArgument } from "../command-line.ts";

/** How models were made, as `walk-forward --json` prints it and `train` compares it. */
export interface MadeBy extends ModelTerms {
  readonly codeSha256: string;
}

export function walkedEvidence(file: string, madeBy: MadeBy): ModelEvidence {
  const { evidence, ...walked } = read(file);
  if (evidence === undefined || evidence === null)
    throw new WrongArgument(`--evidence ${file} holds no evidence of a walk-forward`);
  for (const name of ["windowDays", "options", "codeSha256"] as const) {
    const [is, needs] = [JSON.stringify(walked[name]), JSON.stringify(madeBy[name])];
    if (is !== needs)
      throw new WrongArgument(
        `--evidence ${file} is of models made otherwise: ${name} is ${is ?? "not told"}, needs ${needs}`,
      );
  }
  const failed = promotionChecks(evidence).filter(({ passed }) => !passed);
  if (failed.length > 0) {
    const which = failed.map(({ rule, value, limit }) => `${rule} is ${value}, needs ${limit}`).join("; ");
    throw new WrongArgument(`--evidence ${file} does not pass the rule of promotion: ${which}`);
  }
  return evidence;
}

type Walked = Partial<MadeBy> & { readonly evidence?: ModelEvidence | null };

function read(file: string): Walked {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Walked;
  } catch (error) {
    throw new WrongArgument(`--evidence ${file} cannot be read (${error instanceof Error ? error.message : error})`);
  }
}
