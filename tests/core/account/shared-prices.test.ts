import { describe, expect, it } from "vitest";
import { AnsweredPrices, answeredOf, type Feeds, PriceBook } from "../../../durable-objects/account/prices.ts";
import type { PriceView } from "../../../src/core/account/command.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";

const contract = { instrumentId: "NIFTY25900CE", underlying: "NIFTY50" } as unknown as OptionContract;

/** A feed that says a new price at each question, when it is let. */
function feed() {
  const asked: (() => void)[] = [];
  const lost: (() => void)[] = [];
  const prices = (): Promise<readonly PriceView[]> =>
    new Promise((resolve, reject) => {
      const view = { instrumentId: contract.instrumentId, lastPaise: asked.length + 1 } as unknown as PriceView;
      asked.push(() => resolve([view]));
      lost.push(() => reject(new Error("no answer")));
    });
  return { asked, lost, feeds: (() => ({ prices })) as unknown as Feeds };
}

describe("prices that accounts share", () => {
  it("asks once for all accounts of a deployment, and again when the answer is older than a quarter of a second on either clock", async () => {
    const { asked, feeds } = feed();
    const [answered, marketMs] = [new AnsweredPrices(), 5_000];
    const [one, other] = [new PriceBook(feeds, answered), new PriceBook(feeds, answered)];
    const first = one.of(contract, 1_000, marketMs);
    asked[0]?.();
    expect((await first)?.lastPaise).toBe(1);
    expect((await other.of(contract, 1_250, marketMs))?.lastPaise).toBe(1);
    expect(asked).toHaveLength(1);
    void other.of(contract, 1_251, marketMs);
    void one.of(contract, 1_250, marketMs + 251);
    expect(asked).toHaveLength(3);
  });

  it("counts an answer's age from the question, so that one that came late is nobody else's", async () => {
    const { asked, feeds } = feed();
    const answered = new AnsweredPrices();
    const late = new PriceBook(feeds, answered).of(contract, 1_000, 0);
    asked[0]?.();
    await late;
    void new PriceBook(feeds, answered).of(contract, 1_400, 0);
    expect(asked).toHaveLength(2);
  });

  it("waits for no question of another account, and keeps no failure", async () => {
    const { asked, lost, feeds } = feed();
    const answered = new AnsweredPrices();
    const failing = new PriceBook(feeds, answered).of(contract, 1_000, 0);
    const own = new PriceBook(feeds, answered).of(contract, 1_001, 0);
    expect(asked).toHaveLength(2);
    lost[0]?.();
    expect(await failing).toBeNull();
    asked[1]?.();
    expect((await own)?.lastPaise).toBe(2);
  });

  it("shares between objects of the same bindings only", () => {
    const [bindings, others] = [{}, {}];
    expect(answeredOf(bindings)).toBe(answeredOf(bindings));
    expect(answeredOf(bindings)).not.toBe(answeredOf(others));
  });
});
