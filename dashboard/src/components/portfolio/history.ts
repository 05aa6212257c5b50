// Closed positions in words: what stands in a row, and what stands above all of them.
import { istTime, paiseOf, rupees, signedRupees } from "../../money.ts";

export interface Episode {
  readonly instrumentId: string;
  readonly direction: string;
  readonly strategy: string;
  readonly openedAt: string;
  /** Null while it is open. */
  readonly closedAt: string | null;
  readonly exitReason: string | null;
  readonly unitsMax: number;
  /** Opened in all. */
  readonly units: number;
  readonly averageIn: string | null;
  readonly averageOut: string | null;
  readonly realised: string | null;
  readonly charges: string;
}

/** What was open at once says more of the risk than what went in and out again. */
export const unitsText = ({ units, unitsMax }: Pick<Episode, "units" | "unitsMax">): string =>
  units === unitsMax ? `${units}` : `${units}, ${unitsMax} at once`;

export const reasonText = (code: string | null): string =>
  code === null || code === "NONE" ? "no reason given" : code.toLowerCase().replaceAll("_", " ");

/** The date and time of an instant in IST. */
export const dayAndTime = (instant: string): string =>
  `${new Date(instant).toLocaleDateString("en-CA", { timeZone: "Asia/Kolkata" })} ${istTime(instant)}`;

export function summaryText(closed: readonly Episode[]): string {
  const results = closed.map(({ realised }) => paiseOf(realised) ?? 0);
  const result = results.reduce((sum, paise) => sum + paise, 0);
  const charges = closed.reduce((sum, one) => sum + (paiseOf(one.charges) ?? 0), 0);
  const won = results.filter((paise) => paise > 0).length;
  const positions = closed.length === 1 ? "1 position" : `${closed.length} positions`;
  return `${positions}, ${won} won: ${signedRupees(result)} before charges of ${rupees(charges)}`;
}
