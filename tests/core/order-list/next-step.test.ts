// The steps of a list, one by one, and a walk over random fills, rejections, denials and timeouts that must never leave a short
// without its protection.
import { describe, expect, it } from "vitest";
import { type Child, isOver, netUnitsOf, progressOf } from "../../../src/core/order-list/children.ts";
import { coverageOf, type Holding } from "../../../src/core/order-list/coverage.ts";
import { nextStep } from "../../../src/core/order-list/next-step.ts";
import type { ListLeg, OrderList } from "../../../src/core/order-list/order-list.ts";
import { parentStatus } from "../../../src/core/order-list/parent-status.ts";
import { id, NIFTY_CALL } from "../../support/builders.ts";
import { Seeded } from "../../support/seeded.ts";
import { aList, ironFly, later, leg, option } from "./list-fixtures.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A list with children that a test fills, ends and rejects; each move takes the step that follows, as the account does. */
class Walk {
  list: OrderList;
  readonly children: Mutable<Child>[] = [];
  now = 0;
  #returns = 0;

  constructor(list: OrderList) {
    this.list = list;
  }

  /** Takes steps until nothing is asked for any more. */
  step(deny: (child: Child) => boolean = () => false): void {
    for (let rounds = 0; rounds < 20; rounds += 1) {
      const step = nextStep(this.list, this.children, later(this.now));
      const before = JSON.stringify([this.list.stage, this.list.keptSets, this.children]);
      this.list = { ...this.list, stage: step.stage, reason: step.reason, keptSets: step.keptSets };
      for (const { clientOrderId, legIndex, quantityUnits } of step.build) {
        expect(this.children.map((child) => child.clientOrderId)).not.toContain(clientOrderId);
        const child: Child = {
          clientOrderId,
          legIndex,
          quantityUnits,
          filledUnits: 0,
          ...this.#sideOf(legIndex),
          status: "SUBMITTED",
        };
        this.children.push({ ...child, status: deny(child) ? "DENIED" : "SUBMITTED" });
      }
      for (const name of step.cancel) this.child(name).status = "PENDING_CANCEL";
      for (const { legIndex, quantityUnits } of step.giveBack) {
        this.#returns += 1;
        const { side } = this.#sideOf(legIndex);
        this.children.push({
          clientOrderId: id(`back-${this.#returns}`),
          legIndex,
          quantityUnits,
          filledUnits: 0,
          side: side === "BUY" ? "SELL" : "BUY",
          purpose: "EXIT",
          status: "SUBMITTED",
        });
      }
      if (JSON.stringify([this.list.stage, this.list.keptSets, this.children]) === before) return;
    }
    throw new Error("the list never comes to rest");
  }

  child(name: string): Mutable<Child> {
    const found = this.children.find((child) => child.clientOrderId === name);
    if (found === undefined) throw new Error(`no child ${name}`);
    return found;
  }

  fill(name: string, units = Number.POSITIVE_INFINITY): void {
    const child = this.child(name);
    child.filledUnits += Math.min(units, child.quantityUnits - child.filledUnits);
    if (child.filledUnits >= child.quantityUnits) child.status = "FILLED";
    else if (!isOver(child)) child.status = child.status === "PENDING_CANCEL" ? "PENDING_CANCEL" : "PARTIALLY_FILLED";
  }

  end(name: string, status: Child["status"] = "CANCELED"): void {
    this.child(name).status = status;
  }

  get open(): readonly string[] {
    return this.children.filter((child) => !isOver(child)).map((child) => child.clientOrderId);
  }

  get holdings(): readonly Holding[] {
    return progressOf(this.list, this.children).map((progress) => {
      const sign = progress.leg.side === "BUY" ? 1 : -1;
      return {
        contract: progress.leg.contract,
        netUnits: sign * netUnitsOf(progress),
        sellingUnits: sign > 0 ? progress.returningUnits : progress.workingUnits,
      };
    });
  }

  /** Sold units beyond what protects them: now, and at the worst of what is under way. */
  get naked(): { readonly now: number; readonly worst: number } {
    const beyond = (holdings: readonly Holding[]): number =>
      Math.max(0, ...[...coverageOf(holdings).values()].map((cover) => cover.soldUnits - cover.protectingUnits));
    return {
      now: beyond(this.holdings.map((holding) => ({ ...holding, sellingUnits: 0 }))),
      worst: beyond(this.holdings),
    };
  }

  #sideOf(legIndex: number): Pick<Child, "side" | "purpose"> {
    const side = this.list.legs[legIndex]?.side;
    if (side === undefined) throw new Error(`no leg ${legIndex}`);
    return { side, purpose: "ENTRY" };
  }
}

const started = (change: Partial<OrderList> = {}): Walk => {
  const walk = new Walk(aList(change));
  walk.step();
  return walk;
};

