// What a portfolio is worth and has earned (PAP-06). Selling moves cash once, a short position is a debt and not an asset, and a
// price nobody holds anything at changes nothing.
import { addPaise, type Paise, paise, sumPaise, valuePaise } from "../kernel/money.ts";
import { type Execution, signedUnits } from "./execution.ts";

/** Signed units and signed cost, as in `position.ts`. */
export interface PortfolioPosition {
  readonly instrumentId: string;
  readonly netUnits: number;
  readonly costPaise: Paise;
}

export interface PortfolioValue {
  /** Σ price × signed units: negative for what is owed. */
  readonly marketValuePaise: Paise;
  readonly unrealisedPaise: Paise;
  /** Held, but without a price; counted at cost. */
  readonly unpriced: readonly string[];
}

export function portfolioValue(
  positions: Iterable<PortfolioPosition>,
  priceOf: (instrumentId: string) => Paise | null,
): PortfolioValue {
  let [marketValue, unrealised] = [0, 0];
  const unpriced: string[] = [];
  for (const { instrumentId, netUnits, costPaise } of positions) {
    const pricePaise = priceOf(instrumentId);
    const valueHere = pricePaise === null ? costPaise : valuePaise(pricePaise, netUnits);
    if (pricePaise === null) unpriced.push(instrumentId);
    marketValue += valueHere;
    unrealised += valueHere - costPaise;
  }
  return { marketValuePaise: paise(marketValue), unrealisedPaise: paise(unrealised), unpriced };
}

/** Cash after executions: a purchase takes its price from it, a sale adds its price, and nothing else happens to it. */
export const cashAfter = (startPaise: Paise, executions: readonly Execution[]): Paise =>
  addPaise(
    startPaise,
    sumPaise(executions, (execution) => paise(-valuePaise(execution.pricePaise, signedUnits(execution)) || 0)),
  );

/** Cash and the signed value of what is open. */
export const equityOf = (cashPaise: Paise, { marketValuePaise }: PortfolioValue): Paise =>
  addPaise(cashPaise, marketValuePaise);
