// Figures of a model: grouped like money, but without its sign, because they are none.

const minus = (text: string): string => text.replace("-", "−");

export function figure(value: number | null | undefined, decimals = 0): string {
  if (value === null || value === undefined) return "–";
  return minus(
    value
      .toLocaleString("en-IN", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
      .replace(/^-0$/, "0"),
  );
}

/** With a plus for gains: never colour alone. */
export const signedFigure = (value: number | null | undefined, decimals = 0): string =>
  value !== null && value !== undefined && value > 0 ? `+${figure(value, decimals)}` : figure(value, decimals);

/** A fraction as percent. */
export const percent = (fraction: number, decimals = 1): string =>
  `${signedFigure(Math.round(fraction * 1e6) / 1e4, decimals)} %`;

export const toneOfFigure = (value: number): "gain" | "loss" | "flat" =>
  value > 0 ? "gain" : value < 0 ? "loss" : "flat";
