// Combinations as users ask for them: spreads of one type and iron condors, on contracts of which one can cover the other.
import type { ListRequest } from "../../../src/core/account/command.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import type { ClientOrderId, OrderSide } from "../../../src/core/order/order.ts";
import type { Seeded } from "../../support/seeded.ts";
import { CONTRACTS } from "./market.ts";

const leg = (contract: OptionContract, side: OrderSide) => ({ contract, side, ratio: 1, limitPricePaise: null });

/** The two strikes of NIFTY of one type, in a random order. */
function pairOf(random: Seeded, optionType: "CALL" | "PUT"): readonly [OptionContract, OptionContract] {
  const [one, other] = random.shuffle(
    CONTRACTS.filter((contract) => contract.underlying === "NIFTY50" && contract.optionType === optionType),
  );
  if (one === undefined || other === undefined) throw new Error("two strikes of each type are needed");
  return [one, other];
}

const outside = ([one, other]: readonly [OptionContract, OptionContract], isCall: boolean) =>
  one.strikePaise > other.strikePaise === isCall ? ([one, other] as const) : ([other, one] as const);

export type Combination = "VERTICAL" | "IRON_CONDOR";

/** Of the structure asked for, or of any. */
export function drawnCombination(random: Seeded, listId: ClientOrderId, asked: Combination | null): ListRequest {
  const isCondor = asked === null ? random.chance(0.4) : asked === "IRON_CONDOR";
  const [bought, sold] = pairOf(random, random.pick(["CALL", "PUT"] as const));
  const [callBought, callSold] = outside(pairOf(random, "CALL"), true);
  const [putBought, putSold] = outside(pairOf(random, "PUT"), false);
  return {
    listId,
    structure: isCondor ? "IRON_CONDOR" : "VERTICAL",
    sets: asked === null ? 1 + random.below(3) : 1,
    legs: isCondor
      ? [leg(callBought, "BUY"), leg(callSold, "SELL"), leg(putBought, "BUY"), leg(putSold, "SELL")]
      : [leg(bought, "BUY"), leg(sold, "SELL")],
    completeWithinMs: random.pick([2_000, 5_000, 10_000]),
    onIncomplete: random.pick(["UNWIND", "KEEP_RATIO"] as const),
    timeExitMs: null,
    request: `combination ${listId}`,
  };
}
