// The history of positions: each from the execution that opened it to the one that left it flat, or to now.
import { addPaise, mulDivFloor, type Paise, subtractPaise, valuePaise, ZERO_PAISE } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { Execution } from "./execution.ts";

export interface PositionEpisode {
  readonly instrumentId: string;
  readonly underlying: string;
  readonly date: MarketDate;
  readonly direction: "LONG" | "SHORT";
  readonly strategy: string;
  readonly signalId: string | null;
  readonly openedAtMs: EpochMs;
  /** Null while it is open. */
  readonly closedAtMs: EpochMs | null;
  readonly exitReason: string | null;
  /** The most that was open at once. */
  readonly unitsMax: number;
  readonly unitsOpen: number;
  /** Opened in all: more than the most at once where some were given back in between and taken again. */
  readonly unitsIn: number;
  readonly boughtPaise: Paise;
  readonly soldPaise: Paise;
  /** Sold less bought once it is flat; null while it is open. */
  readonly realisedPaise: Paise | null;
  readonly chargesPaise: Paise;
  readonly executions: number;
}

/** In the order in which they were opened. An execution that turns a position ends one and opens the next. */
export function positionHistory(executions: Iterable<Execution>): PositionEpisode[] {
  const done: PositionEpisode[] = [];
  const open = new Map<string, PositionEpisode>();
  for (const execution of executions) {
    const held = open.get(execution.instrumentId);
    const isClosing = held !== undefined && (held.direction === "LONG") !== (execution.side === "BUY");
    const isTurning = isClosing && execution.units > held.unitsOpen;
    const [part, turned] = isTurning ? split(execution, held.unitsOpen) : [execution, null];
    const after = withPart(held ?? begun(execution), part, isClosing);
    if (after.closedAtMs === null) open.set(execution.instrumentId, after);
    else {
      open.delete(execution.instrumentId);
      done.push(after);
    }
    if (turned !== null) open.set(turned.instrumentId, withPart(begun(turned), turned, false));
  }
  return [...done, ...open.values()].sort(
    (left, right) => left.openedAtMs - right.openedAtMs || (left.instrumentId < right.instrumentId ? -1 : 1),
  );
}

const begun = (execution: Execution): PositionEpisode => ({
  instrumentId: execution.instrumentId,
  underlying: execution.underlying,
  date: execution.date,
  direction: execution.side === "BUY" ? "LONG" : "SHORT",
  strategy: execution.strategy,
  signalId: execution.signalId,
  openedAtMs: execution.atMs,
  closedAtMs: null,
  exitReason: null,
  unitsMax: 0,
  unitsOpen: 0,
  unitsIn: 0,
  boughtPaise: ZERO_PAISE,
  soldPaise: ZERO_PAISE,
  realisedPaise: null,
  chargesPaise: ZERO_PAISE,
  executions: 0,
});

/** The first part closes, the second opens; its charges go with the units, the second part takes what is left. */
function split(execution: Execution, units: number): readonly [Execution, Execution] {
  const chargesPaise = mulDivFloor(execution.chargesPaise, units, execution.units);
  return [
    { ...execution, units, chargesPaise },
    {
      ...execution,
      units: execution.units - units,
      chargesPaise: subtractPaise(execution.chargesPaise, chargesPaise),
      exitReason: null,
    },
  ];
}

function withPart(held: PositionEpisode, part: Execution, closes: boolean): PositionEpisode {
  const value = valuePaise(part.pricePaise, part.units);
  const boughtPaise = part.side === "BUY" ? addPaise(held.boughtPaise, value) : held.boughtPaise;
  const soldPaise = part.side === "SELL" ? addPaise(held.soldPaise, value) : held.soldPaise;
  const unitsOpen = held.unitsOpen + (closes ? -part.units : part.units);
  const isFlat = unitsOpen === 0;
  return {
    ...held,
    boughtPaise,
    soldPaise,
    unitsOpen,
    unitsMax: Math.max(held.unitsMax, unitsOpen),
    unitsIn: held.unitsIn + (closes ? 0 : part.units),
    chargesPaise: addPaise(held.chargesPaise, part.chargesPaise),
    executions: held.executions + 1,
    exitReason: closes ? part.exitReason : held.exitReason,
    closedAtMs: isFlat ? part.atMs : null,
    realisedPaise: isFlat ? subtractPaise(soldPaise, boughtPaise) : null,
  };
}

/** What a unit was opened and left at, floored to the paisa for the eye; null where none was. */
export function averagesOf(episode: PositionEpisode): {
  readonly inPaise: Paise | null;
  readonly outPaise: Paise | null;
} {
  const { direction, boughtPaise, soldPaise, unitsIn, unitsOpen } = episode;
  const [inValue, outValue] = direction === "LONG" ? [boughtPaise, soldPaise] : [soldPaise, boughtPaise];
  return { inPaise: perUnit(inValue, unitsIn), outPaise: perUnit(outValue, unitsIn - unitsOpen) };
}

const perUnit = (value: Paise, units: number): Paise | null => (units === 0 ? null : mulDivFloor(value, 1, units));
