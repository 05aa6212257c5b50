// Which of our underlyings a name means: an index by any of its usual spellings, or one of its option contracts. Everything
// else is refused, FINNIFTY and MIDCPNIFTY too, although "NIFTY" stands in their names (CMP-08, G-58).
import type { Underlying } from "../instrument/contract.ts";

const SPELLINGS: Readonly<Record<string, Underlying>> = {
  NIFTY: "NIFTY50",
  NIFTY50: "NIFTY50",
  BANKNIFTY: "BANKNIFTY",
  NIFTYBANK: "BANKNIFTY",
  SENSEX: "SENSEX",
  SENSEX30: "SENSEX",
};

/** NIFTY2590224500CE, NIFTY25SEP24500PE, NIFTY50-25000-CE; with or without ".NFO" or ".BFO". */
const CONTRACT = /^(NIFTY50|NIFTY|BANKNIFTY|SENSEX)(?:\d{2}[1-9OND]\d{2}|\d{2}[A-Z]{3})?\d{3,6}(?:CE|PE)$/;
/** Of an index, a strike and a kind alone. */
const SEGMENT = /\.(NFO|BFO)$/;

export function underlyingOfSymbol(name: string): Underlying | null {
  const plain = name.toUpperCase().replace(/[\s-]/g, "").replace(SEGMENT, "");
  const index = CONTRACT.exec(plain)?.[1] ?? plain;
  return Object.hasOwn(SPELLINGS, index) ? (SPELLINGS[index] ?? null) : null;
}
