// 0114: at which price a position counts, at the jump that is one and at the moment from which a loss is believed.
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { believedExitPaise, LOSS_BELIEVED_AFTER_MS } from "../../../src/core/risk/believed-price.ts";
import { aPrice, NOON } from "../../support/builders.ts";

const steady = { steady: { pricePaise: paise(50_00), atMs: NOON } };
const at = (netUnits: number, exitPaise: number | null, change: Partial<PriceView> = {}) => {
  const side = exitPaise === null ? null : paise(exitPaise);
  const other = paise(49_00);
  const quote = netUnits < 0 ? { bidPaise: other, askPaise: side } : { bidPaise: side, askPaise: other };
  return believedExitPaise({ netUnits }, aPrice({ ...quote, lastPaise: paise(48_00), ...steady, ...change }));
};
const doubted = (ms: number) => ({ bidDoubtedMs: ms, askDoubtedMs: ms });

describe("a position counts", () => {
  it("at its exit side, else at the last price, where nothing has jumped or there is nothing to jump from", () => {
    expect([at(75, 51_00), at(-75, 52_00)]).toEqual([51_00, 52_00]);
    expect([at(75, null), at(-75, null)]).toEqual([48_00, 48_00]);
    expect([at(75, null, { lastPaise: null }), at(-75, null, { lastPaise: null })]).toEqual([null, null]);
    expect([at(75, 5_000_00, { steady: null }), at(-75, 5, { steady: null })]).toEqual([5_000_00, 5]);
    expect([at(75, 500_00), at(75, 5_00), at(-75, 500_00), at(-75, 5_00)]).toEqual([500_00, 5_00, 500_00, 5_00]);
  });

  it("at the steady price through a jump in its favour, however long it lasts", () => {
    for (const doubtedMs of [0, LOSS_BELIEVED_AFTER_MS, 10 * LOSS_BELIEVED_AFTER_MS]) {
      expect([at(75, 500_05, doubted(doubtedMs)), at(-75, 4_99, doubted(doubtedMs))]).toEqual([50_00, 50_00]);
    }
  });

  it("at the steady price through a jump against it, until that has lasted", () => {
    const [before, then] = [doubted(LOSS_BELIEVED_AFTER_MS - 1), doubted(LOSS_BELIEVED_AFTER_MS)];
    expect([at(75, 4_99), at(75, 4_99, before), at(75, 4_99, then)]).toEqual([50_00, 50_00, 4_99]);
    expect([at(-75, 500_05), at(-75, 500_05, before), at(-75, 500_05, then)]).toEqual([50_00, 50_00, 500_05]);
  });
  it("by the doubt of its own side: the other one's says nothing", () => {
    const long = LOSS_BELIEVED_AFTER_MS;
    expect([at(75, 4_99, { askDoubtedMs: long }), at(-75, 500_05, { bidDoubtedMs: long })]).toEqual([50_00, 50_00]);
  });
});
