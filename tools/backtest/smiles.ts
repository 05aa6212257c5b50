// The smiles by the names they have on the command line, and whole chains priced by one of them.
import type { ModelChain } from "../../src/adapters/market-data/recorded/modelled-chain.ts";
import { SMILES, type SmileName } from "../../src/core/backtest/smiles.ts";
import type { Smile } from "../../src/core/market/fitted-smile.ts";
import { modelContracts, modelQuote } from "../../src/core/market/model-chain.ts";
import { WrongArgument } from "../command-line.ts";

export function smileNamed(word: string): SmileName {
  const names = Object.keys(SMILES) as SmileName[];
  const found = names.find((name) => name === word.toLowerCase());
  if (found !== undefined) return found;
  throw new WrongArgument(`--premiums ${word} is not known; there are ${names.join(", ")}`);
}

/** What a recording lacks, by the same contracts as the platform models them and another smile. */
export const modelChainBy =
  (smile: Smile): ModelChain =>
  ({ underlying, date, atMs, spotPaise, vixCenti, seen }) => {
    if (vixCenti === null || vixCenti <= 0 || spotPaise <= 0) return null;
    const mark = { atMs, spotPaise, vixCenti };
    const quotes = modelContracts(underlying, date, seen).map((contract) => modelQuote(contract, mark, smile));
    return quotes.length === 0 ? null : { kind: "CHAIN_SNAPSHOT", atMs, underlying, source: "MODELLED", quotes };
  };
