// Strategies at work in an account: deployed, started, paused, stopped, reset, given other parameters. The account decides; the
// edge only knows where the definition is.
import * as z from "zod";
import { noteDeployment } from "../../adapters/read-models/strategies.ts";
import type { StrategyCommand } from "../../core/account/command.ts";
import { INSTANCE_ACTIONS } from "../../core/strategy/definition/instance.ts";
import { answers, type EdgeApp, openAccountRoute, takes } from "../define-route.ts";
import { settleDeployment } from "../deployment-row.ts";
import type { EdgeContext } from "../edge-env.ts";
import { problem, refusal } from "../problem.ts";
import { UnderlyingName } from "../schemas.ts";
import { hashOf, InstanceBody, InstanceIdIn, instanceBody, ParametersIn, StrategyIdIn } from "../strategy-body.ts";
import { findDefinition } from "./strategies.ts";

const OfInstance = z.object({ instanceId: InstanceIdIn });
const Deploy = z
  .strictObject({
    instanceId: InstanceIdIn,
    strategyId: StrategyIdIn,
    underlying: UnderlyingName.openapi({ description: "One of the strategy's." }),
    parameters: ParametersIn.default({}),
  })
  .openapi("DeployStrategy");
const SetParameters = z
  .strictObject({ parameters: ParametersIn })
  .openapi("SetStrategyParameters", { description: "What is not named stays as it is." });
const Removed = z.object({ instanceId: z.string() }).openapi("RemovedStrategyInstance");
const REFUSED = ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN", "STRATEGY_INSTANCE_NOT_FOUND"] as const;

export function openStrategyInstances(app: EdgeApp): void {
  openReading(app);
  openDeploying(app);
  openMoving(app);
}

function openReading(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/strategy-instances",
      operationId: "listStrategyInstances",
      tag: "Strategies",
      summary: "Strategies at work in the account, with what they have done",
      scopes: ["orders:read"],
      responses: { 200: answers(z.object({ data: z.array(InstanceBody) }), "All of them, by id.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const instances = await c.env.ACCOUNT.getByName(c.var.accountId).strategies();
      return c.json({ data: instances.map(instanceBody) }, 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/strategy-instances/{instanceId}",
      operationId: "readStrategyInstance",
      tag: "Strategies",
      summary: "One strategy at work",
      scopes: ["orders:read"],
      request: { params: OfInstance },
      responses: { 200: answers(InstanceBody, "The instance.") },
      errors: ["STRATEGY_INSTANCE_NOT_FOUND"],
    },
    async (c) => shown(c, c.req.valid("param").instanceId),
  );
}

function openDeploying(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/strategy-instances",
      operationId: "deployStrategy",
      tag: "Strategies",
      summary: "Deploy a strategy to the account",
      description:
        "It is STOPPED until it is started. The instance keeps the definition as it is now. The same instance of the same strategy again changes nothing.",
      scopes: ["orders:write"],
      request: { body: takes(Deploy) },
      responses: { 201: answers(InstanceBody, "The instance.") },
      errors: [
        "ACCOUNT_NOT_FOUND",
        "ACCOUNT_FROZEN",
        "STRATEGY_NOT_FOUND",
        "STRATEGY_RETIRED",
        "STRATEGY_UNDERLYING",
        "STRATEGY_INSTANCE_EXISTS",
        "STRATEGY_INSTANCE_LIMIT",
        "STRATEGY_INSTANCE_NOT_FOUND",
        "STRATEGY_PARAMETERS_INVALID",
      ],
    },
    async (c) => {
      const { instanceId, strategyId, underlying, parameters } = c.req.valid("json");
      const { accountId } = c.var;
      const found = await findDefinition(c, strategyId);
      if (found === null) return problem(c, "STRATEGY_NOT_FOUND");
      const { row, definition } = found;
      if (row !== null && row.retiredAtMs !== null) return problem(c, "STRATEGY_RETIRED");
      if (!definition.underlyings.includes(underlying)) {
        const detail = `${strategyId} trades ${definition.underlyings.join(", ")}; one of these would pass`;
        const error = { field: "underlying", message: detail, limit: null, value: null, unit: null };
        return problem(c, "STRATEGY_UNDERLYING", { detail, errors: [error] });
      }
      // Noted first: an index that nobody trades costs a look, one that nobody looks at would cost every trade.
      await noteDeployment(c.env.DB, { accountId, instanceId, strategyId, underlying, atMs: Date.now() });
      const account = c.env.ACCOUNT.getByName(accountId);
      const hash = hashOf(definition);
      const command: StrategyCommand = {
        type: "LOAD_STRATEGY",
        instanceId,
        strategyId,
        definition,
        hash,
        underlying,
        parameters,
      };
      const done = await account.strategy(command);
      const instance = await settleDeployment(c.env.DB, account, accountId, instanceId);
      if (!done.ok) return refusal(c, done.error);
      return instance === null ? problem(c, "STRATEGY_INSTANCE_NOT_FOUND") : c.json(instanceBody(instance), 201);
    },
  );
  openAccountRoute(
    app,
    {
      method: "delete",
      path: "/v1/strategy-instances/{instanceId}",
      operationId: "removeStrategyInstance",
      tag: "Strategies",
      summary: "Take a strategy out of the account",
      description: "When it is STOPPED and holds nothing. Its trades stay in the history under its id.",
      scopes: ["orders:write"],
      request: { params: OfInstance },
      responses: { 200: answers(Removed, "Gone.") },
      errors: [...REFUSED, "STRATEGY_INSTANCE_STATE"],
    },
    async (c) => {
      const { instanceId } = c.req.valid("param");
      const account = c.env.ACCOUNT.getByName(c.var.accountId);
      const done = await account.strategy({ type: "REMOVE_STRATEGY", instanceId });
      if (!done.ok) return refusal(c, done.error);
      await settleDeployment(c.env.DB, account, c.var.accountId, instanceId);
      return c.json({ instanceId }, 200);
    },
  );
}

