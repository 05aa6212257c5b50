// Exits: the plan of one position, the exit of several together, and leaving one or all of them.
import * as z from "zod";
import type { ExitGroupRequest, ExitPlanRequest } from "../../core/account/exit-command.ts";
import { ExitGroupBody, PositionBody } from "../account-body.ts";
import { answers, type EdgeApp, openAccountRoute, takes } from "../define-route.ts";
import { type ExitGroupIn, ExitPlanIn, exitGroupRequest, exitPlanRequest, SetExitGroup } from "../exit-body.ts";
import { problem, refusal } from "../problem.ts";
import { InstrumentIdIn } from "../schemas.ts";

const Outcome = z
  .object({
    sequence: z.number().int(),
    replayed: z.boolean().openapi({ description: "True when there was nothing left to do." }),
  })
  .openapi("ExitOutcome");
const OfPosition = z.object({ instrumentId: InstrumentIdIn });
const OfGroup = z.object({
  groupId: z.string().regex(/^[A-Za-z0-9._-]{1,40}$/, "1 to 40 characters out of A-Z a-z 0-9 . _ -"),
});
const REFUSED = ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN", "DAY_NOT_OPEN"] as const;

export function openExits(app: EdgeApp): void {
  openPlan(app);
  openLeaving(app);
  openGroups(app);
}

function openPlan(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "put",
      path: "/v1/positions/{instrumentId}/exit-plan",
      operationId: "setExitPlan",
      tag: "Orders",
      summary: "How a position is to be left",
      description:
        "Replaces the plan as a whole; what is absent is none. Prices are premiums at the side the position is left at: the bid of a long, the ask of a short, whose levels lie mirrored.",
      scopes: ["orders:write"],
      request: { params: OfPosition, body: takes(ExitPlanIn) },
      responses: { 200: answers(PositionBody, "The position with its plan.") },
      errors: [...REFUSED, "POSITION_NOT_FOUND", "EXIT_PLAN_INVALID"],
    },
    async (c) => {
      const { instrumentId } = c.req.valid("param");
      const plan: ExitPlanRequest = exitPlanRequest(c.req.valid("json"));
      const account = c.env.ACCOUNT.getByName(c.var.accountId);
      const done = await account.exit({ type: "SET_EXIT_PLAN", instrumentId, plan });
      if (!done.ok) return refusal(c, done.error);
      const position = (await account.view())?.positions.find((held) => held.instrumentId === instrumentId);
      return position === undefined ? problem(c, "POSITION_NOT_FOUND") : c.json(position, 200);
    },
  );
}

function openLeaving(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/positions/exit-all",
      operationId: "exitAllPositions",
      tag: "Orders",
      summary: "Leave every position and take back every entry under way",
      description: "Shorts are closed first, then what protected them; again at every price until nothing is held.",
      scopes: ["orders:write"],
      responses: { 200: answers(Outcome, "Under way.") },
      errors: REFUSED,
    },
    async (c) => {
      const done = await c.env.ACCOUNT.getByName(c.var.accountId).exit({ type: "EXIT_ALL" });
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/positions/{instrumentId}/exit",
      operationId: "exitPosition",
      tag: "Orders",
      summary: "Leave one position",
      scopes: ["orders:write"],
      request: { params: OfPosition },
      responses: { 200: answers(Outcome, "Under way, again at every price until nothing is held.") },
      errors: [...REFUSED, "POSITION_NOT_FOUND", "POSITION_PROTECTS_SHORT"],
    },
    async (c) => {
      const { instrumentId } = c.req.valid("param");
      const done = await c.env.ACCOUNT.getByName(c.var.accountId).exit({ type: "EXIT_POSITION", instrumentId });
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
}

function openGroups(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/exit-groups",
      operationId: "listExitGroups",
      tag: "Orders",
      summary: "Exits of several positions together",
      scopes: ["orders:read"],
      responses: {
        200: answers(z.object({ data: z.array(ExitGroupBody).readonly() }), "All that are watched or being left."),
      },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const view = await c.env.ACCOUNT.getByName(c.var.accountId).view();
      return view === null ? problem(c, "ACCOUNT_NOT_FOUND") : c.json({ data: view.exitGroups }, 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "put",
      path: "/v1/exit-groups/{groupId}",
      operationId: "setExitGroup",
      tag: "Orders",
      summary: "Leave several positions together by their result",
      description:
        "Amounts are the result of all positions of the scope, open and realised since the group was made. Acted upon at the first quote at which the result is at or beyond a level.",
      scopes: ["orders:write"],
      request: { params: OfGroup, body: takes(SetExitGroup) },
      responses: { 200: answers(ExitGroupBody, "The group as it is watched now.") },
      errors: [...REFUSED, "EXIT_GROUP_INVALID", "EXIT_GROUP_NOT_FOUND"],
    },
    async (c) => {
      const { groupId } = c.req.valid("param");
      const body: ExitGroupIn = c.req.valid("json");
      const group: ExitGroupRequest = exitGroupRequest(groupId, body);
      const account = c.env.ACCOUNT.getByName(c.var.accountId);
      const done = await account.exit({ type: "SET_EXIT_GROUP", group });
      if (!done.ok) return refusal(c, done.error);
      const view = (await account.view())?.exitGroups.find((each) => each.groupId === groupId);
      return view === undefined ? problem(c, "EXIT_GROUP_NOT_FOUND") : c.json(view, 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "delete",
      path: "/v1/exit-groups/{groupId}",
      operationId: "removeExitGroup",
      tag: "Orders",
      summary: "Stop watching several positions together",
      scopes: ["orders:write"],
      request: { params: OfGroup },
      responses: { 200: answers(Outcome, "Not watched any more.") },
      errors: [...REFUSED, "EXIT_GROUP_NOT_FOUND", "EXIT_GROUP_INVALID"],
    },
    async (c) => {
      const { groupId } = c.req.valid("param");
      const done = await c.env.ACCOUNT.getByName(c.var.accountId).exit({ type: "REMOVE_EXIT_GROUP", groupId });
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
}
