// From what a client asks to be played to a request that is frozen: the definition as it is now, every parameter with its value.
// What cannot be played is refused before anything is written, with everything that is wrong about it.
import * as z from "zod";
import { countHistoryDays, historyCoverage } from "../adapters/read-models/lab.ts";
import { findModel } from "../adapters/read-models/models.ts";
import { INDEX_RULES } from "../core/backtest/index-engine/index-rules.ts";
import { namedSetup } from "../core/backtest/index-engine/named-setup.ts";
import { EDGE_VIX } from "../core/backtest/modelled-day.ts";
import { SIGNALS } from "../core/backtest/run-result.ts";
import { CHARGES_FROM } from "../core/charges/charge-rates.ts";
import { UNDERLYINGS, type Underlying } from "../core/instrument/contract.ts";
import { err, ok, type Result } from "../core/kernel/result.ts";
import { daysBetween, MS_PER_MINUTE } from "../core/kernel/time.ts";
import { BAR_INTERVAL_MS } from "../core/market/bars.ts";
import { fullSwitchingChoice, type SwitchingChoice } from "../core/prediction/direction-switching.ts";
import { GUIDED, RULES } from "../core/prediction/registry.ts";
import type { ParameterValues, StrategyDefinition } from "../core/strategy/definition/definition.ts";
import { parametersWith } from "../core/strategy/definition/parameters.ts";
import type { DefinitionProblem } from "../core/strategy/definition/problem.ts";
import { switchingOf } from "../deployment-terms.ts";
import { BACKTEST_LEVELS, type BacktestRequest } from "../ports/lab.ts";
import type { EdgeContext } from "./edge-env.ts";
import type { FieldError, ProblemDetails } from "./problem.ts";
import type { ProblemCode } from "./problem-codes.ts";
import { findDefinition } from "./routes/strategies.ts";
import { CategoryName, MarketDateIn, rupeesBetween, UnderlyingName } from "./schemas.ts";
import { DefinitionIn, fieldErrors, ParametersIn, readDefinition, StrategyIdIn } from "./strategy-body.ts";

/** Three years and the leap day. */
const RANGE_DAYS_MAX = 1_096;
const SETS_MAX = 50;
const CAPITAL_MAX_PAISE = 15_00_000_00;
const DEFAULT_CAPITAL = "1000000.00";

const SwitchingIn = z
  .strictObject({
    switchesPerHour: z.number().int().min(0).max(60).optional(),
    cooldownMinutes: z.number().int().min(0).max(375).optional(),
    preventiveExits: z.boolean().optional(),
    atSwitch: z.enum(["ALL", "BY_LOSS"]).optional().openapi({
      description: "What a switch leaves of the old direction: everything, or by what is lost.",
    }),
  })
  .openapi("SwitchingChoice");

export const BacktestIn = z
  .strictObject({
    strategy: z.union([StrategyIdIn, DefinitionIn]).openapi({
      description:
        "Id of the library or of the account's own, a whole definition, or \"signals\" for the platform's own signals. At the level INDEX: rsi-crossover, ema-crossover, bollinger-bands or opening-range.",
    }),
    level: z.enum(BACKTEST_LEVELS).default("OPTIONS").openapi({
      description: "OPTIONS: the platform's own day on modelled premiums. INDEX: a rule on the index itself.",
    }),
    underlyings: z
      .array(UnderlyingName)
      .min(1)
      .max(3)
      .refine((names) => new Set(names).size === names.length, "each once")
      .optional()
      .openapi({ description: "Left out: all of the strategy's own; at the level INDEX, NIFTY50." }),
    from: MarketDateIn,
    to: MarketDateIn.openapi({ description: "Counts. At most three years after `from`." }),
    capital: rupeesBetween(1, CAPITAL_MAX_PAISE).prefault(DEFAULT_CAPITAL),
    category: CategoryName.default("ADMIN").openapi({ description: "Whose limits, leverage and fees apply." }),
    predictor: z.string().trim().min(1).max(64).optional().openapi({
      description:
        'Whose views, where the strategy asks for any: "guided", whom the platform would have asked on each date; "rules"; or a model by its id, on dates after its data. Only at the level OPTIONS; left out: guided.',
    }),
    vix: z
      .number()
      .min(EDGE_VIX.min / 100)
      .max(EDGE_VIX.max / 100)
      .optional()
      .openapi({
        description:
          "An edge run: every day is played as if India VIX stood there. Premiums, spreads and capacity follow from it, the index moves as it did. Only at the level OPTIONS.",
      }),
    switching: SwitchingIn.optional().openapi({
      description:
        'How views turn (AI-09), where the strategy is "signals": what is left out is as this deployment has it. A strategy goes by its own definition.',
    }),
    parameters: ParametersIn.default({}),
    sets: z
      .array(ParametersIn)
      .min(2)
      .max(SETS_MAX)
      .optional()
      .openapi({ description: "A sweep: each set is laid over `parameters`." }),
    seed: z.number().int().min(0).max(2_147_483_647).default(1).openapi({
      description: "Of the bootstrap behind the interval of the Sharpe ratio; nothing else is drawn.",
    }),
  })
  .openapi("StartBacktest");

