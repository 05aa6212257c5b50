// What a prediction says about one underlying for one cycle. Rule-based today; trained models answer in the same shape.
import type { OptionContract, Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { QuoteSource } from "../market/market-event.ts";
import type { OrderSide } from "../order/order.ts";

/** NEUTRAL is a view with its own confidence; NO_TRADE is the absence of one (AI-11, C-11b). */
export type Direction = "BULLISH" | "BEARISH" | "NEUTRAL" | "NO_TRADE";

/** A direction that is held likelier than usual, though not likely enough to be a view. */
export interface LeanOfView {
  readonly direction: "BULLISH" | "BEARISH" | "NEUTRAL";
  /** Probability × 10,000 of the predictor's event in that direction; more than its base rate. */
  readonly confidenceBps: number;
}

/** Every input is explicit: null means that it was not available, never zero. */
export interface SignalInputs {
  readonly spotPaise: Paise;
  readonly rsi: number | null;
  readonly atrPaise: number | null;
  readonly macdHistogramPaise: number | null;
  readonly vixCenti: number | null;
  readonly barCount: number;
}

/** The contract to trade the view with, and its quote at that moment. */
export interface ContractChoice {
  readonly contract: OptionContract;
  readonly bidPaise: Paise | null;
  readonly askPaise: Paise | null;
  readonly lastPaise: Paise | null;
  readonly quotedAtMs: EpochMs;
  readonly source: QuoteSource;
  /** Delta × 10,000; negative for puts. Null when it could not be computed. */
  readonly deltaBps: number | null;
  readonly score: number;
}

/** One leg of a structure: a contract with its quote at that moment. */
export interface StructureLeg extends Omit<ContractChoice, "score"> {
  readonly side: OrderSide;
  /** Lots of this leg in one set. */
  readonly ratio: number;
}

/** Several options as one trade of bounded loss, with which a NEUTRAL view is traded. Amounts are of one set. */
export interface StructureChoice {
  readonly template: "IRON_FLY" | "IRON_CONDOR";
  /** What is bought comes first. */
  readonly legs: readonly StructureLeg[];
  readonly wingPaise: Paise;
  /** What is received less what is paid, at the touch. */
  readonly creditPaise: Paise;
  /** What it earns at the horizon on average over where the index has stood after such views, before costs. */
  readonly gainPaise: Paise;
  /** What it earns at the horizon with the index where it is now: the most that is waited for. */
  readonly targetPaise: Paise;
  /** Spread and charges of entering and leaving all legs. */
  readonly costPaise: Paise;
  /** What it loses if the index went to where the view has failed at once. */
  readonly stopLossPaise: Paise;
  /** What is lost at most, beyond a wing at the expiry, before charges. */
  readonly lossMaxPaise: Paise;
}

export interface Signal {
  /** `${cycleId}/${underlying}` */
  readonly signalId: string;
  readonly cycleId: string;
  readonly underlying: Underlying;
  readonly atMs: EpochMs;
  readonly predictor: string;
  readonly direction: Direction;
  /** Probability × 10,000 of the event the predictor states, as measured. */
  readonly confidenceBps: number;
  /** Of NO_TRADE, where the predictor leans to a side all the same: what is left beforehand is decided by it (AI-09). */
  readonly lean?: LeanOfView;
  /** What the confidence is a probability of, and which rule spoke, for people. */
  readonly reason: string;
  readonly inputs: SignalInputs;
  readonly choice: ContractChoice | null;
  /** Of a NEUTRAL view; absent of every other. */
  readonly structure?: StructureChoice;
  readonly alternatives: readonly string[];
  /** Distance in index paise at which the view has paid, and at which it has failed. */
  readonly targetMovePaise: Paise | null;
  readonly stopMovePaise: Paise | null;
  /** The view lapses after this instant. */
  readonly expiresAtMs: EpochMs;
}

/** Every contract the view may be traded with: what has to be priced before it is. */
export const contractsOf = ({ choice, structure }: Pick<Signal, "choice" | "structure">): readonly OptionContract[] => [
  ...(choice === null ? [] : [choice.contract]),
  ...(structure?.legs ?? []).map(({ contract }) => contract),
];
