// Strategy instances in accounts: loaded, started, shown a market, and filled at whatever price a test says.
import type { Command, StrategyCommand } from "../../../src/core/account/command.ts";
import { findInstance } from "../../../src/core/account/strategies.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import type { Order } from "../../../src/core/order/order.ts";
import type { StrategyContext } from "../../../src/core/strategy/definition/context.ts";
import type { StrategyDefinition } from "../../../src/core/strategy/definition/definition.ts";
import type { InstanceAction } from "../../../src/core/strategy/definition/instance.ts";
import { marketViewOf } from "../../../src/core/strategy/definition/market-view.ts";
import { libraryStrategy } from "../../../src/core/strategy/library/library.ts";
import { type AccountUnderTest, anAccount, at, aWindow, filled, later, NOON } from "../../support/builders.ts";
import { aContext } from "../strategy/definition-fixtures.ts";

type RunWindow = Extract<Command, { readonly type: "RUN_WINDOW" }>;
export const named = (name: string): StrategyDefinition => required(libraryStrategy(name), name);
export const STRONG = { "bar.rsi14": [50, 65] } as const;

export const say = (account: AccountUnderTest, command: StrategyCommand, atMs = NOON) =>
  account.do({ ...command, atMs, prices: [] });
export const load = (
  account: AccountUnderTest,
  instanceId: string,
  definition: StrategyDefinition,
  parameters = {},
): void =>
  void say(account, {
    type: "LOAD_STRATEGY",
    instanceId,
    strategyId: definition.name,
    definition,
    hash: "a".repeat(64),
    underlying: "NIFTY50",
    parameters,
  });
export const move = (account: AccountUnderTest, instanceId: string, action: InstanceAction) =>
  say(account, { type: "MOVE_STRATEGY", instanceId, action });

/** A running instance in an account with room for its trades. */
export function running(definition: StrategyDefinition, instanceId = "one"): AccountUnderTest {
  const account = anAccount({
    capitalPaise: paise(10_00_000_00),
    savingsPaise: paise(20_00_000_00),
    limits: { openTradesMax: 10, dailyLossMaxPaise: paise(25_000_00), orderValueMaxPaise: paise(15_00_000_00) },
  });
  load(account, instanceId, definition);
  move(account, instanceId, "start");
  return account;
}

export function aMarketWindow(
  window: 1 | 2 | 3,
  figures: Parameters<typeof aContext>[1] = STRONG,
  change: Partial<RunWindow> = {},
  context: Partial<StrategyContext> = {},
): RunWindow {
  const atMs = later((window - 1) * 5 * 60_000, at("12:02"));
  const view = marketViewOf(aContext({ atMs, ...context }, figures));
  return aWindow({ atMs, window, signals: [], prices: [], markets: [view], ...change });
}

export const instance = ({ state }: AccountUnderTest, instanceId = "one") =>
  required(findInstance(state, instanceId), instanceId);
export const ordersOf = ({ state }: AccountUnderTest, instanceId = "one"): readonly Order[] =>
  Object.values(state.orders).filter((order) => order.strategyId === instanceId);
export const fillAll = (
  account: AccountUnderTest,
  price: (order: Order) => Paise = ({ limitPricePaise }) => limitPricePaise,
): void => {
  for (let round = 0; round < 6; round += 1) {
    const open = Object.values(account.state.orders).filter(({ status }) => status === "SUBMITTED");
    if (open.length === 0) return;
    const atMs = later(1_000 * (round + 1), account.state.lastEventMs);
    account.report(
      atMs,
      ...open.map((order) =>
        filled(order.clientOrderId, order.quantityUnits, price(order), {
          executionId: `F-${order.clientOrderId}`,
          atMs,
        }),
      ),
    );
  }
};
