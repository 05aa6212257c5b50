// The operator compares everybody with the venue: over the queue, once per run, and readable account by account.
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { storedRows } from "../../../src/adapters/storage/stored-rows.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { projectionHash } from "../../../src/core/reporting/project.ts";
import { buy, clockAt, must, nifty, trader } from "../account/account-fixtures.ts";
import { afterOpen, order } from "../market-feed/feed-fixtures.ts";
import { call, enlist, expectProblem, keyFor } from "./api-fixtures.ts";

const PATH = "/v1/operations/reconciliations";

describe(PATH, () => {
  it("asks every active account once, and shows what was found of whom", async () => {
    const feed = await nifty();
    const [one, two] = [await trader("A"), await trader("B")];
    for (const accountId of ["A", "B", "C"]) await enlist(accountId);
    await feed.playUntil(afterOpen(120));
    for (const account of [one, two]) await clockAt(account, afterOpen(120));
    must(await one.submitOrder(buy("mine")));
    // Somebody else's order in the book of B: nothing of ours explains it.
    const foreign = { type: "LIMIT", timeInForce: "DAY", limitPricePaise: paise(5) } as const;
    await feed.venueSubmit([order("B", "not-ours", afterOpen(120), foreign)]);
    await feed.playUntil(afterOpen(125));
    for (const account of [one, two]) await clockAt(account, afterOpen(125));

    const begun = await call("POST", PATH);
    expect(begun).toMatchObject({ status: 200, body: { accounts: 3, failure: null } });
    const { runId } = begun.body;
    const shown = async (query = "") => (await call("GET", `${PATH}/${runId}${query}`)).body;
    await vi.waitFor(
      async () => {
        for (const account of [one, two]) await account.flushOutbox();
        const { run } = await shown();
        expect(run).toMatchObject({
          state: "DONE",
          accounts: 3,
          waiting: 0,
          compared: 2,
          withDifferences: 1,
          raised: 1,
        });
      },
      { timeout: 10_000 },
    );
    const { data } = await shown();
    expect(data).toMatchObject([
      { accountId: "A", outcome: "COMPARED", found: 0, differences: [] },
      {
        accountId: "B",
        outcome: "COMPARED",
        found: 1,
        raised: 1,
        differences: [{ code: "FOREIGN_ORDER", outcome: "RAISED", subject: "SIM-not-ours" }],
      },
      // It has never had a day: there is nothing to compare, and that is no failure.
      { accountId: "C", outcome: "NO_RESULT", failure: null, sequence: null, differences: [] },
    ]);
    expect((await shown("?only=DIFFERENT")).data.map((row: { accountId: string }) => row.accountId)).toEqual(["B"]);
    const first = await shown("?limit=2");
    expect(first.data).toHaveLength(2);
    expect((await shown(`?limit=2&cursor=${first.next}`)).data).toMatchObject([{ accountId: "C" }]);

    // The job again, as a lost answer would have it: each account has one comparison of that key. Another run is another.
    await call("POST", "/v1/operations/jobs/rerun", { body: { jobKey: begun.body.jobKey } });
    const command = { type: "COMPARE_WITH_VENUE", atMs: afterOpen(125), jobKey: begun.body.jobKey } as const;
    must(await one.runJob(command));
    const asked = (await one.state()).reconciliations?.filter(({ cause }) => cause === "REQUEST");
    expect(asked).toHaveLength(1);
    expect(projectionHash(await storedRows(env.DB, "B"))).toBe((await two.verify()).projectionHash);
    const second = await call("POST", PATH);
    expect(second.body.runId).not.toBe(runId);
    const runs = (await call("GET", PATH)).body.data.map((run: { runId: string }) => run.runId);
    expect(runs).toEqual([second.body.runId, runId]);
  });

  it("takes up a run that is under way, and is the operator's alone", async () => {
    await enlist("A");
    await env.DB.prepare(
      `INSERT INTO job_runs (job_key, date, name, phase, state, at_ms, started_ms)
       SELECT 'RECONCILE/' || d || '/-/7', d, 'RECONCILE', 7, 'RUNNING', 0, 0
       FROM (SELECT date('now', '+330 minutes') AS d)`,
    ).run();
    const taken = await call("POST", PATH);
    expect(taken.body.runId).toMatch(/-7$/);
    expect(taken.body.accounts).toBe(1);
    const key = await keyFor("A");
    expectProblem(await call("POST", PATH, { key }), "SCOPE_MISSING");
    expectProblem(await call("GET", PATH, { key }), "SCOPE_MISSING");
    expectProblem(await call("GET", `${PATH}/2026-01-01-1`), "JOB_NOT_FOUND");
  });
});
