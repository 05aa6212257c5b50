// The promoted model and the rules as one predictor. The model speaks where it is sure enough. Where it is not, a rule may, under
// its own event and measured rate, but only where the model does not contradict it: the direction head has to lean the same way,
// as it has to for the model's own views, and a structure must make money at least as often as usual. So a model without an edge
// trades less, and never more.
import { CLASSES } from "./dataset.ts";
import { askedByName, type HybridOptions, hybridPredictor } from "./hybrid-predictor.ts";
import type { EnsembleAnswer } from "./models/ensemble.ts";
import type { Prediction, Predictor } from "./predictor.ts";
import { RULE_PREDICTOR } from "./rule-predictor.ts";

export interface GuidedOptions extends HybridOptions {
  /** Who speaks where the model does not. */
  readonly rules?: Predictor;
}

export function guidedPredictor({ rules = RULE_PREDICTOR, ...options }: GuidedOptions): Predictor {
  const own = hybridPredictor(options);
  const ask = askedByName(options);
  return {
    id: `${options.id}+${rules.id}`,
    predict: (input) => {
      const view = own.predict(input);
      if (view.direction !== "NO_TRADE") return view;
      const rule = rules.predict(input);
      if (rule.direction === "NO_TRADE") return { ...view, reason: `${view.reason} The rules: ${rule.reason}` };
      const asked = ask(input);
      if (asked === null) return { ...rule, reason: `${rule.reason} The model was not asked: no features.` };
      const objection = objectionTo(rule, asked.answer, options.model.ensemble);
      if (objection === null) return { ...rule, reason: `${rule.reason} The model does not object.` };
      const { lean: _, ...rest } = view;
      return {
        ...rest,
        confidenceBps: rule.confidenceBps,
        reason: `${rule.reason} The model objects: ${objection}`,
      };
    },
  };
}

type Ensemble = HybridOptions["model"]["ensemble"];

function objectionTo({ direction }: Prediction, answer: EnsembleAnswer, ensemble: Ensemble): string | null {
  const view = CLASSES.findIndex((each) => each === direction);
  const [share, base] = [answer.direction[view] as number, ensemble.direction.base[view] as number];
  if (!(share > base)) return `it gives ${direction} ${percent(share)} where the base rate is ${percent(base)}.`;
  if (direction !== "NEUTRAL") return null;
  const head = ensemble.outcomes[view] ?? null;
  const [paid, usual] = [answer.outcome[view] as number, head?.calibration.base[1] ?? Number.NaN];
  if (paid >= usual) return null;
  return `such a structure makes money in ${percent(paid)}, usually in ${percent(usual)}.`;
}

const percent = (share: number): string => (Number.isNaN(share) ? "an unknown share" : `${(100 * share).toFixed(1)} %`);
