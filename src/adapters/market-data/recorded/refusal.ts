// Why a recorded session is refused: always with the file, the line where there is one, and what is wrong with it.
import { err, type Result } from "../../../core/kernel/result.ts";

export type RecordingRefusalCode =
  | "FILE_MISSING"
  | "FILE_UNREADABLE"
  | "META_INVALID"
  | "NOT_A_TRADING_DAY"
  | "HEADER_INVALID"
  | "ROW_MALFORMED"
  | "TIMESTAMP_MALFORMED"
  | "TIMESTAMP_FOREIGN_DATE"
  | "TIME_BACKWARDS"
  | "NUMBER_MALFORMED"
  | "PRICE_OUT_OF_RANGE"
  | "BAR_INCONSISTENT"
  | "BAR_OVERLAP"
  | "UNDERLYING_FOREIGN"
  | "OPTION_TYPE_UNKNOWN"
  | "CONTRACT_UNKNOWN"
  | "CONTRACT_DUPLICATED"
  | "INDEX_GAP"
  | "NO_UNDERLYING";

export interface RecordingRefusal {
  readonly code: RecordingRefusalCode;
  readonly file: string;
  /** 1-based, the header being line 1; null when the file as a whole is meant. */
  readonly line: number | null;
  readonly detail: string;
}

/** Carries a refusal out of the row callbacks of the CSV parser; never leaves this folder. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly refusal: RecordingRefusal;

  constructor(refusal: RecordingRefusal) {
    super(refusal.detail);
    this.refusal = refusal;
  }
}

export function refuse(code: RecordingRefusalCode, file: string, line: number | null, detail: string): never {
  throw new Refused({ code, file, line, detail });
}

/** Runs a reading and turns its refusal into a value. */
export async function refusalAsValue<T>(read: () => Promise<T>): Promise<Result<T, RecordingRefusal>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    if (error instanceof Refused) return err(error.refusal);
    throw error;
  }
}
