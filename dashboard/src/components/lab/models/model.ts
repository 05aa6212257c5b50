// Models as the API sends them.
export type ModelState = "TRAINED" | "SHADOW" | "PROMOTED" | "RETIRED";

export interface ModelHead {
  readonly modelId: string;
  readonly state: ModelState;
  readonly from: string;
  readonly to: string;
  readonly trainedAt: string;
  readonly promotedAt: string | null;
}

export interface Evidence {
  readonly days: number;
  readonly rows: number;
  readonly gain: number;
  readonly gainInterval: { readonly low: number; readonly high: number };
  readonly ece: number;
  readonly eceOf?: "OUTCOMES" | "DIRECTION";
  readonly above70: {
    readonly n: number;
    readonly hitRate: number | null;
    readonly stated: number | null;
    readonly days: number;
  };
  readonly checks: readonly {
    readonly rule: string;
    readonly passed: boolean;
    readonly value: number;
    readonly limit: number;
  }[];
  readonly outcomeReliability?: readonly Bin[];
}

/** With what it has shown on this platform. */
export interface ShownEvidence extends Evidence {
  readonly drift: "STEADY" | "DRIFTING" | "TOO_LITTLE";
  readonly reliability: readonly Bin[];
}

/** How often it came where so much was stated. */
export interface Bin {
  readonly rows: number;
  readonly stated: number;
  readonly observed: number;
}

export interface Scores {
  readonly rows: number;
  readonly accuracy: number;
  readonly majority: number;
  readonly logLoss: number;
  readonly hindsightLogLoss: number;
  readonly brier: number;
  readonly ece: number;
}

/** Of its training; a model that came from elsewhere may have others. */
export interface TrainingFigures {
  readonly days?: number;
  readonly rows?: { readonly learned: number; readonly calibrated: number };
  readonly importances?: readonly { readonly feature: string; readonly share: number }[];
  readonly calibration?: Scores | null;
}

export interface Model extends ModelHead {
  readonly bytesSha256: string;
  readonly dataSha256: string;
  readonly codeSha256: string;
  readonly runId: string | null;
  readonly figures: TrainingFigures;
  readonly changes: readonly {
    readonly from: ModelState | null;
    readonly to: ModelState;
    readonly by: string;
    readonly reason: string;
    readonly at: string;
  }[];
  /** Of a model that came with the code, from before it was shipped. */
  readonly cameWith: Evidence | null;
  readonly evidence: ShownEvidence | null;
}
