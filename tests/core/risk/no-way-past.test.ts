// No sequence of orders, slices, lists, modifications, fills, late news and changes of limits gets anything past a limit: seeded
// walks over one account, every entry that leaves held to all limits by a second bookkeeper.
import { describe, expect, it } from "vitest";
import type { Command, PriceView } from "../../../src/core/account/command.ts";
import { decide } from "../../../src/core/account/decide.ts";
import { evolve } from "../../../src/core/account/evolve.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import type { AccountLimits, LimitOverrides } from "../../../src/core/account/profile.ts";
import type { AccountState } from "../../../src/core/account/state.ts";
import { UNDERLYINGS } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs, MS_PER_MINUTE } from "../../../src/core/kernel/time.ts";
import { anAccount, aSignal, at, CONTRACTS, DATE, id, LIMITS } from "../../support/builders.ts";
import { isDue } from "../../support/due-triggers.ts";
import { LimitOracle } from "../../support/limit-oracle.ts";
import { Seeded } from "../../support/seeded.ts";
import { TinyVenue } from "../../support/tiny-venue.ts";
import { option } from "../order-list/list-fixtures.ts";

const CAPITAL = 1_00_000_00;
const ALL = [...CONTRACTS, option("CALL", 24_600), option("CALL", 24_700), option("PUT", 24_300)];
const SPOTS = { NIFTY50: paise(24_500_00), BANKNIFTY: paise(54_000_00), SENSEX: paise(80_000_00) };
const LAST_MS = at("15:05");

/** Several kinds of account, so that each limit is the one that binds in some walk. */
const limitsOf = (random: Seeded): AccountLimits => ({
  ...LIMITS,
  tradesPerDayMax: random.pick([3, 27, 216, 216]),
  tradesPerCycleMax: random.pick([2, 4, 60, 60]),
  openTradesMax: random.pick([2, 5, 30, 30]),
  dailyLossMaxPaise: paise(random.pick([400_00, 2_000_00, 60_000_00])),
  orderValueMaxPaise: paise(random.pick([8_000_00, 40_000_00, 1_00_000_00])),
  ...(random.chance(0.3) ? { openLotsMax: random.pick([2, 6, 40]) } : {}),
  ...(random.chance(0.3) ? { positionSizeMaxPaise: paise(random.pick([10_000_00, 50_000_00])) } : {}),
  ...(random.chance(0.3) ? { portfolioExposureMaxPaise: paise(random.pick([20_000_00, 1_20_000_00])) } : {}),
  ...(random.chance(0.3) ? { tradesPerDayByUnderlying: { NIFTY50: 4, SENSEX: 1 } } : {}),
  ...(random.chance(0.1) ? { allowedUnderlyings: ["NIFTY50" as const, "SENSEX" as const] } : {}),
});

class Walk {
  readonly random: Seeded;
  readonly oracle: LimitOracle;
  readonly venue = new TinyVenue();
  readonly mids = new Map<string, number>(ALL.map(({ instrumentId }) => [instrumentId, 50_00]));
  state: AccountState;
  now: EpochMs = at("09:32");
  serial = 0;
  /** Calm markets let many trades be made, wild ones bring the limits on losses. */
  readonly swing: number;
  entries = 0;

  constructor(seed: number) {
    this.random = new Seeded(seed);
    this.swing = this.random.pick([0.04, 0.04, 0.08]);
    const limits = limitsOf(this.random);
    const vixCenti = this.random.pick([1_200, 1_700, 2_500, null]);
    this.state = anAccount({ capitalPaise: paise(CAPITAL), limits, vixCenti }).state;
    this.oracle = new LimitOracle({ limits, overrides: {}, capital: CAPITAL });
    this.oracle.window(vixCenti, null);
  }

  view(instrumentId: PriceView["instrumentId"]): PriceView {
    const mid = this.mids.get(instrumentId) ?? 50_00;
    const contract = ALL.find((one) => one.instrumentId === instrumentId);
    return {
      instrumentId,
      bidPaise: paise(mid - 5),
      askPaise: paise(mid + 5),
      lastPaise: paise(mid),
      quotedAtMs: this.now,
      staleAfterMs: 120_000,
      spotPaise: contract === undefined ? null : SPOTS[contract.underlying],
      ivBps: 1_200,
    };
  }

