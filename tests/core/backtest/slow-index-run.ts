// The index engine's rules once more, as plainly as they can be said: one bar after the other, every indicator from its
// definition, no columns, no shortcuts. What the fast one is held against.
import type { IndexDistance, IndexSetup } from "../../../src/core/backtest/index-engine/index-rule.ts";
import { istDateOf, istInstant } from "../../../src/core/kernel/time.ts";
import type { Bar } from "../../../src/core/market/market-event.ts";

export interface SlowTrade {
  readonly entryBar: number;
  readonly exitBar: number;
  readonly side: string;
  readonly units: number;
  readonly entryPaise: number;
  readonly exitPaise: number;
  readonly netPaise: number;
  readonly reason: string;
}

/** Wilder's average by its recursion from the first full mean on; null before. */
function wilder(values: readonly number[], period: number): number | null {
  if (values.length < period) return null;
  let average = values.slice(0, period).reduce((sum, value) => sum + value / period, 0);
  for (const value of values.slice(period)) average += (value - average) * (1 / period);
  return average;
}

function rsiAt(bars: readonly Bar[], period: number): number | null {
  const changes = bars.slice(1).map((bar, at) => bar.closePaise - (bars[at]?.closePaise ?? 0));
  const gain = wilder(
    changes.map((change) => Math.max(change, 0)),
    period,
  );
  const loss = wilder(
    changes.map((change) => Math.max(-change, 0)),
    period,
  );
  if (gain === null || loss === null) return null;
  return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
}

function atrAt(bars: readonly Bar[], period: number): number | null {
  return wilder(
    bars.slice(1).map((bar, at) => {
      const before = bars[at]?.closePaise ?? 0;
      return Math.max(bar.highPaise, before) - Math.min(bar.lowPaise, before);
    }),
    period,
  );
}

