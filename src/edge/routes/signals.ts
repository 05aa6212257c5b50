// Signals and the cycles they were made in.
import * as z from "zod";
import { type CycleRecord, listCycles, listSignals, type SignalRecord } from "../../adapters/read-models/signals.ts";
import type { ContractChoice, Signal, StructureChoice } from "../../core/prediction/signal.ts";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem } from "../problem.ts";
import {
  Instant,
  instant,
  MarketDateIn,
  MarketDateOut,
  Paging,
  pageOf,
  Rupees,
  rupeesOrNull,
  UnderlyingName,
} from "../schemas.ts";

const contractFields = {
  instrumentId: z.string(),
  expiry: MarketDateOut,
  strike: Rupees.nullable(),
  optionType: z.enum(["CALL", "PUT"]),
  bid: Rupees.nullable(),
  ask: Rupees.nullable(),
  last: Rupees.nullable(),
  quotedAt: Instant,
  source: z.enum(["RECORDED", "MODELLED", "LIVE"]),
  deltaBps: z.number().int().nullable(),
};

const StructureBody = z
  .object({
    template: z.enum(["IRON_FLY", "IRON_CONDOR"]),
    legs: z.array(
      z.object({ side: z.enum(["BUY", "SELL"]), ratio: z.number().int().openapi({ example: 1 }), ...contractFields }),
    ),
    wing: Rupees.nullable(),
    credit: Rupees.nullable().openapi({ description: "What one set takes in at the touch." }),
    gain: Rupees.nullable().openapi({ description: "What one set earns on average after such views, before costs." }),
    cost: Rupees.nullable().openapi({ description: "Spread and charges of entering and leaving one set." }),
    target: Rupees.nullable(),
    stopLoss: Rupees.nullable(),
    lossMax: Rupees.nullable().openapi({ description: "What one set loses at most, before charges." }),
  })
  .openapi("Structure");

const SignalBody = z
  .object({
    signalId: z.string(),
    cycleId: z.string(),
    date: MarketDateOut,
    underlying: z.string(),
    at: Instant,
    predictor: z.string(),
    direction: z.enum(["BULLISH", "BEARISH", "NEUTRAL", "NO_TRADE"]),
    confidence: z.number().openapi({ example: 0.5312, description: "Probability as a fraction, as measured." }),
    lean: z
      .object({ direction: z.enum(["BULLISH", "BEARISH", "NEUTRAL"]), confidence: z.number() })
      .nullable()
      .openapi({ description: "Of NO_TRADE: the side it is likelier to be than usual, though not likely enough." }),
    reason: z.string().openapi({ description: "What the confidence is a probability of, and which rule spoke." }),
    inputs: z.object({
      spot: Rupees.nullable(),
      rsi: z.number().nullable(),
      atr: z.string().nullable(),
      macdHistogram: z.string().nullable(),
      vix: z.string().nullable(),
      barCount: z.number().int(),
    }),
    choice: z.object(contractFields).nullable(),
    structure: StructureBody.nullable().openapi({ description: "Of a NEUTRAL view: the options it is traded with." }),
    alternatives: z.array(z.string()),
    targetMove: Rupees.nullable(),
    stopMove: Rupees.nullable(),
    expiresAt: Instant,
  })
  .openapi("Signal");

const CycleBody = z
  .object({
    cycleId: z.string(),
    date: MarketDateOut,
    cycle: z.number().int(),
    startAt: Instant,
    endAt: Instant,
    vix: z.string().nullable(),
    generatedAt: Instant,
  })
  .openapi("Cycle");

const SignalQuery = Paging.extend({
  date: MarketDateIn.optional(),
  underlying: UnderlyingName.optional(),
  cycle: z.string().max(32).optional().openapi({ example: "2025-08-29-C02" }),
});

