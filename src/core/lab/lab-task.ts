// Long work cut into steps that each fit the platform's time for one call. What it has come to can be saved after any step and
// gone on with elsewhere; where it is cut does not change its result.

export interface LabProgress {
  /** Share of the work that is done × 10,000. */
  readonly doneBps: number;
  /** What is being done, for people. */
  readonly note: string;
}

/**
 * How a run ends: with figures, or with a reason a person can act on. What has to be kept beyond the figures is kept by `keep`,
 * which may be asked more than once; from its first call on the run is no longer canceled.
 */
export type LabOutcome =
  | { readonly ok: true; readonly result: unknown; readonly keep?: () => Promise<void> }
  | { readonly ok: false; readonly reason: string };

export interface LabTask {
  /** Does one step. The outcome once there is nothing left to do, else how far it is. */
  step(): Promise<LabProgress | LabOutcome>;
  /** Bytes from which the work goes on; null where it begins anew when it was cut off. */
  save(): Uint8Array | null;
}

export const isOutcome = (answer: LabProgress | LabOutcome): answer is LabOutcome => "ok" in answer;
