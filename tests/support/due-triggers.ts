// What the feed compares a trigger with: the side it watches, or the clock.
import type { PriceView } from "../../src/core/account/command.ts";
import type { PriceTrigger } from "../../src/core/account/state.ts";
import type { EpochMs } from "../../src/core/kernel/time.ts";

export function isDue(trigger: PriceTrigger, { bidPaise, askPaise }: PriceView, now: EpochMs): boolean {
  if (trigger.dueMs !== undefined) return trigger.dueMs <= now;
  const pricePaise = trigger.watches === "ASK" ? askPaise : bidPaise;
  if (pricePaise === null) return false;
  return trigger.fires === "AT_OR_BELOW" ? pricePaise <= trigger.levelPaise : pricePaise >= trigger.levelPaise;
}
