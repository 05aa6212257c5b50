// How far from its reference an order's price may lie before the exchange rejects it (limit price protection). Dated, because
// the exchanges change it; on a date without a row nothing is known, and nothing passes.
import { mulDivFloor, type Paise, paise } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";
import type { Exchange } from "./contract.ts";
import { MARKET_RULES, rowInForce } from "./market-rules.ts";

export interface PriceBand {
  readonly fromPaise: Paise;
  readonly toPaise: Paise;
}

/** Both ends pass. Null where no rule is known. */
export function priceBandOf(exchange: Exchange, date: MarketDate, referencePaise: Paise): PriceBand | null {
  const rule = rowInForce(MARKET_RULES.priceProtection.rules[exchange], date);
  if (rule === null) return null;
  const shareBps = Math.round(Number(rule.percent) * 100);
  const atLeastPaise = Math.round(Number(rule.atLeast) * 100);
  const widthPaise = Math.max(mulDivFloor(referencePaise, shareBps, 10_000), atLeastPaise);
  return { fromPaise: paise(Math.max(0, referencePaise - widthPaise)), toPaise: paise(referencePaise + widthPaise) };
}