interface Refused {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;
}

const REFUSED_WITH = [
  "BODY_INVALID",
  "BACKTEST_RANGE",
  "BACKTEST_UNDERLYINGS",
  "CHARGES_DATE_UNKNOWN",
  "HISTORY_LACKING",
  "MODEL_UNKNOWN",
  "STRATEGY_INVALID",
  "STRATEGY_NOT_FOUND",
  "STRATEGY_PARAMETERS_INVALID",
  "STRATEGY_UNDERLYING",
] as const satisfies readonly ProblemCode[];
export const BACKTEST_ERRORS: readonly ProblemCode[] = REFUSED_WITH;

export async function backtestRequest(
  c: EdgeContext,
  asked: z.infer<typeof BacktestIn>,
): Promise<Result<BacktestRequest, Refused>> {
  const { level, from, to, capital, category, parameters, sets, seed } = asked;
  const days = daysBetween(from, to) + 1;
  if (days < 1) return refused("BACKTEST_RANGE", "from", `${from} lies after ${to}; no later than \`to\` would pass`);
  if (days > RANGE_DAYS_MAX) {
    const message = `${from} to ${to} are ${days} days; at most ${RANGE_DAYS_MAX} would pass`;
    return refused("BACKTEST_RANGE", "to", message, { limit: RANGE_DAYS_MAX, value: days, unit: "days" });
  }
  if (level === "INDEX" && asked.vix !== undefined) {
    return refused("BODY_INVALID", "vix", "a rule on the index knows no India VIX; leaving this out would pass");
  }
  const views = await predictorOf(c, asked);
  if (!views.ok) return views;
  const played = await strategyOf(c, asked);
  if (!played.ok) return played;
  const { strategy, definition, own, check } = played.value;
  const turns = switchingIn(c, asked);
  if (!turns.ok) return turns;
  const underlyings = asked.underlyings ?? (level === "INDEX" ? own.slice(0, 1) : own);
  const strange = underlyings.find((each) => !own.includes(each));
  if (strange !== undefined) {
    const message = `${strategy} trades ${own.join(", ")}; one of these would pass`;
    return refused("STRATEGY_UNDERLYING", "underlyings", message);
  }
  if (level === "INDEX" && underlyings.length > 1) {
    const figures = { limit: 1, value: underlyings.length, unit: "indices" };
    return refused("BACKTEST_UNDERLYINGS", "underlyings", "one index would pass", figures);
  }
  if (level === "OPTIONS" && to < CHARGES_FROM) {
    return refused("CHARGES_DATE_UNKNOWN", "to", `no charges are known before ${CHARGES_FROM}; a later day would pass`);
  }
  const checked = checkedSets(
    sets === undefined ? [parameters] : sets.map((set) => ({ ...parameters, ...set })),
    check,
  );
  if (!checked.ok) return checked;
  const intervals = INTERVALS[level];
  if ((await countHistoryDays(c.env.DB, { underlyings, intervals, from, to })) === 0) {
    return refused("HISTORY_LACKING", "from", await whichDays(c, underlyings, intervals));
  }
  const kind = sets === undefined ? "BACKTEST" : "SWEEP";
  const frozen = { strategy, definition, underlyings, from, to, category, capitalPaise: capital, seed };
  const edge = asked.vix === undefined ? {} : { edgeVixCenti: Math.round(asked.vix * 100) };
  return ok({ kind, level, ...frozen, ...views.value, ...edge, ...turns.value, sets: checked.value });
}

/** On the index nobody is asked. */
async function predictorOf(
  c: EdgeContext,
  { level, predictor }: z.infer<typeof BacktestIn>,
): Promise<Result<Pick<BacktestRequest, "predictor">, Refused>> {
  if (level === "INDEX") {
    if (predictor === undefined) return ok({});
    return refused("BODY_INVALID", "predictor", "a rule on the index has no views; leaving this out would pass");
  }
  const isKnown = predictor === undefined || predictor === GUIDED || predictor === RULES;
  if (isKnown || (await findModel(c.env.DB, predictor)) !== null) return ok({ predictor: predictor ?? GUIDED });
  const message = `no model is called ${predictor}; "${GUIDED}", "${RULES}" or an id of GET /v1/models would pass`;
  return refused("MODEL_UNKNOWN", "predictor", message);
}