describe("a combination", () => {
  it("buys its protection first, and sells only when all of it is held", () => {
    const walk = started();
    expect(walk.open).toEqual(["list-1_leg_1_split_1", "list-1_leg_2_split_1"]);
    walk.fill("list-1_leg_1_split_1");
    walk.fill("list-1_leg_2_split_1", 0);
    walk.step();
    expect(walk.open).toEqual(["list-1_leg_2_split_1"]);
    walk.fill("list-1_leg_2_split_1");
    walk.step();
    expect(walk.list.stage).toBe("SELLING");
    expect(walk.open).toEqual(["list-1_leg_3_split_1", "list-1_leg_4_split_1"]);
    walk.fill("list-1_leg_3_split_1");
    walk.fill("list-1_leg_4_split_1");
    walk.step();
    expect(walk.list.stage).toBe("FILLED");
  });

  it("is filled without a selling stage when nothing is sold", () => {
    const walk = started({
      structure: "STRADDLE",
      legs: [leg("BUY", option("CALL", 24_500), 75), leg("BUY", option("PUT", 24_500), 75)],
    });
    for (const name of walk.open) walk.fill(name);
    walk.step();
    expect(walk.list.stage).toBe("FILLED");
  });

  it("asks again for what a leg has left, by a name of its own, and gives up after three more attempts", () => {
    const walk = started({ legs: ironFly(150) });
    walk.fill("list-1_leg_2_split_1");
    walk.fill("list-1_leg_1_split_1", 75);
    walk.end("list-1_leg_1_split_1");
    walk.step();
    expect(walk.child("list-1_leg_1_split_1_r1").quantityUnits).toBe(75);
    for (const attempt of [1, 2, 3]) {
      walk.end(`list-1_leg_1_split_1_r${attempt}`, "REJECTED");
      walk.step();
    }
    expect(walk.list.stage).toBe("UNWINDING");
    expect(walk.list.reason).toContain("tried 4 times");
    expect(walk.open).toEqual(["back-1", "back-2"]);
    walk.fill("back-1");
    walk.fill("back-2");
    walk.step();
    expect(walk.list.stage).toBe("UNWOUND");
  });

  it("R12: when the third leg of four is rejected, the short is covered before its protection is released", () => {
    const walk = started();
    walk.fill("list-1_leg_1_split_1");
    walk.fill("list-1_leg_2_split_1");
    walk.step();
    walk.fill("list-1_leg_4_split_1");
    for (let attempt = 0; attempt < 4; attempt += 1) {
      walk.end(`list-1_leg_3_split_1${attempt === 0 ? "" : `_r${attempt}`}`, "REJECTED");
      walk.step();
    }
    expect(walk.list.stage).toBe("UNWINDING");
    expect(walk.open).toEqual(["back-1"]);
    expect(walk.child("back-1")).toMatchObject({ side: "BUY", legIndex: 3, quantityUnits: 75 });
    walk.fill("back-1");
    walk.step();
    expect(walk.open).toEqual(["back-2", "back-3"]);
    for (const name of walk.open) walk.fill(name);
    walk.step();
    expect(walk.list.stage).toBe("UNWOUND");
  });

  it("is given up at its deadline, cancels what rests and waits for a sale to be out of the book before it releases", () => {
    const walk = started({
      legs: ironFly(75).map((each) => ({ ...each, type: "LIMIT" as const, timeInForce: "DAY" as const })),
    });
    walk.fill("list-1_leg_1_split_1");
    walk.fill("list-1_leg_2_split_1");
    walk.step();
    walk.now = 9_999;
    walk.step();
    expect(walk.list.stage).toBe("SELLING");
    walk.now = 10_000;
    walk.step();
    expect(walk.list).toMatchObject({ stage: "UNWINDING" });
    expect(walk.list.reason).toContain("not complete at its deadline");
    expect(walk.open).toEqual(["list-1_leg_3_split_1", "list-1_leg_4_split_1"]);
    // The cancel meets a fill.
    walk.fill("list-1_leg_3_split_1");
    walk.end("list-1_leg_4_split_1");
    walk.step();
    expect(walk.open).toEqual(["back-1"]);
    expect(walk.child("back-1").side).toBe("BUY");
  });

  it("gives back a fill that comes after it has been unwound", () => {
    const walk = started();
    walk.end("list-1_leg_2_split_1", "DENIED");
    walk.step();
    walk.end("list-1_leg_1_split_1");
    walk.step();
    expect(walk.list.stage).toBe("UNWOUND");
    walk.child("list-1_leg_1_split_1").filledUnits = 75;
    walk.step();
    expect(walk.list.stage).toBe("UNWINDING");
    expect(walk.child("back-1")).toMatchObject({ side: "SELL", quantityUnits: 75 });
  });

  it("keeps the ratio of what is complete where that is wanted, and gives back the rest", () => {
    const walk = started({ onIncomplete: "KEEP_RATIO", sets: 4, legs: ironFly(300) });
    walk.fill("list-1_leg_1_split_1");
    walk.fill("list-1_leg_2_split_1");
    walk.step();
    walk.fill("list-1_leg_3_split_1", 225);
    walk.fill("list-1_leg_4_split_1", 150);
    walk.now = 10_000;
    walk.step();
    for (const name of walk.open) walk.end(name);
    walk.step();
    expect(walk.list.keptSets).toBe(2);
    expect(walk.open.map((name) => walk.child(name))).toMatchObject([{ side: "BUY", legIndex: 2, quantityUnits: 75 }]);
    walk.fill(walk.open[0] ?? "");
    walk.step();
    for (const name of walk.open) walk.fill(name);
    walk.step();
    expect(walk.list.stage).toBe("FILLED");
    expect(progressOf(walk.list, walk.children).map(netUnitsOf)).toEqual([150, 150, 150, 150]);
  });

  it("keeps nothing and is over when the exit of one leg took more of the contract than the list had dealt", () => {
    const walk = started({ onIncomplete: "KEEP_RATIO" });
    for (const name of walk.open) walk.fill(name);
    walk.step();
    // A guard sold all that the account held of the contract: the list's 75 and another trade's 150.
    const [protection] = walk.children;
    if (protection === undefined) throw new Error("the list has asked for nothing");
    const exit = { ...protection, side: "SELL", purpose: "EXIT", quantityUnits: 225, filledUnits: 225 } as const;
    walk.children.push({ ...exit, clientOrderId: id("X1") });
    walk.now = 10_000;
    walk.step();
    for (const name of walk.open) walk.end(name);
    walk.step();
    for (const name of walk.open) walk.fill(name);
    walk.step();
    expect(walk.list).toMatchObject({ stage: "UNWOUND", keptSets: 0 });
  });

  it("is left shorts first", () => {
    const walk = started();
    for (let stage = 0; stage < 2; stage += 1) {
      for (const name of walk.open) walk.fill(name);
      walk.step();
    }
    walk.list = { ...walk.list, stage: "EXITING" };
    walk.step();
    expect(walk.open.map((name) => walk.child(name).side)).toEqual(["BUY", "BUY"]);
    for (const name of walk.open) walk.fill(name);
    walk.step();
    expect(walk.open.map((name) => walk.child(name).side)).toEqual(["SELL", "SELL"]);
    for (const name of walk.open) walk.fill(name);
    walk.step();
    expect(walk.list.stage).toBe("CLOSED");
  });
});

