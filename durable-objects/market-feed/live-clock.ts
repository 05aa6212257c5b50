// What time it is in the market between two live facts. Facts carry the exchange's time and lead; the wall's clock only says
// how much has passed since the last one, and only when it is believable: a clock that was set forward looks like a long
// silence, so before a silence is believed the next fact is given a moment to contradict it.
import { type EpochMs, epochMs } from "../../src/core/kernel/time.ts";

/** What both clocks showed when the last fact came in. */
export interface LiveAnchor {
  readonly marketMs: EpochMs;
  readonly wallMs: EpochMs;
}

/** A live feed says something at least this often. */
const QUIET_MS = 5_000;
/** How long a fact is waited for before the silence counts as time that has passed. */
export const DOUBT_MS = 3_000;

export const marketTimeAt = ({ marketMs, wallMs }: LiveAnchor, nowWallMs: number): EpochMs =>
  epochMs(marketMs + Math.max(0, nowWallMs - wallMs));

export const wallTimeOf = ({ marketMs, wallMs }: LiveAnchor, dueMs: EpochMs): number => wallMs + (dueMs - marketMs);

export const isInDoubt = ({ wallMs }: LiveAnchor, nowWallMs: number): boolean => nowWallMs - wallMs > QUIET_MS;
