// At which price a position counts. A quote that has jumped off the feed's last steady price is wrong, or a market nobody has seen
// yet: a gain by it counts once the feed believes it, a loss once it has lasted. So one wrong figure neither raises the day's best
// moment nor stops an account, and a crash stops it all the same.
import type { PriceView } from "../account/command.ts";
import type { Paise } from "../kernel/money.ts";
import type { Position } from "../position/position.ts";
import { isJump } from "./quote-plausibility.ts";

/** As old as a live quote may be for an entry: a price that has not been seen again for so long is no measure for others. */
export const LOSS_BELIEVED_AFTER_MS = 15_000;

/** At the exit side: bid for a long, ask for a short; the last price stands in. Null without any price. */
export function believedExitPaise(
  { netUnits }: Pick<Position, "netUnits">,
  { bidPaise, askPaise, lastPaise, steady, bidDoubtedMs = 0, askDoubtedMs = 0 }: PriceView,
): Paise | null {
  const [sidePaise, doubtedMs] = netUnits < 0 ? [askPaise, askDoubtedMs] : [bidPaise, bidDoubtedMs];
  const exitPaise = sidePaise ?? lastPaise;
  const steadyPaise = steady?.pricePaise;
  if (exitPaise === null || steadyPaise === undefined || !isJump(exitPaise, steadyPaise)) return exitPaise;
  const isLoss = netUnits < 0 ? exitPaise > steadyPaise : exitPaise < steadyPaise;
  return isLoss && doubtedMs >= LOSS_BELIEVED_AFTER_MS ? exitPaise : steadyPaise;
}

/** For how long a price that is not believed need not be asked about again unless it changes: until a loss by it is believed. */
export function doubtLeftMs({ netUnits }: Pick<Position, "netUnits">, price: PriceView): number {
  const leftMs = LOSS_BELIEVED_AFTER_MS - ((netUnits < 0 ? price.askDoubtedMs : price.bidDoubtedMs) ?? 0);
  // A gain stays in doubt for longer.
  return leftMs > 0 ? leftMs : LOSS_BELIEVED_AFTER_MS;
}
