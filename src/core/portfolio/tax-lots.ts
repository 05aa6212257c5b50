// Tax lots, first in, first out: which purchase a sale has used up, so that every realised paisa can be traced to two executions.
// Beside it stands the average price of `position.ts`; while something is open the two may realise different amounts, and once
// the position is flat they agree to the paisa.
import { assert } from "../kernel/assert.ts";
import { addPaise, mulDivFloor, type Paise, paise, subtractPaise, sumPaise, valuePaise } from "../kernel/money.ts";
import { type Execution, signedUnits } from "./execution.ts";

/** What is left of one execution. */
export interface TaxLot {
  readonly opened: Execution;
  /** Signed: positive long, negative short. */
  readonly units: number;
  /** The opening execution's charges on what is left. */
  readonly chargesPaise: Paise;
}

/** A part of an opening execution and the execution that closed it. */
export interface ClosedLot {
  readonly opened: Execution;
  readonly closed: Execution;
  readonly direction: "LONG" | "SHORT";
  readonly units: number;
  readonly realisedPaise: Paise;
  /** Of both executions, in proportion to the units. */
  readonly chargesPaise: Paise;
}

export interface LotBook {
  readonly open: readonly TaxLot[];
  readonly closed: readonly ClosedLot[];
}

const NO_LOTS: LotBook = { open: [], closed: [] };

/** Executions in the order in which they happened, of as many instruments as there are. */
export function taxLots(executions: Iterable<Execution>): LotBook {
  const books = new Map<string, LotBook>();
  for (const execution of executions) {
    const { instrumentId } = execution;
    books.set(instrumentId, withExecution(books.get(instrumentId) ?? NO_LOTS, execution));
  }
  const all = [...books.values()];
  return {
    open: all.flatMap(({ open }) => open),
    closed: all
      .flatMap(({ closed }) => closed)
      .sort((left, right) => left.closed.atMs - right.closed.atMs || compare(left, right)),
  };
}

const compare = (left: ClosedLot, right: ClosedLot): number =>
  left.closed.executionId < right.closed.executionId ? -1 : left.closed.executionId > right.closed.executionId ? 1 : 0;

/** Takes the oldest lots on the other side first; what is left over opens a lot of its own. */
function withExecution(book: LotBook, execution: Execution): LotBook {
  assert(Number.isSafeInteger(execution.units) && execution.units > 0, "an execution has whole, positive units");
  let open = [...book.open];
  const closed = [...book.closed];
  let unitsLeft = execution.units;
  let chargesLeft = execution.chargesPaise;
  const sign = Math.sign(signedUnits(execution));
  while (unitsLeft > 0) {
    const [lot, ...rest] = open;
    if (lot === undefined || Math.sign(lot.units) === sign) break;
    const units = Math.min(unitsLeft, Math.abs(lot.units));
    const openingCharges = shareOf(lot.chargesPaise, units, Math.abs(lot.units));
    const closingCharges = shareOf(chargesLeft, units, unitsLeft);
    closed.push({
      opened: lot.opened,
      closed: execution,
      direction: lot.units > 0 ? "LONG" : "SHORT",
      units,
      realisedPaise: valuePaise(
        subtractPaise(execution.pricePaise, lot.opened.pricePaise),
        lot.units > 0 ? units : -units,
      ),
      chargesPaise: addPaise(openingCharges, closingCharges),
    });
    unitsLeft -= units;
    chargesLeft = subtractPaise(chargesLeft, closingCharges);
    const lotUnits = lot.units + sign * units;
    open =
      lotUnits === 0
        ? rest
        : [{ ...lot, units: lotUnits, chargesPaise: subtractPaise(lot.chargesPaise, openingCharges) }, ...rest];
  }
  if (unitsLeft > 0) open.push({ opened: execution, units: sign * unitsLeft, chargesPaise: chargesLeft });
  return { open, closed };
}

/** The last part takes what the floors before it have left. */
const shareOf = (charges: Paise, units: number, of: number): Paise =>
  units === of ? charges : mulDivFloor(charges, units, of);

/** Signed, like the units: paid for longs, received for shorts. */
export const lotCostPaise = ({ opened, units }: TaxLot): Paise => valuePaise(opened.pricePaise, units);

export const realisedByLots = ({ closed }: LotBook): Paise => sumPaise(closed, ({ realisedPaise }) => realisedPaise);

/** Null without a price. */
export const lotUnrealisedPaise = (lot: TaxLot, pricePaise: Paise | null): Paise | null =>
  pricePaise === null ? null : paise(valuePaise(pricePaise, lot.units) - lotCostPaise(lot));
