// Executions to vary: one unit of a share at ₹100, without charges, as the golden examples have it.
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, marketDate } from "../../../src/core/kernel/time.ts";
import type { Execution } from "../../../src/core/portfolio/execution.ts";
import { NOON } from "../../support/builders.ts";

let made = 0;

/** Every call makes an execution of its own, a second after the last. */
export function deal(side: "BUY" | "SELL", units: number, rupees: number, change: Partial<Execution> = {}): Execution {
  made += 1;
  return {
    executionId: `E-${String(made).padStart(6, "0")}`,
    date: marketDate("2025-08-29"),
    atMs: epochMs(NOON + made * 1_000),
    instrumentId: "AAPL",
    underlying: "NIFTY50",
    side,
    units,
    pricePaise: paise(Math.round(rupees * 100)),
    chargesPaise: paise(0),
    strategy: "STRATEGY",
    signalId: null,
    exitReason: null,
    ...change,
  };
}