/** Only the account's own trading of views turns by these terms: they are frozen in full, the deployment's where none are said. */
function switchingIn(
  c: EdgeContext,
  { level, strategy, switching }: z.infer<typeof BacktestIn>,
): Result<Pick<BacktestRequest, "switching">, Refused> {
  if (level === "OPTIONS" && strategy === SIGNALS) {
    return ok({ switching: fullSwitchingChoice({ ...switchingOf(c.env), ...said(switching ?? {}) }) });
  }
  if (switching === undefined) return ok({});
  const message = `only views turn, and a strategy goes by its own definition; the strategy "${SIGNALS}", or leaving this out, would pass`;
  return refused("BODY_INVALID", "switching", message);
}

/** Without what is undefined, which would stand over the deployment's own. */
const said = (choice: z.infer<typeof SwitchingIn>): SwitchingChoice =>
  Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));

interface Played {
  readonly strategy: string;
  readonly definition: StrategyDefinition | null;
  /** Indices that it can be played on. */
  readonly own: readonly Underlying[];
  readonly check: (given: ParameterValues) => Result<ParameterValues, readonly DefinitionProblem[]>;
}

async function strategyOf(
  c: EdgeContext,
  { level, strategy, capital }: z.infer<typeof BacktestIn>,
): Promise<Result<Played, Refused>> {
  if (level === "INDEX") {
    const rule = INDEX_RULES.find(({ name }) => name === strategy);
    if (rule === undefined) {
      const message = `at the level INDEX one of ${INDEX_RULES.map(({ name }) => name).join(", ")} would pass`;
      return refused("STRATEGY_NOT_FOUND", "strategy", message);
    }
    const check: Played["check"] = (given) => {
      const setup = namedSetup(rule, given, capital);
      return setup.ok ? ok(given) : setup;
    };
    return ok({ strategy: rule.name, definition: null, own: UNDERLYINGS, check });
  }
  if (typeof strategy !== "string") {
    const definition = readDefinition(strategy);
    if (definition.ok) return ok(playing(definition.value.name, definition.value));
    const fields = definition.error.map(({ field }) => field).slice(0, 5);
    const details = { detail: `does not fit: ${fields.join(", ")}`, errors: fieldErrors(definition.error) };
    return err({ code: "STRATEGY_INVALID", details });
  }
  if (strategy === SIGNALS) {
    return ok({ strategy, definition: null, own: UNDERLYINGS, check: (given) => parametersWith(NO_PARAMETERS, given) });
  }
  const found = await findDefinition(c, strategy);
  if (found === null) {
    const message = `neither the library nor the account has a strategy ${strategy}; GET /v1/strategies lists them`;
    return refused("STRATEGY_NOT_FOUND", "strategy", message);
  }
  return ok(playing(strategy, found.definition));
}

const NO_PARAMETERS = { parameters: [] } as const;

const playing = (strategy: string, definition: StrategyDefinition): Played => ({
  strategy,
  definition,
  own: definition.underlyings,
  check: (given) => parametersWith(definition, given),
});

function checkedSets(
  sets: readonly ParameterValues[],
  check: Played["check"],
): Result<readonly ParameterValues[], Refused> {
  const checked: ParameterValues[] = [];
  const errors: FieldError[] = [];
  for (const [at, set] of sets.entries()) {
    const values = check(set);
    if (values.ok) checked.push(values.value);
    else {
      const place = sets.length === 1 ? "" : `sets[${at}].`;
      errors.push(...fieldErrors(values.error).map((error) => ({ ...error, field: `${place}${error.field}` })));
    }
  }
  if (errors.length === 0) return ok(checked);
  const detail = `does not fit: ${errors
    .slice(0, 5)
    .map(({ field }) => field)
    .join(", ")}`;
  return err({ code: "STRATEGY_PARAMETERS_INVALID", details: { detail, errors: errors.slice(0, 50) } });
}

/** Rules on the index read 3-minute bars; option days are played on the finest there are. */
const INTERVALS: Readonly<Record<BacktestRequest["level"], readonly number[]>> = {
  INDEX: [BAR_INTERVAL_MS],
  OPTIONS: [MS_PER_MINUTE, BAR_INTERVAL_MS],
};

async function whichDays(
  c: EdgeContext,
  underlyings: readonly Underlying[],
  intervals: readonly number[],
): Promise<string> {
  const coverage = (await historyCoverage(c.env.DB)).filter(
    ({ index, intervalMs, source }) =>
      intervals.includes(intervalMs) && source !== "REPLAY" && underlyings.some((each) => each === index),
  );
  if (coverage.length === 0) return `there are no bars of ${underlyings.join(", ")} at all`;
  const spans = coverage.map(({ index, days, from, to }) => `${index}: ${days} days from ${from} to ${to}`);
  return `no bars of any day of the range; there are ${spans.join("; ")}`;
}

function refused(
  code: (typeof REFUSED_WITH)[number],
  field: string,
  message: string,
  figures: Pick<FieldError, "limit" | "value" | "unit"> = { limit: null, value: null, unit: null },
): Result<never, Refused> {
  return err({ code, details: { detail: message, errors: [{ field, message, ...figures }] } });
}
