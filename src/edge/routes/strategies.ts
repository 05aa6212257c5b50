// Strategies as definitions: the library, which everybody reads, and an account's own, which nobody else sees.
import * as z from "zod";
import {
  addStrategy,
  countStrategies,
  findStrategy,
  retireStrategy,
  type StrategyRow,
  strategiesOf,
} from "../../adapters/read-models/strategies.ts";
import { sha256Hex } from "../../core/ledger/hash-chain.ts";
import type { StrategyDefinition } from "../../core/strategy/definition/definition.ts";
import { STRATEGY_FEATURES } from "../../core/strategy/definition/figures.ts";
import { libraryStrategy, STRATEGY_LIBRARY } from "../../core/strategy/library/library.ts";
import { answers, type EdgeApp, openAccountRoute, openRoute, takes } from "../define-route.ts";
import type { EdgeContext } from "../edge-env.ts";
import { problem } from "../problem.ts";
import { Instant, instant } from "../schemas.ts";
import {
  DefinitionIn,
  definitionBody,
  fieldErrors,
  hashOf,
  libraryBody,
  readDefinition,
  StrategyBody,
  StrategyDetail,
  StrategyIdIn,
  strategyBody,
  ValidationBody,
} from "../strategy-body.ts";

const STRATEGIES_MAX = 100;
const BODY_MAX_BYTES = 100_000;

const OfStrategy = z.object({ strategyId: StrategyIdIn });
const MakeStrategy = z.strictObject({ definition: DefinitionIn }).openapi("MakeStrategy");
const CloneStrategy = z
  .strictObject({
    name: z.string().openapi({ description: "Of the copy; its version is 1." }),
    title: z.string().optional(),
  })
  .openapi("CloneStrategy");
const Retired = z.object({ strategyId: z.string(), retiredAt: Instant }).openapi("RetiredStrategy");
const Features = z
  .object({ data: z.array(z.string()).readonly() })
  .openapi("StrategyFeatures", { description: "Every name that a condition may compare." });

export function openStrategies(app: EdgeApp): void {
  openReading(app);
  openMaking(app);
  openRetiring(app);
}

function openReading(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/strategies/features",
      operationId: "listStrategyFeatures",
      tag: "Strategies",
      summary: "Figures that a strategy's conditions may use",
      scopes: ["orders:read"],
      responses: { 200: answers(Features, "Their names.") },
    },
    (c) => c.json({ data: STRATEGY_FEATURES }, 200),
  );
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/strategies",
      operationId: "listStrategies",
      tag: "Strategies",
      summary: "The library and the account's own strategies",
      scopes: ["orders:read"],
      responses: { 200: answers(z.object({ data: z.array(StrategyBody) }), "All of them, the library first.") },
    },
    async (c) => {
      const own = await strategiesOf(c.env.DB, c.var.accountId);
      return c.json({ data: [...STRATEGY_LIBRARY.map(libraryBody), ...own.map(strategyBody)] }, 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/strategies/{strategyId}",
      operationId: "readStrategy",
      tag: "Strategies",
      summary: "One strategy with its definition",
      scopes: ["orders:read"],
      request: { params: OfStrategy },
      responses: { 200: answers(StrategyDetail, "The strategy.") },
      errors: ["STRATEGY_NOT_FOUND"],
    },
    async (c) => {
      const found = await findDefinition(c, c.req.valid("param").strategyId);
      if (found === null) return problem(c, "STRATEGY_NOT_FOUND");
      const { row, definition } = found;
      const head = row === null ? libraryBody(definition) : strategyBody(row);
      return c.json({ ...head, definition: definitionBody(definition) }, 200);
    },
  );
}

