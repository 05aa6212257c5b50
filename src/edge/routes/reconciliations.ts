// What was found when the account was held against the venue, and holding it against it now.
import * as z from "zod";
import type { ReconciliationRun } from "../../core/account/state.ts";
import { DIFFERENCE_CODES, RECONCILE_CAUSES } from "../../core/reconciliation/difference.ts";
import { answers, type EdgeApp, openAccountRoute } from "../define-route.ts";
import { refusal } from "../problem.ts";
import { Instant, instant } from "../schemas.ts";

const Side = z.union([z.string(), z.number()]).nullable();
export const DifferenceBody = z
  .object({
    code: z.enum(DIFFERENCE_CODES),
    outcome: z.enum(["REPAIRED", "WAITING", "RAISED"]),
    subject: z.string(),
    ours: Side,
    theirs: Side,
    detail: z.string(),
  })
  .openapi("Difference");
const ReconciliationBody = z
  .object({
    sequence: z.number().int().openapi({ description: "Of the journal entry that records it." }),
    at: Instant,
    readAt: Instant.openapi({ description: "The instant the venue's answer is true for." }),
    cause: z.enum(RECONCILE_CAUSES),
    compared: z.object({ orders: z.number().int(), fills: z.number().int(), positions: z.number().int() }),
    differences: z.array(DifferenceBody),
    differencesBeyond: z.number().int().openapi({ description: "How many more there were than are listed." }),
    overtaken: z.boolean().openapi({
      description:
        "Something reached the account while the venue was read: totals, positions and cash were not compared.",
    }),
    standing: z.array(DifferenceBody).openapi({
      description: "Raised by an earlier comparison and not compared by this one: entries go on waiting for them.",
    }),
  })
  .openapi("Reconciliation");

const body = (run: ReconciliationRun) => ({
  sequence: run.sequence,
  at: instant(run.atMs),
  readAt: instant(run.readAtMs),
  cause: run.cause,
  compared: run.compared,
  differences: [...run.differences],
  differencesBeyond: run.differencesBeyond ?? 0,
  overtaken: run.isOvertaken === true,
  standing: [...(run.standing ?? [])],
});

export function openReconciliations(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/reconciliations",
      operationId: "listReconciliations",
      tag: "Orders",
      summary: "The last comparisons with the venue, newest first",
      scopes: ["orders:read"],
      responses: { 200: answers(z.object({ data: z.array(ReconciliationBody) }), "At most the last twenty.") },
    },
    async (c) => {
      const { reconciliations = [] } = await c.env.ACCOUNT.getByName(c.var.accountId).state();
      return c.json({ data: reconciliations.map(body).reverse() }, 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/reconciliations",
      operationId: "reconcile",
      tag: "Orders",
      summary: "Compare the account with the venue now",
      description:
        "What the venue knows and we do not is booked; what differs in total is raised, and entries wait for it. Repeating it is harmless.",
      scopes: ["orders:write"],
      responses: { 200: answers(ReconciliationBody, "What was found.") },
      errors: ["DAY_NOT_OPEN", "VENUE_UNREADABLE", "ACCOUNT_FROZEN"],
    },
    async (c) => {
      const done = await c.env.ACCOUNT.getByName(c.var.accountId).reconcile();
      return done.ok ? c.json(body(done.value), 200) : refusal(c, done.error);
    },
  );
}
