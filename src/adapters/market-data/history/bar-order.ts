// Brings bars into the order of time and settles which of those that start together is believed: identical ones once, differing
// ones not at all.
import { epochMs, formatInstant } from "../../../core/kernel/time.ts";
import type { RawBars } from "./bar-rows.ts";
import type { RepairLog } from "./repair.ts";

/** Positions of the bars to keep, in order of time; each start once. */
export function orderedBars(bars: RawBars, log: RepairLog): Uint32Array {
  const order = sortedPositions(bars, log);
  const { startMs } = bars;
  let kept = 0;
  for (let at = 0, next = 0; at < order.length; at = next) {
    const first = order[at] as number;
    next = at + 1;
    while (next < order.length && startMs[order[next] as number] === startMs[first]) next += 1;
    if (next - at === 1 || settle(bars, order.subarray(at, next), log)) {
      order[kept] = first;
      kept += 1;
    }
  }
  return order.subarray(0, kept);
}

function sortedPositions({ startMs, length, files, file, line }: RawBars, log: RepairLog): Uint32Array {
  const positions = Uint32Array.from({ length }, (_, at) => at);
  let latest = Number.NEGATIVE_INFINITY;
  let latestFile = -1;
  let isInOrder = true;
  for (let at = 0; at < length; at += 1) {
    const start = startMs[at] as number;
    if (start >= latest) [latest, latestFile] = [start, file[at] as number];
    else {
      isInOrder = false;
      // Files may overlap; only within one of them is an earlier bar out of place.
      if (file[at] === latestFile) {
        const detail = `${formatInstant(epochMs(start))} comes after ${formatInstant(epochMs(latest))}`;
        log.add({
          code: "BAR_OUT_OF_ORDER",
          file: files[file[at] as number] as string,
          line: line[at] as number,
          detail,
        });
      }
    }
  }
  // The positions break ties, so bars that start together stay in the order of the files.
  return isInOrder
    ? positions
    : positions.sort((left, right) => (startMs[left] as number) - (startMs[right] as number) || left - right);
}

/** Reports bars that start together; true when they are the same bar. */
function settle(bars: RawBars, positions: Uint32Array, log: RepairLog): boolean {
  const first = positions[0] as number;
  const isSame = positions.every((at) => PRICES.every((price) => bars[price][at] === bars[price][first]));
  const [code, verdict] = isSame
    ? (["BAR_DUPLICATED", "again the bar of"] as const)
    : (["BAR_CONTRADICTED", "differs from another bar of"] as const);
  const time = formatInstant(epochMs(bars.startMs[first] as number));
  for (const at of isSame ? positions.subarray(1) : positions) {
    const file = bars.files[bars.file[at] as number] as string;
    log.add({ code, file, line: bars.line[at] as number, detail: `${verdict} ${time}` });
  }
  return isSame;
}

const PRICES = ["openPaise", "highPaise", "lowPaise", "closePaise"] as const;
