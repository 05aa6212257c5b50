// The life of trained models: trained, then shadow beside the live one, then promoted on evidence from days it had not seen, then
// retired; and back again in one step. A model answers only for dates after everything it has learned from; for earlier ones its
// predecessor does, and at last the rules. Pure: whoever stores records and asks these questions is elsewhere.
import { err, ok, type Result } from "../kernel/result.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import { type ModelEvidence, PROMOTION_TERMS, type PromotionTerms, promotionChecks } from "./promotion.ts";

export const MODEL_STATES = ["TRAINED", "SHADOW", "PROMOTED", "RETIRED"] as const;
export type ModelState = (typeof MODEL_STATES)[number];

export interface ModelRecord {
  readonly id: string;
  readonly state: ModelState;
  /** First and last day it has learned anything from. */
  readonly fromDate: MarketDate;
  readonly toDate: MarketDate;
  readonly bytesSha256: string;
  readonly dataSha256: string;
  readonly codeSha256: string;
  readonly trainedAtMs: EpochMs;
  /** When it last became the promoted one; null where it never was. */
  readonly promotedAtMs: EpochMs | null;
}

export interface RegistryRefusal {
  readonly code: "MODEL_UNKNOWN" | "MODEL_STATE_FORBIDS" | "MODEL_EVIDENCE_LACKING" | "MODEL_NO_PREDECESSOR";
  readonly detail: string;
}

type Records = readonly ModelRecord[];

/** Begins to predict beside the live one and to be scored. */
export function toShadow(records: Records, id: string): Result<Records, RegistryRefusal> {
  return moved(records, id, ["TRAINED", "RETIRED"], (record) => ({ ...record, state: "SHADOW" }));
}

/** Makes a model in shadow the live one, where its evidence passes; the one before is retired. */
export function promote(
  records: Records,
  id: string,
  evidence: ModelEvidence & Required<Pick<ModelEvidence, "beside">>,
  atMs: EpochMs,
  terms: PromotionTerms = PROMOTION_TERMS,
): Result<Records, RegistryRefusal> {
  const failed = promotionChecks(evidence, terms).filter(({ passed }) => !passed);
  if (failed.length > 0) {
    const detail = failed.map(({ rule, value, limit }) => `${rule} is ${value}, needs ${limit}`).join("; ");
    return err({ code: "MODEL_EVIDENCE_LACKING", detail });
  }
  const promoted = moved(records, id, ["SHADOW"], (record) => ({ ...record, state: "PROMOTED", promotedAtMs: atMs }));
  return promoted.ok
    ? ok(promoted.value.map((record) => (isOtherPromoted(record, id) ? retired(record) : record)))
    : promoted;
}

/**
 * The live model is retired and the one that was live before it is live again. Without one the rules are. The live one is named:
 * asking twice takes nothing back twice.
 */
export function rollBack(records: Records, id: string): Result<Records, RegistryRefusal> {
  const live = promotedOf(records);
  if (live === null) return err({ code: "MODEL_NO_PREDECESSOR", detail: "no model is promoted" });
  const named = moved(records, id, ["PROMOTED"], (record) => record);
  if (!named.ok) return named;
  const before = records
    .filter(
      ({ id, promotedAtMs }) => id !== live.id && promotedAtMs !== null && promotedAtMs <= (live.promotedAtMs ?? 0),
    )
    .sort((one, other) => (other.promotedAtMs ?? 0) - (one.promotedAtMs ?? 0))[0];
  return ok(
    records.map((record) => {
      if (record.id === live.id) return { ...record, state: "RETIRED", promotedAtMs: null };
      return record.id === before?.id ? { ...record, state: "PROMOTED" } : record;
    }),
  );
}

/** Put away by hand, it does not speak again as anybody's predecessor either. */
export function retire(records: Records, id: string): Result<Records, RegistryRefusal> {
  return moved(records, id, ["TRAINED", "SHADOW", "PROMOTED"], (record) => ({
    ...retired(record),
    promotedAtMs: null,
  }));
}

export const promotedOf = (records: Records): ModelRecord | null =>
  records.find(({ state }) => state === "PROMOTED") ?? null;

/**
 * Who answers for a date: of the promoted model and those that were promoted before it, the latest that had learned from nothing
 * on or after the date. Null: the rules, and so it is while no model is promoted.
 */
export const modelForDate = (records: Records, date: MarketDate): ModelRecord | null =>
  answeringOn(answeringModels(records), date);

/** The promoted model and behind it those that were promoted before, newest data first: of these the first that may answer does. */
export function answeringModels(records: Records): Records {
  const live = promotedOf(records);
  if (live === null) return [];
  const before = records.filter(({ state, promotedAtMs }) => state === "RETIRED" && promotedAtMs !== null);
  return [live, ...before.sort((one, other) => (one.toDate < other.toDate ? 1 : -1))];
}

/** The first that has learned from nothing on or after a date; null: the rules. */
export const answeringOn = <Model extends Pick<ModelRecord, "toDate">>(
  models: readonly Model[],
  date: MarketDate,
): Model | null => models.find(({ toDate }) => toDate < date) ?? null;

/** Whose views somebody asks for: those the platform would have had, those of the rules, or those of a model by its id. */
export const GUIDED = "guided";
export const RULES = "rules";

/** Who is there to answer, foremost first, and after all of them the rules. Null where the registry has no model of that id. */
export function chosenModels(records: Records, choice: string): Records | null {
  if (choice === RULES) return [];
  const usual = answeringModels(records);
  if (choice === GUIDED) return usual;
  const named = records.find(({ id }) => id === choice);
  return named === undefined ? null : [named, ...usual.filter(({ id }) => id !== choice)];
}

const retired = (record: ModelRecord): ModelRecord => ({ ...record, state: "RETIRED" });
const isOtherPromoted = ({ id, state }: ModelRecord, promoted: string): boolean =>
  id !== promoted && state === "PROMOTED";

function moved(
  records: Records,
  id: string,
  from: readonly ModelState[],
  change: (record: ModelRecord) => ModelRecord,
): Result<Records, RegistryRefusal> {
  const record = records.find((each) => each.id === id);
  if (record === undefined) return err({ code: "MODEL_UNKNOWN", detail: `no model is called ${id}` });
  if (!from.includes(record.state))
    return err({ code: "MODEL_STATE_FORBIDS", detail: `${id} is ${record.state}, not ${from.join(" or ")}` });
  return ok(records.map((each) => (each.id === id ? change(each) : each)));
}
