// Rupees as the API sends them: decimal strings. Arithmetic happens in whole paise; grouping is Indian.

/** "-1234.50" → -123450. */
export function paiseOf(rupees: string | null | undefined): number | null {
  if (rupees === null || rupees === undefined) return null;
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(rupees);
  if (match === null) return null;
  const amount = Number(match[2]) * 100 + Number((match[3] ?? "").padEnd(2, "0"));
  return match[1] === "-" ? -amount : amount;
}

const grouping = new Intl.NumberFormat("en-IN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const grouped = (paise: number): string => grouping.format(Math.abs(paise) / 100);

/** ₹1,23,456.50; a minus is written with a real minus sign. */
export const rupees = (paise: number | null): string =>
  paise === null ? "–" : `${paise < 0 ? "−" : ""}₹${grouped(paise)}`;

/** The same with a plus for gains: never colour alone. */
export const signedRupees = (paise: number | null): string =>
  paise === null ? "–" : `${paise > 0 ? "+" : paise < 0 ? "−" : ""}₹${grouped(paise)}`;

/** Index levels and premiums, without the currency sign. */
export const level = (paise: number | null): string => (paise === null ? "–" : grouped(paise));

export const toneOf = (paise: number | null): "gain" | "loss" | "flat" =>
  paise === null || paise === 0 ? "flat" : paise > 0 ? "gain" : "loss";

export const istTime = (instant: string | number | null | undefined): string =>
  instant === null || instant === undefined
    ? "–"
    : new Date(instant).toLocaleTimeString("en-IN", {
        timeZone: "Asia/Kolkata",
        hour12: false,
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
      });
