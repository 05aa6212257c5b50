// Accounts for benches that need no running stack: a rich one that holds a long call and a long put (so that shorts of
// either kind are covered), and the same one with positions and orders under way.
import { evolve } from "../../src/core/account/evolve.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import type { InstrumentId, OptionContract } from "../../src/core/instrument/contract.ts";
import { paise, valuePaise } from "../../src/core/kernel/money.ts";
import {
  type AccountUnderTest,
  anAccount,
  id,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  someTerms,
} from "../../tests/support/builders.ts";
import { hold } from "../../tests/support/open-positions.ts";

const STEP_PAISE = 50_00;
const PREMIUM_PAISE = 50_00;

/** The n-th NIFTY call above the first, at strikes 50 points apart. */
export const ofCall = (n: number): OptionContract => {
  const strikePaise = paise(NIFTY_CALL.strikePaise + n * STEP_PAISE);
  const instrumentId = `NIFTY25902${strikePaise / 100}CE.NFO` as InstrumentId;
  return { ...NIFTY_CALL, strikePaise, instrumentId };
};

/** The n-th NIFTY put below the first. */
export const ofPut = (n: number): OptionContract => {
  const strikePaise = paise(NIFTY_PUT.strikePaise - n * STEP_PAISE);
  const instrumentId = `NIFTY25902${strikePaise / 100}PE.NFO` as InstrumentId;
  return { ...NIFTY_PUT, strikePaise, instrumentId };
};

const rich = (): AccountUnderTest => {
  const account = anAccount({
    category: "ADMIN",
    capitalPaise: paise(15_00_000_00),
    savingsPaise: paise(1_00_00_000_00),
    limits: {
      tradesPerDayMax: 216,
      tradesPerCycleMax: 1_000_000,
      openTradesMax: 1_000,
      dailyLossMaxPaise: paise(15_00_000_00),
      orderValueMaxPaise: paise(50_00_000_00),
    },
  });
  for (const contract of [ofCall(0), ofPut(0)]) hold(account, contract, 4 * contract.lotSize, PREMIUM_PAISE);
  return account;
};

export const idleAccount = (): AccountState => rich().state;

/** With so many positions beside those two, every other one a short that the one before it covers, and as many orders under way. */
export function busyAccount(count: number): AccountState {
  const account = rich();
  for (let n = 2; n < count + 2; n += 1) {
    hold(account, ofCall(n), n % 2 === 0 ? NIFTY_CALL.lotSize : -NIFTY_CALL.lotSize, PREMIUM_PAISE);
  }
  let { state } = account;
  for (let n = 2; n < count + 2; n += 1) {
    const terms = someTerms({ clientOrderId: id(`working-${n}`), contract: ofCall(n) });
    const reservedPaise = valuePaise(terms.limitPricePaise, terms.quantityUnits);
    state = evolve(state, { type: "ORDER_SUBMITTED", atMs: NOON, terms, reservedPaise, exitPlanMove: null });
  }
  return state;
}
