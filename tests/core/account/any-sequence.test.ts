// Whatever is asked of an account in whatever order, with a venue that repeats, overtakes and speaks late: nothing throws, every
// state is sound, money reconciles to the paisa, what is repeated does nothing, and the day can be brought to its end.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Command, PriceView } from "../../../src/core/account/command.ts";
import { decide } from "../../../src/core/account/decide.ts";
import { chargesOf } from "../../../src/core/account/decide-day.ts";
import { isFlat } from "../../../src/core/account/evolve.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs } from "../../../src/core/kernel/time.ts";
import { exposureOf } from "../../../src/core/risk/exposure.ts";
import {
  type AccountUnderTest,
  anAccount,
  aSignal,
  at,
  BANKNIFTY_CALL,
  CONTRACTS,
  DATE,
  id,
  LIMITS,
  NIFTY_CALL,
  NIFTY_PUT,
  SENSEX_CALL,
  transferUpdate,
} from "../../support/builders.ts";
import { isDue } from "../../support/due-triggers.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";
import { TinyVenue } from "../../support/tiny-venue.ts";

type Action =
  | {
      readonly do: "window";
      readonly directions: readonly number[];
      readonly cycle: number;
      readonly window: 1 | 2 | 3;
    }
  | {
      readonly do: "order";
      readonly id: number;
      readonly contract: number;
      readonly isBuy: boolean;
      readonly lots: number;
      readonly isMarket: boolean;
      readonly offTicks: number;
      readonly isIoc: boolean;
    }
  | { readonly do: "cancel"; readonly id: number }
  | {
      readonly do: "venue";
      readonly pick: number;
      readonly lots: number;
      readonly ending: "NOTHING" | "CANCELED" | "EXPIRED";
    }
  | { readonly do: "reject" }
  | { readonly do: "tell"; readonly indices: readonly number[]; readonly repeat: boolean }
  | { readonly do: "move"; readonly contract: number; readonly bps: number }
  | { readonly do: "limits"; readonly tradesPerDayMax: number; readonly lossRupees: number }
  | { readonly do: "halt" }
  | { readonly do: "resume" }
  | { readonly do: "stale" };

const small = (max: number) => fc.integer({ min: 0, max });
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("window" as const),
      directions: fc.array(small(3), { minLength: 3, maxLength: 3 }),
      cycle: small(20),
      window: fc.constantFrom(1 as const, 2 as const, 3 as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("order" as const),
      id: small(12),
      contract: small(3),
      isBuy: fc.boolean(),
      lots: fc.integer({ min: 1, max: 6 }),
      isMarket: fc.boolean(),
      offTicks: fc.integer({ min: -20, max: 20 }),
      isIoc: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), id: small(12) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("venue" as const),
      pick: small(5),
      lots: small(4),
      ending: fc.constantFrom("NOTHING" as const, "CANCELED" as const, "EXPIRED" as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "reject" as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("tell" as const),
      indices: fc.array(small(8), { maxLength: 6 }),
      repeat: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("move" as const),
      contract: small(3),
      bps: fc.integer({ min: -3_000, max: 3_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("limits" as const), tradesPerDayMax: small(30), lossRupees: small(8_000) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "halt" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "resume" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "stale" as const }) },
);

class Run {
  readonly account: AccountUnderTest;
  readonly venue = new TinyVenue();
  readonly prices = new Map(CONTRACTS.map((contract) => [contract.instrumentId, 5_000]));
  now: EpochMs = at("09:32");

  constructor() {
    this.account = anAccount({ capitalPaise: paise(1_00_000_00) });
  }

  /** Carries a command out twice: the second time nothing is left to do. Refusals change nothing. */
  command(command: Command): void {
    this.now = epochMs(this.now + 1_000);
    const decision = decide(this.account.state, command);
    if (!decision.ok) return;
    this.account.do(command);
    const again = decide(this.account.state, command);
    const isReuse = decision.value.some(
      (event) => event.type === "ORDER_DENIED" && event.denial.code === "CLIENT_ORDER_ID_REUSED",
    );
    if (!isReuse) expect(again, `${command.type} again`).toEqual({ ok: true, value: [] });
    this.handOver();
  }