  get views(): readonly PriceView[] {
    return ALL.map(({ instrumentId }) => this.view(instrumentId));
  }

  command(command: Command): void {
    const decision = decide(this.state, command);
    if (!decision.ok) return;
    for (const event of decision.value) {
      this.state = evolve(this.state, event);
      if (event.type === "ORDER_SUBMITTED" && event.terms.purpose === "ENTRY") this.entries += 1;
      this.oracle.take(event, this.views);
    }
    for (const order of outstandingWork(this.state).submit) this.venue.submit(order, this.now);
    for (const order of outstandingWork(this.state).replace) this.venue.replace(order, this.now);
    for (const { clientOrderId } of outstandingWork(this.state).cancel) {
      if (this.random.chance(0.7)) this.venue.end(clientOrderId, "CANCELED", this.now);
    }
  }

  /** The feed fires what is due, until nothing is. */
  fire(): void {
    for (let round = 0; round < 20; round += 1) {
      const fired = Object.values(this.state.openTrades).flatMap(({ position: { contract }, triggers }) => {
        const price = this.view(contract.instrumentId);
        return triggers.filter((one) => isDue(one, price, this.now)).map(({ triggerId }) => ({ triggerId, price }));
      });
      if (fired.length === 0) return;
      this.command({ type: "FIRE_TRIGGERS", atMs: this.now, fired, prices: this.views });
    }
  }

  step(): void {
    const { random } = this;
    const waitMs = random.pick([0, 0, 40, 150, 900, 20_000, 3 * MS_PER_MINUTE]);
    this.now = epochMs(Math.min(LAST_MS, this.now + waitMs));
    const step = random.pick(STEPS);
    step(this);
    this.fire();
  }
}

const request = ({ random, serial, mids, state }: Walk, purpose: "ANY" | "BUY") => {
  const isSale = purpose === "ANY" && random.chance(0.3);
  const held = Object.values(state.openTrades).map(({ position }) => position.contract);
  const contract = random.pick(isSale && held.length > 0 && random.chance(0.8) ? held : ALL);
  const mid = mids.get(contract.instrumentId) ?? 50_00;
  const isMarket = random.chance(0.3);
  const lots = random.pick([1, 1, 1, 2, 3, 8, 24, 30]);
  return {
    clientOrderId: id(`api-${serial}`),
    contract,
    side: isSale ? ("SELL" as const) : ("BUY" as const),
    type: isMarket ? ("MARKET" as const) : ("LIMIT" as const),
    timeInForce: random.chance(0.3) ? ("IOC" as const) : ("DAY" as const),
    product: "INTRADAY" as const,
    quantityUnits: lots * contract.lotSize,
    limitPricePaise: isMarket ? null : paise(Math.max(5, mid + 5 * (random.below(60) - 30))),
    ...(random.chance(0.3) ? { takeWhatFits: true } : {}),
  };
};

function order(walk: Walk, purpose: "ANY" | "BUY" = "ANY"): void {
  walk.serial += 1;
  const asked = request(walk, purpose);
  walk.command({ type: "SUBMIT_ORDER", atMs: walk.now, request: asked, price: walk.view(asked.contract.instrumentId) });
}

function burst(walk: Walk): void {
  for (let count = 0; count < 14; count += 1) order(walk, "BUY");
}

