// The one parameter that most of the library sizes by.
export const RISK_PERCENT = {
  kind: "NUMBER",
  name: "riskPercent",
  description: "Per cent of the capital that one entry may lose at its stop.",
  default: 1,
  min: 0.1,
  max: 5,
} as const;
