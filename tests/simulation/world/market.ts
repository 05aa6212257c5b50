// Prices. What the venue deals at is one thing and always sane; what the feed shows may be stale, frozen, crossed, empty or a
// hundred times too much.
import type { PriceView } from "../../../src/core/account/command.ts";
import type { InstrumentId, OptionContract, Underlying } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import { BANKNIFTY_CALL, NIFTY_CALL, NIFTY_PUT, SENSEX_CALL } from "../../support/builders.ts";
import type { World } from "./world.ts";

const other = (base: OptionContract, instrumentId: string, change: Partial<OptionContract>): OptionContract => ({
  ...base,
  ...change,
  instrumentId: instrumentId as InstrumentId,
});

export const CONTRACTS: readonly OptionContract[] = [
  NIFTY_CALL,
  NIFTY_PUT,
  BANKNIFTY_CALL,
  other(BANKNIFTY_CALL, "BANKNIFTY25SEP53900PE.NFO", { optionType: "PUT", strikePaise: paise(53_900_00) }),
  // A second strike each, so that one can cover the other.
  other(NIFTY_CALL, "NIFTY2590224600CE.NFO", { strikePaise: paise(24_600_00) }),
  other(NIFTY_PUT, "NIFTY2590224300PE.NFO", { strikePaise: paise(24_300_00) }),
  SENSEX_CALL,
  other(SENSEX_CALL, "SENSEX2590279900PE.BFO", { optionType: "PUT", strikePaise: paise(79_900_00) }),
];

const SPOT_PAISE = { NIFTY50: 24_450_00, BANKNIFTY: 53_950_00, SENSEX: 79_950_00 } as const;
const IV_BPS = 1_400;

export const STALE_AFTER_MS = 5_000;
const TICK = 5;

/** What is wrong with what the feed shows of one contract. */
export type Insanity = "STALE" | "FROZEN" | "CROSSED" | "ZERO" | "MISSING" | "TIMES_100" | "BY_100";
const INSANITIES: readonly Insanity[] = ["STALE", "FROZEN", "CROSSED", "ZERO", "MISSING", "TIMES_100", "BY_100"];

interface Quoted {
  readonly underlying: Underlying;
  midPaise: number;
  spreadPaise: number;
  movedAtMs: number;
  insanity: Insanity | null;
  insaneUntilMs: number;
  frozen: PriceView | null;
}

export class Market {
  readonly #world: World;
  readonly #quotes = new Map<InstrumentId, Quoted>();

  constructor(world: World) {
    this.#world = world;
    for (const { instrumentId, underlying } of CONTRACTS) {
      const midPaise = 200 + world.random.below(1_200) * TICK;
      this.#quotes.set(instrumentId, {
        underlying,
        midPaise,
        spreadPaise: 2 * TICK,
        movedAtMs: 0,
        insanity: null,
        insaneUntilMs: 0,
        frozen: null,
      });
    }
  }

  /** Moves every price. */
  tick(): void {
    const { random, nowMs } = this.#world;
    for (const quoted of this.#quotes.values()) {
      const jump = random.chance(0.01) ? 12 : 1;
      const bps = (random.below(121) - 60) * jump;
      quoted.midPaise = Math.max(20, Math.round((quoted.midPaise * (10_000 + bps)) / (10_000 * TICK)) * TICK);
      quoted.spreadPaise = 2 * TICK * (1 + random.below(quoted.midPaise > 1_000 ? 3 : 1));
      quoted.movedAtMs = nowMs;
    }
  }

  /** For a while the feed shows some contracts wrongly. */
  disturb(untilMs: number): void {
    for (const [instrumentId, quoted] of this.#quotes) {
      quoted.insanity = null;
      if (!this.#world.strikes("insaneQuote")) continue;
      quoted.frozen = this.view(instrumentId);
      quoted.insanity = this.#world.random.pick(INSANITIES);
      quoted.insaneUntilMs = untilMs;
      this.#world.trace(`feed shows ${instrumentId} ${quoted.insanity}`);
    }
  }

  insanityOf(instrumentId: InstrumentId): Insanity | null {
    const quoted = this.#of(instrumentId);
    return quoted.insaneUntilMs > this.#world.nowMs ? quoted.insanity : null;
  }

  /** Where one can really deal. */
  touch(instrumentId: InstrumentId): {
    readonly bidPaise: number;
    readonly askPaise: number;
    readonly midPaise: number;
  } {
    const { midPaise, spreadPaise } = this.#of(instrumentId);
    return { midPaise, bidPaise: Math.max(TICK, midPaise - spreadPaise / 2), askPaise: midPaise + spreadPaise / 2 };
  }

  /** What the feed shows. Null where it shows nothing. */
  view(instrumentId: InstrumentId): PriceView | null {
    const quoted = this.#of(instrumentId);
    const { bidPaise, askPaise, midPaise } = this.touch(instrumentId);
    const shown = (bid: number | null, ask: number | null, last: number | null, quotedAtMs: number): PriceView => ({
      instrumentId,
      bidPaise: bid === null ? null : paise(bid),
      askPaise: ask === null ? null : paise(ask),
      lastPaise: last === null ? null : paise(last),
      quotedAtMs: epochMs(quotedAtMs),
      staleAfterMs: STALE_AFTER_MS,
      spotPaise: paise(SPOT_PAISE[quoted.underlying]),
      ivBps: IV_BPS,
      // What the real feed knows of the quotes before; here they only ever creep.
      steady: { pricePaise: paise(midPaise), atMs: epochMs(quoted.movedAtMs) },
    });
    const { nowMs } = this.#world;
    switch (this.insanityOf(instrumentId)) {
      case "STALE":
        return quoted.frozen;
      // The price stands still while its time goes on.
      case "FROZEN":
        return quoted.frozen === null ? null : { ...quoted.frozen, quotedAtMs: epochMs(nowMs) };
      case "CROSSED":
        return shown(askPaise + 4 * TICK, bidPaise, midPaise, nowMs);
      case "ZERO":
        return shown(0, 0, 0, nowMs);
      case "MISSING":
        return null;
      case "TIMES_100":
        return shown(bidPaise * 100, askPaise * 100, midPaise * 100, nowMs);
      case "BY_100":
        return shown(TICK, 2 * TICK, TICK, nowMs);
      default:
        return shown(bidPaise, askPaise, midPaise, nowMs);
    }
  }

  #of(instrumentId: InstrumentId): Quoted {
    const quoted = this.#quotes.get(instrumentId);
    if (quoted === undefined) throw new Error(`no such contract: ${instrumentId}`);
    return quoted;
  }
}