const MEANING: Readonly<Record<(typeof INSTANCE_ACTIONS)[number], string>> = {
  start: "From STOPPED. It decides from the next window on.",
  pause: "From RUNNING. What it holds is left when its time has come; nothing is entered.",
  resume: "From PAUSED.",
  stop: "From RUNNING, PAUSED or ERROR. What it has under way is taken back and what it holds is left at once.",
  reset: "From ERROR to STOPPED, once somebody has looked.",
};

function openMoving(app: EdgeApp): void {
  for (const action of INSTANCE_ACTIONS) {
    openAccountRoute(
      app,
      {
        method: "post",
        path: `/v1/strategy-instances/{instanceId}/${action}`,
        operationId: `${action}StrategyInstance`,
        tag: "Strategies",
        summary: `${action.charAt(0).toUpperCase()}${action.slice(1)} a strategy`,
        description: MEANING[action],
        scopes: ["orders:write"],
        request: { params: OfInstance },
        responses: { 200: answers(InstanceBody, "As it stands now.") },
        errors: [...REFUSED, "STRATEGY_INSTANCE_STATE"],
      },
      async (c) => {
        const { instanceId } = c.req.valid("param");
        return carriedOut(c, { type: "MOVE_STRATEGY", instanceId, action });
      },
    );
  }
  openAccountRoute(
    app,
    {
      method: "put",
      path: "/v1/strategy-instances/{instanceId}/parameters",
      operationId: "setStrategyParameters",
      tag: "Strategies",
      summary: "Change a strategy's parameters while it runs",
      description: "Within their ranges; from the next window on.",
      scopes: ["orders:write"],
      request: { params: OfInstance, body: takes(SetParameters) },
      responses: { 200: answers(InstanceBody, "As it stands now.") },
      errors: [...REFUSED, "STRATEGY_PARAMETERS_INVALID"],
    },
    async (c) => {
      const { instanceId } = c.req.valid("param");
      const { parameters } = c.req.valid("json");
      return carriedOut(c, { type: "SET_STRATEGY_PARAMETERS", instanceId, parameters });
    },
  );
}

async function carriedOut(c: EdgeContext, command: StrategyCommand) {
  const done = await c.env.ACCOUNT.getByName(c.var.accountId).strategy(command);
  return done.ok ? shown(c, command.instanceId) : refusal(c, done.error);
}

async function shown(c: EdgeContext, instanceId: string) {
  const instances = await c.env.ACCOUNT.getByName(c.var.accountId).strategies();
  const instance = instances.find((each) => each.instanceId === instanceId);
  return instance === undefined ? problem(c, "STRATEGY_INSTANCE_NOT_FOUND") : c.json(instanceBody(instance), 200);
}
