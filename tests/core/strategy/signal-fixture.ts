// A bullish NIFTY view with a cheap call, to vary in tests.
import type { InstrumentId } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { Signal } from "../../../src/core/prediction/signal.ts";

const date = marketDate("2025-08-29");
const SIGNAL: Signal = {
  signalId: "2025-08-29-C12/NIFTY50",
  cycleId: "2025-08-29-C12",
  underlying: "NIFTY50",
  atMs: istInstant(date, "12:01"),
  predictor: "rules-1",
  direction: "BULLISH",
  confidenceBps: 7_300,
  reason: "a test",
  inputs: {
    spotPaise: paise(24_500_00),
    rsi: 74,
    atrPaise: paise(15_00),
    macdHistogramPaise: paise(1_20),
    vixCenti: 12_00,
    barCount: 55,
  },
  choice: {
    contract: {
      instrumentId: "NIFTY2590224700CE.NFO" as InstrumentId,
      underlying: "NIFTY50",
      exchange: "NSE",
      expiry: marketDate("2025-09-02"),
      strikePaise: paise(24_700_00),
      optionType: "CALL",
      lotSize: 75,
      freezeQuantity: 1_800,
      tickSizePaise: paise(5),
    },
    bidPaise: paise(79_90),
    askPaise: paise(80_00),
    lastPaise: paise(80_00),
    quotedAtMs: istInstant(date, "12:00"),
    source: "RECORDED",
    deltaBps: 3_000,
    score: 20,
  },
  alternatives: [],
  targetMovePaise: paise(15_00),
  stopMovePaise: paise(45_00),
  expiresAtMs: istInstant(date, "13:15"),
};

export const aSignal = (change: Partial<Signal> = {}): Signal => ({ ...SIGNAL, ...change });
