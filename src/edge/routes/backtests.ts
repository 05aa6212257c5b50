// Backtests and sweeps: an account asks for its own, the operator for a named account's. What is played is frozen in the run.
import { RUNS_UNDER_WAY_MAX } from "../../ports/lab.ts";
import { BACKTEST_ERRORS, BacktestIn, backtestRequest } from "../backtest-request.ts";
import { answers, type EdgeApp, openAccountRoute, takes } from "../define-route.ts";
import { problem } from "../problem.ts";
import { isOfAnother, RunBody, reused, runBody, start } from "./lab.ts";

const BODY_MAX_BYTES = 200_000;

export function openBacktests(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/backtests",
      operationId: "startBacktest",
      tag: "Lab",
      summary: "Play a strategy over the history there is",
      description: `With \`sets\` it is a sweep. An Idempotency-Key begins at most one run; at most ${RUNS_UNDER_WAY_MAX} of an account are under way at a time.`,
      takesIdempotencyKey: true,
      scopes: ["lab:write"],
      bodyMaxBytes: BODY_MAX_BYTES,
      request: { body: takes(BacktestIn) },
      responses: { 202: answers(RunBody, "The run; look at it until it is over.") },
      errors: [...BACKTEST_ERRORS, "LAB_RUN_LIMIT", "LAB_RUN_REUSED"],
    },
    async (c) => {
      const request = await backtestRequest(c, c.req.valid("json"));
      if (!request.ok) return problem(c, request.error.code, request.error.details);
      const run = await start(c, c.var.accountId, request.value);
      if (run !== null) return isOfAnother(run, request.value) ? reused(c, run) : c.json(runBody(run), 202);
      const detail = `${RUNS_UNDER_WAY_MAX} runs are under way; fewer than ${RUNS_UNDER_WAY_MAX} would pass`;
      const figures = { limit: RUNS_UNDER_WAY_MAX, value: RUNS_UNDER_WAY_MAX, unit: "runs" };
      return problem(c, "LAB_RUN_LIMIT", { detail, errors: [{ field: "accountId", message: detail, ...figures }] });
    },
  );
}
