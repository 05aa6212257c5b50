// What the worth of an option follows from: of a contract, no more than a model of its price asks for.
import type { OptionContract } from "./contract.ts";

export type OptionTerms = Pick<OptionContract, "instrumentId" | "underlying" | "expiry" | "strikePaise" | "optionType">;