  /** What the shell does after every command. */
  handOver(): void {
    const work = outstandingWork(this.account.state);
    for (const order of work.submit) this.venue.submit(order, this.now);
    for (const order of work.cancel) {
      if (order.quantityUnits % 2 === 1) this.venue.end(order.clientOrderId, "CANCELED", this.now);
    }
  }

  viewOf(instrumentId: (typeof CONTRACTS)[number]["instrumentId"]): PriceView {
    const mid = this.prices.get(instrumentId) ?? 5_000;
    return {
      instrumentId,
      bidPaise: paise(Math.max(5, mid - 5)),
      askPaise: paise(mid + 5),
      lastPaise: paise(mid),
      quotedAtMs: this.now,
      staleAfterMs: 120_000,
    };
  }

  get views(): readonly PriceView[] {
    return CONTRACTS.map(({ instrumentId }) => this.viewOf(instrumentId));
  }

  act(action: Action): void {
    switch (action.do) {
      case "window": {
        const cycleId = `${DATE}-C${String(action.cycle).padStart(2, "0")}`;
        const choices = [
          [NIFTY_CALL, NIFTY_PUT],
          [BANKNIFTY_CALL, NIFTY_PUT],
          [SENSEX_CALL, NIFTY_PUT],
        ] as const;
        const signals = choices.map(([call, put], index) => {
          const direction =
            (["BULLISH", "BEARISH", "NEUTRAL", "NO_TRADE"] as const)[action.directions[index] ?? 3] ?? "NO_TRADE";
          const contract = direction === "BEARISH" ? put : call;
          const base = aSignal();
          return aSignal({
            signalId: `${cycleId}/${call.underlying}`,
            cycleId,
            underlying: call.underlying,
            direction,
            choice: base.choice && direction !== "NEUTRAL" ? { ...base.choice, contract } : null,
            expiresAtMs: epochMs(this.now + 3_000 * action.cycle),
          });
        });
        this.command({
          type: "RUN_WINDOW",
          atMs: this.now,
          jobKey: `W/${cycleId}/${action.window}`,
          cycleId,
          window: action.window,
          vixCenti: 1_400,
          signals,
          prices: this.views,
        });
        return;
      }
      case "order": {
        const contract = CONTRACTS[action.contract] ?? NIFTY_CALL;
        const mid = this.prices.get(contract.instrumentId) ?? 5_000;
        this.command({
          type: "SUBMIT_ORDER",
          atMs: this.now,
          price: this.viewOf(contract.instrumentId),
          request: {
            clientOrderId: id(`api-${action.id}`),
            contract,
            side: action.isBuy ? "BUY" : "SELL",
            type: action.isMarket ? "MARKET" : "LIMIT",
            timeInForce: action.isIoc ? "IOC" : "DAY",
            product: "INTRADAY",
            quantityUnits: action.lots * contract.lotSize,
            limitPricePaise: action.isMarket ? null : paise(mid + 5 * action.offTicks),
          },
        });
        return;
      }
      case "cancel":
        this.command({ type: "CANCEL_ORDER", atMs: this.now, clientOrderId: id(`api-${action.id}`) });
        return;
      case "venue": {
        const working = this.venue.working[action.pick % Math.max(1, this.venue.working.length)];
        const order = working === undefined ? undefined : this.account.state.orders[working];
        if (working === undefined || order === undefined) return;
        const view = this.viewOf(order.contract.instrumentId);
        const price = (order.side === "BUY" ? view.askPaise : view.bidPaise) ?? 0;
        this.venue.deal(working, action.lots, price, this.now);
        if (action.ending !== "NOTHING") this.venue.end(working, action.ending, this.now);
        return;
      }
      case "reject":
        for (const order of outstandingWork(this.account.state).submit) this.venue.reject(order, this.now);
        return;
      case "tell": {
        const reports = action.indices.flatMap((index) => this.venue.tell(index) ?? []);
        const repeated = action.repeat ? [...reports, ...this.venue.told.slice(-3), ...reports] : reports;
        this.command({ type: "APPLY_REPORTS", atMs: this.now, reports: repeated });
        return;
      }
      case "move": {
        const { instrumentId } = CONTRACTS[action.contract] ?? NIFTY_CALL;
        const mid = this.prices.get(instrumentId) ?? 5_000;
        this.prices.set(instrumentId, Math.max(10, Math.round((mid * (10_000 + action.bps)) / 50_000) * 5));
        this.fireCrossed();
        return;
      }
      case "limits":
        this.command({
          type: "CHANGE_LIMITS",
          atMs: this.now,
          limits: {
            ...LIMITS,
            tradesPerDayMax: action.tradesPerDayMax,
            dailyLossMaxPaise: paise(action.lossRupees * 100),
          },
        });
        return;
      case "halt":
        this.command({ type: "HALT", atMs: this.now, reason: "test", prices: this.views });
        return;
      case "resume":
        this.command({ type: "RESUME", atMs: this.now });
        return;
      case "stale":
        this.command({
          type: "FIRE_TRIGGERS",
          atMs: this.now,
          fired: [{ triggerId: "long-gone", price: this.viewOf(NIFTY_CALL.instrumentId) }],
        });
        return;
    }
  }