/** A vertical, and sometimes the wrong way round or too many of it. */
function list(walk: Walk): void {
  walk.serial += 1;
  const [near, far] = [option("CALL", 24_600), option("CALL", 24_700)];
  const isCredit = walk.random.chance(0.5);
  const legs = [
    { contract: far, side: isCredit ? ("BUY" as const) : ("SELL" as const), ratio: 1, limitPricePaise: null },
    { contract: near, side: isCredit ? ("SELL" as const) : ("BUY" as const), ratio: 1, limitPricePaise: null },
  ];
  walk.command({
    type: "SUBMIT_LIST",
    atMs: walk.now,
    prices: walk.views,
    request: {
      listId: id(`list-${walk.serial}`),
      structure: "VERTICAL",
      sets: walk.random.pick([1, 2, 5]),
      legs,
      completeWithinMs: 10_000,
      onIncomplete: walk.random.pick(["UNWIND", "KEEP_RATIO"]),
      timeExitMs: null,
      request: `list-${walk.serial}`,
    },
  });
}

function modify(walk: Walk): void {
  const resting = walk.venue.working
    .flatMap((clientOrderId) => walk.state.orders[clientOrderId] ?? [])
    .filter((sent) => sent.timeInForce === "DAY" && sent.venueOrderId !== null);
  if (resting.length === 0) return;
  const sent = walk.random.pick(resting);
  const { clientOrderId } = sent;
  walk.serial += 1;
  const { lotSize, instrumentId } = sent.contract;
  const price = walk.view(instrumentId);
  const changes = {
    ...(walk.random.chance(0.7) ? { quantityUnits: walk.random.pick([1, 2, 6, 20]) * lotSize } : {}),
    ...(walk.random.chance(0.5)
      ? { limitPricePaise: paise((price.lastPaise ?? 5_000) + 5 * walk.random.below(40)) }
      : {}),
  };
  walk.command({ type: "MODIFY_ORDER", atMs: walk.now, clientOrderId, modifyId: `m-${walk.serial}`, changes, price });
}

function deal(walk: Walk): void {
  for (const clientOrderId of walk.venue.working) {
    const sent = walk.state.orders[clientOrderId];
    if (sent === undefined || walk.random.chance(0.4)) continue;
    const { bidPaise, askPaise } = walk.view(sent.contract.instrumentId);
    const touch = (sent.side === "BUY" ? askPaise : bidPaise) ?? 0;
    walk.venue.deal(clientOrderId, walk.random.pick([1, 2, 50]), touch, walk.now);
    const ends = sent.timeInForce === "IOC" || walk.random.chance(0.1);
    if (ends) walk.venue.end(clientOrderId, walk.random.pick(["CANCELED", "EXPIRED"]), walk.now);
  }
}

function tell(walk: Walk): void {
  const reports = [];
  for (let count = walk.random.below(12); count > 0; count -= 1) {
    const index = walk.random.below(6);
    const report = walk.random.chance(0.2) ? walk.venue.tell(index) : walk.venue.tellInOrder(index);
    if (report !== null) reports.push(report);
  }
  const repeated = walk.random.chance(0.3) ? [...reports, ...walk.venue.told.slice(-4)] : reports;
  walk.command({ type: "APPLY_REPORTS", atMs: walk.now, reports: repeated });
}

function windowOf(walk: Walk): void {
  const { random, now } = walk;
  const cycleId = `${DATE}-C${String(1 + Math.floor((now - at("09:15")) / (15 * MS_PER_MINUTE))).padStart(2, "0")}`;
  const vixCenti = random.pick([1_200, 1_700, 2_500, null]);
  const confidenceBps = random.pick([4_000, 6_500, 8_500]);
  const signals = UNDERLYINGS.map((underlying) => {
    const base = aSignal();
    const contract = random.pick(ALL.filter((one) => one.underlying === underlying));
    return aSignal({
      signalId: `${cycleId}/${underlying}`,
      cycleId,
      underlying,
      confidenceBps,
      direction: contract.optionType === "CALL" ? "BULLISH" : "BEARISH",
      choice: base.choice && { ...base.choice, contract },
      expiresAtMs: epochMs(now + 20 * MS_PER_MINUTE),
    });
  });
  walk.serial += 1;
  const jobKey = `RUN_WINDOW/${DATE}/${walk.serial}`;
  const window = random.pick([1, 2, 3] as const);
  walk.oracle.window(vixCenti, confidenceBps);
  walk.command({ type: "RUN_WINDOW", atMs: now, jobKey, cycleId, window, vixCenti, signals, prices: walk.views });
}