describe("any fills, rejections, denials and timeouts", () => {
  it("never leave a sold unit without a held one that protects it, and every list comes to an end", {
    timeout: 60_000,
  }, () => {
    const ends = new Map<string, number>();
    for (let seed = 1; seed <= 800; seed += 1) {
      const random = new Seeded(seed);
      const walk = new Walk(someList(random));
      const trouble = random.next();
      walk.step((child) => child.side === "SELL" && random.chance(trouble / 10));
      for (let moves = 0; moves < 60; moves += 1) {
        move(walk, random, trouble);
        walk.step(() => random.chance(trouble / 20));
        expect(walk.naked, `seed ${seed}, move ${moves}, ${walk.list.stage}`).toEqual({ now: 0, worst: 0 });
      }
      // The venue heals: whatever is asked for is dealt.
      walk.now = 20_000;
      for (let rounds = 0; rounds < 12; rounds += 1) {
        walk.step();
        for (const name of walk.open) {
          if (walk.child(name).status === "PENDING_CANCEL") walk.end(name);
          else walk.fill(name);
          expect(walk.naked.now, `seed ${seed} healing`).toBe(0);
        }
      }
      const nets = progressOf(walk.list, walk.children).map(netUnitsOf);
      ends.set(walk.list.stage, (ends.get(walk.list.stage) ?? 0) + 1);
      if (walk.list.stage === "UNWOUND") expect(Math.max(...nets), `seed ${seed}`).toBe(0);
      else {
        expect(walk.list.stage, `seed ${seed}`).toBe("FILLED");
        const perSet = walk.list.legs.map((each) => each.quantityUnits / walk.list.sets);
        const sets = new Set(nets.map((net, index) => net / (perSet[index] ?? 1)));
        expect(sets.size, `seed ${seed}: ${nets}`).toBe(1);
      }
    }
    // Both ends are really walked to.
    expect(ends.get("FILLED")).toBeGreaterThan(80);
    expect(ends.get("UNWOUND")).toBeGreaterThan(80);
  });
});