  /** What the feed does: what has been reached fires, once. */
  fireCrossed(): void {
    const fired = Object.values(this.account.state.openTrades).flatMap(({ position, triggers }) => {
      const price = this.viewOf(position.contract.instrumentId);
      return triggers
        .filter((trigger) => isDue(trigger, price, this.now))
        .map(({ triggerId }) => ({ triggerId, price }));
    });
    if (fired.length > 0) this.command({ type: "FIRE_TRIGGERS", atMs: this.now, fired });
  }

  /** The venue deals what is given to it, ends the rest and tells everything. */
  drain(): void {
    for (const clientOrderId of this.venue.working) {
      const order = this.account.state.orders[clientOrderId];
      const view = order === undefined ? null : this.viewOf(order.contract.instrumentId);
      if (order !== undefined && order.purpose === "EXIT") {
        this.venue.deal(clientOrderId, 1_000, (order.side === "SELL" ? view?.bidPaise : view?.askPaise) ?? 0, this.now);
      }
      this.venue.end(clientOrderId, "CANCELED", this.now);
    }
    const reports = [];
    for (let report = this.venue.tell(0); report !== null; report = this.venue.tell(0)) reports.push(report);
    this.command({ type: "APPLY_REPORTS", atMs: this.now, reports });
  }

  finish(): void {
    this.now = at("15:15");
    this.command({ type: "ENTER_EXIT_ONLY", atMs: this.now, jobKey: "EXIT_ONLY" });
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      this.command({ type: "SQUARE_OFF", atMs: this.now, jobKey: `SQUARE_OFF/${attempt}`, prices: this.views });
      this.drain();
      this.fireCrossed();
      this.drain();
    }
    expect(isFlat(this.account.state)).toBe(true);
    this.command({ type: "SETTLE_PROVISIONAL", atMs: this.now, jobKey: "PROVISIONAL" });
    this.command({ type: "REQUEST_PUSH", atMs: this.now, jobKey: "PUSH" });
    for (const { transferId } of Object.values(this.account.state.transfers)) {
      this.command(transferUpdate(transferId, "COMPLETED", this.now));
    }
    const { day, orders } = this.account.state;
    const statement = {
      date: DATE,
      fills: 0,
      realisedPaise: day?.realisedPaise ?? paise(0),
      charges: chargesOf({ date: DATE }, Object.values(orders)),
    };
    this.command({ type: "SETTLE_FINAL", atMs: this.now, jobKey: "FINAL", statement });
    this.command({ type: "CLOSE_DAY", atMs: this.now, jobKey: "CLOSE" });
    expect(this.account.state.day?.status).toBe("CLOSED");
  }
}

describe("an account under any sequence of commands and reports", () => {
  it("never throws, stays sound, repeats nothing and closes its day with books that reconcile", {
    timeout: 30_000,
  }, () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 30, maxLength: 120, size: "max" }), (actions) => {
        const run = new Run();
        for (const each of actions) {
          run.act(each);
          const last = run.account.events.at(-1);
          if (last?.type !== "ORDER_SUBMITTED" || last.terms.purpose === "EXIT") continue;
          const { exposurePaise, exposureMaxPaise } = exposureOf(run.account.state);
          expect(exposurePaise).toBeLessThanOrEqual(exposureMaxPaise);
        }
        run.finish();
        expectSoundHistory(run.account.events, run.account.state);
      }),
      { numRuns: 150 },
    );
  });
});