export function openSignals(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/signals",
      operationId: "listSignals",
      tag: "Market",
      summary: "Signals, newest first",
      scopes: ["market:read"],
      request: { query: SignalQuery },
      responses: { 200: answers(pageOf(SignalBody), "A page of signals.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const { cycle, ...query } = c.req.valid("query");
      const page = pageRequest(query, ["string", "number", "string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      const rows = await listSignals(c.env.DB, { ...query, cycleId: cycle }, page);
      return c.json(pageBody(c, rows, signalBody), 200);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/cycles",
      operationId: "listCycles",
      tag: "Market",
      summary: "Cycles whose signals have been made, newest first",
      scopes: ["market:read"],
      request: { query: Paging.extend({ date: MarketDateIn.optional() }) },
      responses: { 200: answers(pageOf(CycleBody), "A page of cycles.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const query = c.req.valid("query");
      const page = pageRequest(query, ["string", "number"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      return c.json(pageBody(c, await listCycles(c.env.DB, query.date, page), cycleBody), 200);
    },
  );
}

/** Distances may carry fractions of a paisa; they are shown to the paisa. */
const shown = (amount: number | null): string | null => rupeesOrNull(amount === null ? null : Math.round(amount));

function signalBody(row: SignalRecord): z.infer<typeof SignalBody> {
  const { inputs, choice, structure, ...signal } = JSON.parse(row.signal) as Signal;
  return {
    signalId: signal.signalId,
    cycleId: signal.cycleId,
    date: row.date,
    underlying: signal.underlying,
    at: instant(signal.atMs),
    predictor: signal.predictor,
    direction: signal.direction,
    confidence: signal.confidenceBps / 10_000,
    lean:
      signal.lean === undefined
        ? null
        : { direction: signal.lean.direction, confidence: signal.lean.confidenceBps / 10_000 },
    reason: signal.reason,
    inputs: {
      spot: rupeesOrNull(inputs.spotPaise),
      rsi: inputs.rsi,
      atr: shown(inputs.atrPaise),
      macdHistogram: shown(inputs.macdHistogramPaise),
      vix: rupeesOrNull(inputs.vixCenti),
      barCount: inputs.barCount,
    },
    choice: choice === null ? null : contractBody(choice),
    structure: structure === undefined ? null : structureBody(structure),
    alternatives: [...signal.alternatives],
    targetMove: shown(signal.targetMovePaise),
    stopMove: shown(signal.stopMovePaise),
    expiresAt: instant(signal.expiresAtMs),
  };
}

const contractBody = (choice: Omit<ContractChoice, "score">) => ({
  instrumentId: choice.contract.instrumentId,
  expiry: choice.contract.expiry,
  strike: rupeesOrNull(choice.contract.strikePaise),
  optionType: choice.contract.optionType,
  bid: rupeesOrNull(choice.bidPaise),
  ask: rupeesOrNull(choice.askPaise),
  last: rupeesOrNull(choice.lastPaise),
  quotedAt: instant(choice.quotedAtMs),
  source: choice.source,
  deltaBps: choice.deltaBps,
});

const structureBody = (structure: StructureChoice): z.infer<typeof StructureBody> => ({
  template: structure.template,
  legs: structure.legs.map((leg) => ({ side: leg.side, ratio: leg.ratio, ...contractBody(leg) })),
  wing: rupeesOrNull(structure.wingPaise),
  credit: rupeesOrNull(structure.creditPaise),
  gain: rupeesOrNull(structure.gainPaise),
  cost: rupeesOrNull(structure.costPaise),
  target: rupeesOrNull(structure.targetPaise),
  stopLoss: rupeesOrNull(structure.stopLossPaise),
  lossMax: rupeesOrNull(structure.lossMaxPaise),
});

const cycleBody = (row: CycleRecord): z.infer<typeof CycleBody> => ({
  cycleId: row.cycleId,
  date: row.date,
  cycle: row.cycle,
  startAt: instant(row.startMs),
  endAt: instant(row.endMs),
  vix: rupeesOrNull(row.vixCenti),
  generatedAt: instant(row.generatedAtMs),
});
