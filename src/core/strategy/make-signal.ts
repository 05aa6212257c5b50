// One underlying's signal for one cycle: the predictor's view, and the contract to trade it with. A pure function of what the
// feed shows, so that every account and every replay gets the same one.
import type { Underlying } from "../instrument/contract.ts";
import { formatRupees, type Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { Bar, HeldQuote } from "../market/market-event.ts";
import type { CommunityVoice } from "../prediction/community.ts";
import type { Predictor } from "../prediction/predictor.ts";
import { RULE_PREDICTOR } from "../prediction/rule-predictor.ts";
import type { Signal, StructureChoice } from "../prediction/signal.ts";
import { selectContract } from "./contract-selection.ts";
import type { RoundTrip } from "./round-trip.ts";
import { selectStructure } from "./structure-selection.ts";

export interface SignalRequest {
  readonly cycleId: string;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly cycleEndMs: EpochMs;
  readonly view: {
    readonly underlying: Underlying;
    readonly spotPaise: Paise;
    readonly vixCenti: number | null;
    /** 3-minute bars of the day, oldest first. */
    readonly bars: readonly Bar[];
    readonly quotes: readonly HeldQuote[];
  };
  readonly staleAfterMs: number;
  /** One number per feature as of the start of the cycle, and the rows of the day so far; rules need none. */
  readonly features?: Float64Array;
  readonly sequence?: Float64Array;
  /** What users think of it, where enough of them that count have said so. */
  readonly community?: CommunityVoice | null;
  /** Whose view it is; that of the rules unless given. */
  readonly predictor?: Predictor;
}

/** The signal. A view without a contract or a structure that fits and can earn its costs is NO_TRADE, and says so. */
export function makeSignal(request: SignalRequest): Signal {
  const { cycleId, date, atMs, cycleEndMs, view, staleAfterMs, predictor = RULE_PREDICTOR } = request;
  const { features, sequence, community } = request;
  const { underlying, spotPaise, vixCenti, bars } = view;
  const prediction = predictor.predict({
    underlying,
    date,
    atMs,
    cycleEndMs,
    spotPaise,
    vixCenti,
    bars,
    ...(features === undefined ? {} : { features }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(community === undefined ? {} : { community }),
  });
  const head = { signalId: `${cycleId}/${underlying}`, cycleId, underlying, atMs, predictor: predictor.id };
  const { direction } = prediction;
  if (direction === "NO_TRADE") return { ...head, ...prediction, ...NO_CONTRACT };
  // Read only where a view is to be traded: a backtest prices its chain when it is asked for.
  const { quotes } = view;
  const withdrawn = (refusal: string): Signal => ({
    ...head,
    ...prediction,
    ...NO_CONTRACT,
    direction: "NO_TRADE",
    reason: `${prediction.reason} No trade all the same: ${refusal}`,
    targetMovePaise: null,
    stopMovePaise: null,
    expiresAtMs: cycleEndMs,
    // It cannot be traded, but what is held against it can be left.
    lean: { direction, confidenceBps: prediction.confidenceBps },
  });
  if (direction === "NEUTRAL") {
    const { stopMovePaise: boundPaise, expiresAtMs: horizonMs } = prediction;
    if (boundPaise === null) return withdrawn("the view does not say how far the index may go.");
    const input = { underlying, date, atMs, spotPaise, quotes, staleAfterMs, boundPaise, horizonMs };
    const { structure, refusal } = selectStructure(input);
    if (structure === null) return withdrawn(refusal ?? "no structure fits.");
    const reason = `${prediction.reason}${structureWords(structure)}`;
    return { ...head, ...prediction, ...NO_CONTRACT, reason, structure };
  }
  const { choice, roundTrip, alternatives, refusal } = selectContract({
    underlying,
    date,
    atMs,
    direction,
    spotPaise,
    quotes,
    staleAfterMs,
    targetMovePaise: prediction.targetMovePaise,
  });
  if (choice === null) return withdrawn(refusal ?? "no contract fits.");
  return { ...head, ...prediction, reason: `${prediction.reason}${costWords(roundTrip)}`, choice, alternatives };
}

const costWords = (roundTrip: RoundTrip | null): string =>
  roundTrip === null
    ? ""
    : ` One lot gains ₹${formatRupees(roundTrip.gainPaise)} at the target and costs ₹${formatRupees(roundTrip.costPaise)} in spread and charges.`;

const structureWords = ({ template, creditPaise, gainPaise, costPaise, lossMaxPaise }: StructureChoice): string =>
  ` One set of ${template} takes in ₹${formatRupees(creditPaise)}, gains ₹${formatRupees(gainPaise)} on average after such views, ` +
  `costs ₹${formatRupees(costPaise)} in spread and charges, and loses ₹${formatRupees(lossMaxPaise)} at most.`;

const NO_CONTRACT: Pick<Signal, "choice" | "alternatives"> = { choice: null, alternatives: [] };
