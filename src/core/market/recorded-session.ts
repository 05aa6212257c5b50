// What a recorded session says of itself once it has been read and checked.
import type { Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";

/** RECORDED: premiums are in the recording. MODELLED: priced from index and VIX, and marked so. NONE: the index is absent too. */
export type ChainCoverage = "RECORDED" | "MODELLED" | "NONE";

export interface SessionUnderlying {
  readonly underlying: Underlying;
  readonly chain: ChainCoverage;
  /** Usual time between two snapshots; a quote older than twice this is stale. */
  readonly quoteCadenceMs: number;
  readonly previousClosePaise: Paise | null;
  /** Market events on this underlying's tape. */
  readonly events: number;
}

export interface RecordedSession {
  readonly date: MarketDate;
  /** One sentence: where the recording comes from and what it holds. */
  readonly source: string;
  readonly openMs: EpochMs;
  readonly closeMs: EpochMs;
  readonly hasVix: boolean;
  readonly previousVixCenti: number | null;
  readonly underlyings: readonly SessionUnderlying[];
  /** What the reader saw and dealt with by a stated rule (gaps, late starts), for people. */
  readonly remarks: readonly string[];
}
