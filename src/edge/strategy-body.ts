// How strategies and their instances look on the wire.
import * as z from "zod";
import type { StrategyHead } from "../adapters/read-models/strategies.ts";
import { parseDefinition } from "../adapters/strategy-format/parse-definition.ts";
import type { Result } from "../core/kernel/result.ts";
import { sha256Hex } from "../core/ledger/hash-chain.ts";
import type { StrategyDefinition } from "../core/strategy/definition/definition.ts";
import { KNOWN_FEATURES } from "../core/strategy/definition/figures.ts";
import { INSTANCE_STATES, type StrategyInstance } from "../core/strategy/definition/instance.ts";
import type { DefinitionProblem } from "../core/strategy/definition/problem.ts";
import { definitionOf, parametersOf, textOf } from "../core/strategy/definition/text.ts";
import type { FieldError } from "./problem.ts";
import { Instant, instant, instantOrNull, Rupees, rupees, UnderlyingName } from "./schemas.ts";

export const StrategyIdIn = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,59}$/, "an id as GET /v1/strategies shows it")
  .openapi({ example: "rsi-crossover" });
export const InstanceIdIn = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,23}$/, "1 to 24 characters out of a-z 0-9 -, no hyphen first")
  .openapi({ example: "rsi-nifty" });

/** Read by the format's own reader, which names every problem with what would pass. */
export const DefinitionIn = z
  .record(z.string(), z.unknown())
  .openapi("StrategyDefinition", { description: "Format version 1, as docs/strategies.md describes it." });
export const ParametersIn = z
  .record(z.string(), z.union([z.number(), z.string().max(60)]))
  .openapi("StrategyParameters", { example: { upper: 75 } });

export const StrategyBody = z
  .object({
    strategyId: z.string(),
    source: z.enum(["LIBRARY", "OWN"]).openapi({ description: "What is in the library is read-only." }),
    name: z.string(),
    version: z.number().int(),
    title: z.string(),
    hash: z.string().openapi({ description: "SHA-256 of the definition as JSON with its keys in order." }),
    createdAt: Instant.nullable(),
    retiredAt: Instant.nullable().openapi({ description: "From then on it is not deployed anew." }),
  })
  .openapi("Strategy");
export const StrategyDetail = StrategyBody.extend({ definition: DefinitionIn }).openapi("StrategyDetail");

const ProblemOut = z.object({
  field: z.string(),
  message: z.string().openapi({ description: "Says what would pass." }),
  limit: z.number().nullable(),
  value: z.number().nullable(),
});
export const ValidationBody = z
  .object({ valid: z.boolean(), hash: z.string().nullable(), problems: z.array(ProblemOut) })
  .openapi("StrategyValidation");

export const InstanceBody = z
  .object({
    instanceId: z.string(),
    strategyId: z.string(),
    name: z.string(),
    version: z.number().int(),
    title: z.string(),
    underlying: UnderlyingName,
    hash: z.string(),
    parameters: ParametersIn,
    state: z.enum(INSTANCE_STATES),
    reason: z.string().openapi({ description: "Why it stands where it stands." }),
    openEntry: z.string().nullable().openapi({ description: "The entry of which something is held or under way." }),
    metrics: z.object({
      signals: z.number().int().openapi({ description: "Windows in which it wanted to enter." }),
      entries: z.number().int(),
      denials: z.number().int(),
      closed: z.number().int().openapi({ description: "Positions that have come to an end." }),
      won: z.number().int(),
      hitRatePercent: z
        .number()
        .nullable()
        .openapi({ description: "Won of closed, before charges; null before the first." }),
      realised: Rupees.openapi({ description: "Before charges." }),
      errors: z.number().int(),
    }),
    last: z
      .object({ at: Instant, action: z.enum(["ENTERED", "EXITED", "DENIED", "HELD"]), reason: z.string() })
      .nullable()
      .openapi({ description: "What it last decided, where that was something new." }),
    loadedAt: Instant,
    changedAt: Instant,
  })
  .openapi("StrategyInstance");

export const readDefinition = (value: unknown): Result<StrategyDefinition, readonly DefinitionProblem[]> =>
  parseDefinition(value, KNOWN_FEATURES);

export const hashOf = (definition: StrategyDefinition): string => sha256Hex(textOf(definition));

/** As any JSON: its shape is the format's to say. */
export const definitionBody = (definition: StrategyDefinition): Record<string, unknown> => ({ ...definition });

export const libraryBody = (definition: StrategyDefinition): z.infer<typeof StrategyBody> => ({
  strategyId: definition.name,
  source: "LIBRARY",
  name: definition.name,
  version: definition.version,
  title: definition.title,
  hash: hashOf(definition),
  createdAt: null,
  retiredAt: null,
});

export const strategyBody = (row: StrategyHead): z.infer<typeof StrategyBody> => ({
  strategyId: row.strategyId,
  source: "OWN",
  name: row.name,
  version: row.version,
  title: row.title,
  hash: row.hash,
  createdAt: instant(row.createdAtMs),
  retiredAt: instantOrNull(row.retiredAtMs),
});

export function instanceBody(instance: StrategyInstance): z.infer<typeof InstanceBody> {
  const { metrics, last, open } = instance;
  const definition = definitionOf(instance);
  const { closed, won, realisedPaise, signals, entries, denials, errors } = metrics;
  return {
    instanceId: instance.instanceId,
    strategyId: instance.strategyId,
    name: definition.name,
    version: definition.version,
    title: definition.title,
    underlying: instance.underlying,
    hash: instance.hash,
    parameters: parametersOf(instance),
    state: instance.state,
    reason: instance.reason,
    openEntry: open?.entry ?? null,
    metrics: {
      signals,
      entries,
      denials,
      closed,
      won,
      hitRatePercent: closed === 0 ? null : Math.round((won * 10_000) / closed) / 100,
      realised: rupees(realisedPaise),
      errors,
    },
    last: last === null ? null : { at: instant(last.atMs), action: last.action, reason: last.reason },
    loadedAt: instant(instance.loadedAtMs),
    changedAt: instant(instance.changedAtMs),
  };
}

export const fieldErrors = (problems: readonly DefinitionProblem[]): FieldError[] =>
  problems.map(({ field, message, limit, value }) => ({ field, message, limit, value, unit: null }));
