// How strikes are priced that nobody has recorded: as fitted on recorded chains, or as the platform models what a recording lacks
// and labels price their trades. Each says what its premiums were off by where that was measured.
import { fittedSmile, SMILE_ERRORS, type Smile } from "../market/fitted-smile.ts";
import { smileVolatility } from "../market/model-chain.ts";

export type SmileName = "fitted" | "platform";

export const SMILES: Readonly<Record<SmileName, { readonly smile: Smile; readonly errors: readonly string[] }>> = {
  fitted: { smile: fittedSmile, errors: SMILE_ERRORS },
  platform: {
    smile: smileVolatility,
    errors: [
      "Modelled premiums are the platform's own, by constants read off the books of 2025-08-29:",
      "on the quotes of the eight days that the other smile was fitted on they were off by 35.5 % of the premium (median), always too cheap.",
    ],
  },
};