function someList(random: Seeded): OrderList {
  const sets = 1 + random.below(4);
  const shapes: readonly (readonly ListLeg[])[] = [
    ironFly(75 * sets),
    [leg("BUY", option("CALL", 24_700), 75 * sets), leg("SELL", option("CALL", 24_500), 75 * sets)],
    [
      leg("BUY", option("PUT", 24_000), 150 * sets),
      leg("SELL", option("PUT", 24_400), 75 * sets),
      leg("SELL", option("PUT", 24_300), 75 * sets),
    ],
    // So large that each leg has slices.
    ironFly(1_875 * sets),
  ];
  return aList({ sets, legs: random.pick(shapes), onIncomplete: random.chance(0.5) ? "UNWIND" : "KEEP_RATIO" });
}

/** Something happens to an order that is under way, or time passes. */
function move(walk: Walk, random: Seeded, trouble: number): void {
  if (random.chance(0.1)) walk.now += random.below(3_000);
  const name = walk.open.length === 0 ? null : random.pick(walk.open);
  if (name === null) return;
  const lots = walk.child(name).quantityUnits / 75;
  const isCanceling = walk.child(name).status === "PENDING_CANCEL";
  if (isCanceling && random.chance(0.5)) walk.end(name);
  else if (random.chance(trouble / 2)) walk.end(name, random.pick(["CANCELED", "REJECTED", "EXPIRED"]));
  else walk.fill(name, random.chance(0.5) ? 75 * lots : 75 * (1 + random.below(lots)));
}

describe("a sliced order", () => {
  const sliced = (units: number): Walk =>
    started({
      kind: "SLICED",
      structure: null,
      stage: "WORKING",
      completeByMs: null,
      listId: id("big"),
      legs: [leg("BUY", NIFTY_CALL, units)],
    });

  it("sends its slices one after the other and is filled when all are", () => {
    const walk = sliced(4_500);
    expect(walk.open).toEqual(["big_split_1"]);
    walk.fill("big_split_1");
    walk.step();
    expect(walk.open).toEqual(["big_split_2"]);
    walk.fill("big_split_2");
    walk.step();
    expect(walk.child("big_split_3").quantityUnits).toBe(900);
    walk.fill("big_split_3");
    walk.step();
    expect(walk.list.stage).toBe("FILLED");
    expect(parentStatus(4_500, walk.children, true)).toBe("FILLED");
  });

  it("asks again for a slice the venue has turned down, three times, and goes on with the next", () => {
    const walk = sliced(2_000 - (2_000 % 75));
    for (const name of ["big_split_1", "big_split_1_r1", "big_split_1_r2", "big_split_1_r3"]) {
      expect(walk.open).toEqual([name]);
      walk.end(name, "REJECTED");
      walk.step();
    }
    expect(walk.open).toEqual(["big_split_2"]);
    walk.fill("big_split_2");
    walk.step();
    expect(walk.list.stage).toBe("ENDED");
    expect(parentStatus(1_950, walk.children, true)).toBe("PARTIALLY_FILLED");
  });

  it("does not ask again for what an IOC slice has left, and stops at a denial", () => {
    const walk = sliced(3_600);
    walk.fill("big_split_1", 75);
    walk.end("big_split_1");
    walk.step();
    expect(walk.open).toEqual(["big_split_2"]);
    walk.end("big_split_2", "DENIED");
    walk.step();
    expect(walk.list.stage).toBe("ENDED");
  });

  it("is REJECTED only when every child was", () => {
    const child = (status: Child["status"], filledUnits = 0): Child => ({
      clientOrderId: id("c"),
      legIndex: 0,
      side: "BUY",
      purpose: "ENTRY",
      quantityUnits: 75,
      filledUnits,
      status,
    });
    expect(parentStatus(150, [child("REJECTED"), child("REJECTED")], true)).toBe("REJECTED");
    expect(parentStatus(150, [child("REJECTED"), child("CANCELED")], true)).toBe("CANCELED");
    expect(parentStatus(150, [child("REJECTED"), child("FILLED", 75)], true)).toBe("PARTIALLY_FILLED");
    expect(parentStatus(150, [child("FILLED", 75), child("FILLED", 75)], true)).toBe("FILLED");
    expect(parentStatus(150, [child("DENIED")], true)).toBe("DENIED");
    expect(parentStatus(150, [child("EXPIRED")], true)).toBe("EXPIRED");
    expect(parentStatus(150, [child("SUBMITTED")], false)).toBe("SUBMITTED");
    expect(parentStatus(150, [child("ACCEPTED")], false)).toBe("ACCEPTED");
    expect(parentStatus(150, [child("PENDING_CANCEL")], false)).toBe("PENDING_CANCEL");
  });
});