function move(walk: Walk): void {
  for (const { instrumentId } of ALL) {
    if (walk.random.chance(0.5)) continue;
    const mid = walk.mids.get(instrumentId) ?? 50_00;
    const moved = Math.round((mid * (0.98 + walk.random.next() * walk.swing)) / 5) * 5;
    walk.mids.set(instrumentId, Math.min(90_00, Math.max(20_00, moved)));
  }
}

function changeLimits(walk: Walk): void {
  const limits = limitsOf(walk.random);
  const overrides: LimitOverrides = walk.random.chance(0.5)
    ? {}
    : { openTradesMax: 2, orderValueMaxPaise: paise(9_000_00) };
  const command = { type: "CHANGE_LIMITS", atMs: walk.now, limits, overrides, prices: walk.views } as const;
  if (!decide(walk.state, command).ok) return;
  walk.oracle.account = { ...walk.oracle.account, limits, overrides };
  walk.command(command);
}

function changeKyc(walk: Walk): void {
  const isVerified = walk.random.chance(0.9);
  walk.oracle.isVerified = isVerified;
  const state = isVerified ? "VERIFIED" : "EXPIRED";
  walk.command({ type: "CHANGE_KYC", atMs: walk.now, kyc: { state, source: "OPERATOR", changedAtMs: walk.now } });
}

function ban(walk: Walk): void {
  const symbol = walk.random.pick([...UNDERLYINGS, null, null, null, null]);
  walk.oracle.banned = symbol === null ? [] : [symbol];
  walk.serial += 1;
  const said = { restrictionId: "r", source: "SEBI", type: "BAN", from: DATE, to: null, message: "ban" } as const;
  const restrictions = symbol === null ? [] : [{ ...said, symbol }];
  const jobKey = `RESTRICTIONS/${DATE}/${walk.serial}`;
  walk.command({ type: "CHANGE_RESTRICTIONS", atMs: walk.now, jobKey, date: DATE, restrictions });
}

function halt(walk: Walk): void {
  if (walk.random.chance(0.9)) return;
  walk.oracle.isHalted = true;
  walk.command({ type: "HALT", atMs: walk.now, reason: "test", prices: walk.views });
}

function resume(walk: Walk): void {
  const command = { type: "RESUME", atMs: walk.now } as const;
  if (!decide(walk.state, command).ok) return;
  walk.command(command);
  walk.oracle.isHalted = walk.state.tradingState === "HALTED";
}

const often = <T>(times: number, one: T): readonly T[] => Array.from({ length: times }, () => one);
const STEPS: readonly ((walk: Walk) => void)[] = [
  ...often(10, order),
  burst,
  ...often(2, list),
  ...often(6, modify),
  ...often(8, deal),
  ...often(8, tell),
  ...often(2, windowOf),
  ...often(3, move),
  changeLimits,
  changeKyc,
  ban,
  halt,
  ...often(3, resume),
];

const SEEDS = Number(process.env["LIMIT_WALKS"] ?? 40);
const STEPS_EACH = 160;

describe("every limit of an account", () => {
  it("holds under any sequence of orders, fills, modifications, lists and changes of limits", {
    timeout: 600_000,
  }, () => {
    const bound = new Set<string>();
    let entries = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const walk = new Walk(seed);
      for (let count = 0; count < STEPS_EACH && walk.oracle.breaches.length === 0; count += 1) walk.step();
      walk.oracle.checkRate();
      expect(walk.oracle.breaches, `seed ${seed}`).toEqual([]);
      for (const name of walk.oracle.bound) bound.add(name);
      entries += walk.entries;
    }
    // The walks come near every limit, or they would prove nothing.
    expect([...bound].sort()).toEqual([
      "buying power",
      "daily loss",
      "lots of an index",
      "lots of an order",
      "open trades",
      "order value",
      "portfolio exposure",
      "position size",
      "trades of the cycle",
      "trades of the day",
      "trades of the index",
    ]);
    expect(entries).toBeGreaterThan(10 * SEEDS);
  });
});
