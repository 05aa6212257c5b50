// Pay-outs are round figures: the net is rounded down to a unit that grows with it, and the rest stays where it was earned.
import { divFloor, type Paise, paise, subtractPaise, ZERO_PAISE } from "../kernel/money.ts";

/** From this net amount on, this unit; largest first. */
const UNITS: readonly { readonly fromPaise: number; readonly unitPaise: number }[] = [
  { fromPaise: 1_00_00_000_00, unitPaise: 10_00_000_00 },
  { fromPaise: 10_00_000_00, unitPaise: 1_00_000_00 },
  { fromPaise: 1_00_000_00, unitPaise: 10_000_00 },
  { fromPaise: 0, unitPaise: 1_000_00 },
];

export interface RoundedNet {
  readonly savedPaise: Paise;
  /** `net − saved`; equals the net when there is nothing to save, so it is negative on a loss. */
  readonly bufferPaise: Paise;
}

/** Rounds a net amount down to its unit (SET-03, C-42). */
export function roundDownToUnit(netPaise: Paise): RoundedNet {
  const unitPaise = UNITS.find(({ fromPaise }) => netPaise >= fromPaise)?.unitPaise;
  if (unitPaise === undefined) return { savedPaise: ZERO_PAISE, bufferPaise: netPaise };
  const savedPaise = paise(divFloor(netPaise, unitPaise) * unitPaise);
  return { savedPaise, bufferPaise: subtractPaise(netPaise, savedPaise) };
}
