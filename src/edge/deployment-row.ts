// The row by which windows know what to look at, brought in line with the account that decides what is deployed. Whoever has
// written looks again afterwards, and writes again until both agree: so of a removal and a deployment at once, whichever the
// account carried out last is what the row says.
import { forgetDeployment, putDeployment } from "../adapters/read-models/strategies.ts";
import type { StrategyInstance } from "../core/strategy/definition/instance.ts";
import type { AccountRpc } from "../ports/objects.ts";

export async function settleDeployment(
  d1: D1Database,
  account: Pick<AccountRpc, "strategies">,
  accountId: string,
  instanceId: string,
): Promise<StrategyInstance | null> {
  const read = async (): Promise<StrategyInstance | null> =>
    (await account.strategies()).find((each) => each.instanceId === instanceId) ?? null;
  for (let found = await read(); ; ) {
    if (found === null) await forgetDeployment(d1, accountId, instanceId);
    else {
      const { strategyId, underlying, loadedAtMs } = found;
      await putDeployment(d1, { accountId, instanceId, strategyId, underlying, atMs: loadedAtMs });
    }
    const now = await read();
    if (now?.loadedAtMs === found?.loadedAtMs && now?.strategyId === found?.strategyId) return now;
    found = now;
  }
}
