// How strikes are priced that nobody has recorded: as fitted on recorded chains, or as the platform models what a recording lacks
// and labels price their trades.
import { fittedSmile, type Smile } from "../../src/core/market/fitted-smile.ts";
import { smileVolatility } from "../../src/core/market/model-chain.ts";
import { WrongArgument } from "../command-line.ts";

const SMILES: Readonly<Record<string, Smile>> = { fitted: fittedSmile, platform: smileVolatility };

export function smileOf(word: string): Smile {
  const smile = SMILES[word.toLowerCase()];
  if (smile !== undefined) return smile;
  throw new WrongArgument(`--premiums ${word} is not known; there are ${Object.keys(SMILES).join(", ")}`);
}