/** Only rules of RSI. */
export function slowIndexRun(bars: readonly Bar[], { rule, costs, risk, capitalPaise }: IndexSetup) {
  const { signal } = rule;
  if (signal.kind !== "RSI") throw new Error("the slow engine knows RSI only");
  const dates = bars.map(({ startMs }) => istDateOf(startMs));
  const trades: SlowTrade[] = [];
  const equities: number[] = [];
  let cash = capitalPaise;
  let held: {
    side: 1 | -1;
    units: number;
    price: number;
    bar: number;
    charges: number;
    stop: number | null;
    target: number | null;
  } | null = null;
  let [dayFloor, isLossReached, entries] = [0, false, 0];

  const sideAfter = (at: number): 1 | -1 | 0 => {
    const reach = rule.memory === "DAILY" ? dates.indexOf(dates[at] ?? ("" as never)) : 0;
    const beyond = (end: number): 1 | -1 | 0 | null => {
      if (end < reach) return null;
      const rsi = rsiAt(bars.slice(reach, end + 1), signal.period);
      if (rsi === null) return null;
      return rsi > signal.upper ? 1 : rsi < signal.lower ? -1 : 0;
    };
    const now = beyond(at);
    if (now === null || now === 0) return 0;
    if (signal.trigger === "CROSS") {
      // With memory over the days the bar before may be yesterday's.
      const before = beyond(at - 1);
      if (before === null || before === now) return 0;
    }
    return signal.polarity === "MOMENTUM" ? now : now === 1 ? -1 : 1;
  };
  const dealt = (price: number, side: number): number =>
    price + side * (Math.ceil(costs.spreadPaise / 2) + Math.ceil((price * costs.slippagePpm) / 1_000_000));
  const chargesOf = (value: number): number => Math.ceil((value * costs.chargesPpm) / 1_000_000);
  const equityAt = (price: number): number => cash + (held === null ? 0 : held.side * held.units * price);
  const leave = (at: number, price: number, reason: string): void => {
    if (held === null) return;
    const { side, units, price: entryPaise, bar, charges } = held;
    const exitPaise = dealt(price, -side);
    const exitCharges = chargesOf(exitPaise * units);
    cash += side * units * exitPaise - exitCharges;
    trades.push({
      entryBar: bar,
      exitBar: at,
      side: side === 1 ? "LONG" : "SHORT",
      units,
      entryPaise,
      exitPaise,
      netPaise: side * units * (exitPaise - entryPaise) - charges - exitCharges,
      reason,
    });
    held = null;
  };
  const distance = (of: IndexDistance | null, price: number, at: number): number | null | "UNKNOWN" => {
    if (of === null) return null;
    if (of.unit === "PAISE") return of.value;
    if (of.unit === "PPM") return Math.ceil((price * of.value) / 1_000_000);
    const atr = atrAt(bars.slice(0, at), 14);
    return atr === null ? "UNKNOWN" : Math.ceil((atr * of.value) / 100);
  };
  const enter = (at: number, open: number, side: 1 | -1): void => {
    if (rule.sides === "LONG_ONLY" && side === -1) return;
    if (rule.sides === "SHORT_ONLY" && side === 1) return;
    const wanted =
      risk.sizing.by === "UNITS" ? risk.sizing.units : Math.floor((cash * risk.sizing.percent) / 100 / open);
    const units = Math.min(wanted, risk.maxUnits);
    if (units <= 0) return;
    const price = dealt(open, side);
    const [stop, target] = [distance(risk.stop, price, at), distance(risk.target, price, at)];
    if (stop === "UNKNOWN") return;
    const charges = chargesOf(price * units);
    cash -= side * units * price + charges;
    held = {
      side,
      units,
      price,
      bar: at,
      charges,
      stop: stop === null ? null : price - side * stop,
      target: target === null || target === "UNKNOWN" ? null : price + side * target,
    };
    entries += 1;
  };

  for (const [at, bar] of bars.entries()) {
    const { openPaise: open, highPaise: high, lowPaise: low, closePaise: close } = bar;
    const isFirst = dates[at] !== dates[at - 1];
    const isLast = dates[at] !== dates[at + 1];
    if (isFirst)
      [dayFloor, isLossReached, entries] = [
        equityAt(open) - (risk.dailyLossPaise ?? Number.POSITIVE_INFINITY),
        false,
        0,
      ];
    const isFrom = (time: string | null): boolean =>
      time !== null && bar.startMs >= istInstant(istDateOf(bar.startMs), time);
    const said = at === 0 || (isFirst && risk.flatFrom !== null) ? 0 : sideAfter(at - 1);
    const heldSide = (held as { side: number } | null)?.side ?? 0;
    if (heldSide !== 0) {
      if (isLossReached) leave(at, open, "DAILY_LOSS");
      else if (isFrom(risk.flatFrom)) leave(at, open, "FLAT_TIME");
      else if (said === -heldSide) leave(at, open, "SIGNAL");
    }
    const mayEnter = said !== 0 && !isLossReached && entries < (risk.entriesPerDay ?? Number.POSITIVE_INFINITY);
    if (held === null && mayEnter && !isFrom(risk.flatFrom) && !isFrom(risk.noEntryFrom))
      enter(at, open, said as 1 | -1);
    const now = held as { side: number; stop: number | null; target: number | null } | null;
    if (now !== null) {
      const { side, stop, target } = now;
      const against = side === 1 ? low : high;
      const inFavour = side === 1 ? high : low;
      if (stop !== null && side * (against - stop) <= 0)
        leave(at, side === 1 ? Math.min(open, stop) : Math.max(open, stop), "STOP");
      else if (target !== null && side * (inFavour - target) >= 0) {
        leave(at, side === 1 ? Math.max(open, target) : Math.min(open, target), "TARGET");
      }
    }
    if (equityAt(close) <= dayFloor) isLossReached = true;
    if (isLast && held !== null && risk.flatFrom !== null) leave(at, close, "DAY_END");
    if (at === bars.length - 1) leave(at, close, "SERIES_END");
    if (isLast) equities.push(equityAt(close));
  }
  return { trades, equities, cash };
}