function openMaking(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/strategies/validate",
      operationId: "validateStrategy",
      tag: "Strategies",
      summary: "Everything that is wrong with a definition",
      description: "Nothing is written.",
      scopes: ["orders:read"],
      bodyMaxBytes: BODY_MAX_BYTES,
      request: { body: takes(MakeStrategy) },
      responses: { 200: answers(ValidationBody, "Every problem at once, at most 50, each with what would pass.") },
    },
    (c) => {
      const read = readDefinition(c.req.valid("json").definition);
      if (read.ok) return c.json({ valid: true, hash: hashOf(read.value), problems: [] }, 200);
      return c.json({ valid: false, hash: null, problems: read.error.map((one) => ({ ...one })) }, 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/strategies",
      operationId: "makeStrategy",
      tag: "Strategies",
      summary: "Keep a strategy",
      description:
        "A name and version are kept once: the same definition again is the same strategy. A change is a new version.",
      scopes: ["orders:write"],
      bodyMaxBytes: BODY_MAX_BYTES,
      request: { body: takes(MakeStrategy) },
      responses: { 201: answers(StrategyDetail, "Kept; it trades nothing before it is deployed and started.") },
      errors: ["STRATEGY_INVALID", "STRATEGY_EXISTS", "STRATEGY_LIMIT"],
    },
    async (c) => keep(c, c.req.valid("json").definition),
  );
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/strategies/{strategyId}/clone",
      operationId: "cloneStrategy",
      tag: "Strategies",
      summary: "Keep a copy under another name",
      scopes: ["orders:write"],
      request: { params: OfStrategy, body: takes(CloneStrategy) },
      responses: { 201: answers(StrategyDetail, "The copy, which is the account's own.") },
      errors: ["STRATEGY_NOT_FOUND", "STRATEGY_INVALID", "STRATEGY_EXISTS", "STRATEGY_LIMIT"],
    },
    async (c) => {
      const found = await findDefinition(c, c.req.valid("param").strategyId);
      if (found === null) return problem(c, "STRATEGY_NOT_FOUND");
      const { name, title = found.definition.title } = c.req.valid("json");
      return keep(c, { ...found.definition, name, title, version: 1 });
    },
  );
}

function openRetiring(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "delete",
      path: "/v1/strategies/{strategyId}",
      operationId: "retireStrategy",
      tag: "Strategies",
      summary: "Retire a strategy",
      description: "It stays readable and is not deployed anew; instances that are deployed go on as they are.",
      scopes: ["orders:write"],
      request: { params: OfStrategy },
      responses: { 200: answers(Retired, "Retired.") },
      errors: ["STRATEGY_NOT_FOUND", "STRATEGY_READ_ONLY"],
    },
    async (c) => {
      const { strategyId } = c.req.valid("param");
      if (libraryStrategy(strategyId) !== null) return problem(c, "STRATEGY_READ_ONLY");
      await retireStrategy(c.env.DB, c.var.accountId, strategyId, Date.now());
      const row = await findStrategy(c.env.DB, c.var.accountId, strategyId);
      if (row === null || row.retiredAtMs === null) return problem(c, "STRATEGY_NOT_FOUND");
      return c.json({ strategyId, retiredAt: instant(row.retiredAtMs) }, 200);
    },
  );
}

/** Within reach of the account: of the library, or its own. `row` is null for the library. */
export async function findDefinition(
  c: EdgeContext,
  strategyId: string,
): Promise<{ readonly row: StrategyRow | null; readonly definition: StrategyDefinition } | null> {
  const ofLibrary = libraryStrategy(strategyId);
  if (ofLibrary !== null) return { row: null, definition: ofLibrary };
  const row = await findStrategy(c.env.DB, c.var.accountId, strategyId);
  return row === null ? null : { row, definition: JSON.parse(row.definition) as StrategyDefinition };
}

async function keep(c: EdgeContext, value: unknown) {
  const read = readDefinition(value);
  if (!read.ok) {
    const fields = read.error.map(({ field }) => field).slice(0, 5);
    return problem(c, "STRATEGY_INVALID", {
      detail: `does not fit: ${fields.join(", ")}`,
      errors: fieldErrors(read.error),
    });
  }
  const { accountId } = c.var;
  const definition = read.value;
  const { name, version, title } = definition;
  const strategyId = `${name}-v${version}-${sha256Hex(`${accountId}/${name}/${version}`).slice(0, 8)}`;
  const hash = hashOf(definition);
  const known = await findStrategy(c.env.DB, accountId, strategyId);
  if (known === null && (await countStrategies(c.env.DB, accountId)) >= STRATEGIES_MAX) {
    return problem(c, "STRATEGY_LIMIT", {
      detail: `an account keeps at most ${STRATEGIES_MAX} strategies, retired ones too`,
    });
  }
  const row = await addStrategy(c.env.DB, {
    strategyId,
    accountId,
    name,
    version,
    title,
    definition: JSON.stringify(definition),
    hash,
    createdAtMs: Date.now(),
    retiredAtMs: null,
  });
  if (row.hash !== hash) {
    return problem(c, "STRATEGY_EXISTS", {
      detail: `${name} version ${version} is another definition; version ${version + 1} would pass`,
    });
  }
  return c.json({ ...strategyBody(row), definition: definitionBody(definition) }, 201);
}
