// What is known about who stands behind an account. Only VERIFIED opens positions; everything else may still close them.
import type { EpochMs } from "../kernel/time.ts";
import type { PanHolder } from "./pan.ts";

export const KYC_STATES = ["NOT_STARTED", "PENDING", "VERIFIED", "REJECTED", "EXPIRED"] as const;
export type KycState = (typeof KYC_STATES)[number];

export interface KycRecord {
  readonly state: KycState;
  /** SEED: an account of a replay or a demo, of which nobody real stands behind. */
  readonly source: "SEED" | "OPERATOR";
  readonly changedAtMs: EpochMs;
  readonly panMasked?: string;
  readonly panHolder?: PanHolder;
  readonly reason?: string;
}

/** Without a record nothing has been shown. */
export const kycStateOf = ({ kyc }: { readonly kyc?: KycRecord }): KycState => kyc?.state ?? "NOT_STARTED";
