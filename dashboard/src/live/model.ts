// What the screen shows, as signals. The wire adapters fill it; the components only read it. Amounts are whole paise.
import { computed, signal } from "@preact/signals";

export type LinkState = "CONNECTING" | "LIVE" | "LOST";

export const UNDERLYINGS = ["NIFTY50", "BANKNIFTY", "SENSEX"] as const;
export type Underlying = (typeof UNDERLYINGS)[number];

export interface SessionModel {
  readonly status: string;
  readonly mode: string;
  readonly date: string | null;
  readonly nowMs: number | null;
  /** Wall instant at which `nowMs` held. */
  readonly receivedMs: number;
  readonly speed: number | null;
  readonly cycle: number | null;
  readonly phase: string;
  readonly openMs: number | null;
  readonly closeMs: number | null;
  readonly failure: string | null;
}

export interface PriceModel {
  readonly bidPaise: number | null;
  readonly askPaise: number | null;
  readonly lastPaise: number | null;
  readonly quotedAtMs: number;
}

export interface MarketModel {
  readonly spotPaise: number | null;
  readonly previousClosePaise: number | null;
  readonly atMs: number | null;
  readonly coverage: string;
  readonly closes: readonly number[];
}

/** The options a neutral view is traded with; amounts of one set. */
export interface StructureModel {
  readonly template: string;
  readonly legs: readonly { readonly side: string; readonly instrumentId: string }[];
  readonly creditPaise: number | null;
  readonly lossMaxPaise: number | null;
}

export interface SignalModel {
  readonly direction: string;
  readonly confidence: number;
  readonly reason: string;
  readonly contract: string | null;
  readonly structure: StructureModel | null;
  readonly modelled: boolean;
  readonly cycle: string;
  readonly atMs: number;
}

export interface PositionModel {
  readonly instrumentId: string;
  readonly underlying: string;
  readonly units: number;
  readonly costPaise: number;
  readonly averagePaise: number | null;
  readonly openedAtMs: number;
  readonly stopPaise: number | null;
  readonly targetPaise: number | null;
  /** Where parts of it go before that, the nearest first. */
  readonly parts: readonly { readonly pricePaise: number | null; readonly lots: number }[];
  /** Where the stop is tightened next. */
  readonly tightensPaise: number | null;
  readonly timeExitAt: string | null;
}

/** An exit of several positions together; its levels are results. */
export interface ExitGroupModel {
  readonly groupId: string;
  readonly covers: string;
  readonly stopPaise: number | null;
  readonly targetPaise: number | null;
  readonly isLeaving: boolean;
}

export interface VixDecisionModel {
  readonly guideline: number;
  readonly decision: string;
  readonly adaptiveMax: number;
  readonly remaining: number;
  readonly allocation: Readonly<Record<string, number>>;
  readonly reason: string;
}

export interface AccountModel {
  readonly accountId: string;
  readonly displayName: string;
  readonly category: string;
  readonly capitalPaise: number;
  readonly cashPaise: number;
  readonly savingsPaise: number;
  readonly realisedPaise: number;
  readonly chargesPaise: number;
  readonly dayStatus: string;
  readonly tradingState: string;
  readonly haltReason: string | null;
  /** Circuit breakers that are not armed. */
  readonly breakers: readonly BreakerSign[];
  readonly positions: readonly PositionModel[];
  readonly exitGroups: readonly ExitGroupModel[];
  readonly capacity: number;
  readonly vix: number | null;
  /** What VIX and confidence made of the day's trades in the last window; null before the first. */
  readonly vixDecision: VixDecisionModel | null;
  /** The exit group that has ended the day for entries; null while none has. */
  readonly endedBy: string | null;
  readonly tradesUsed: number;
  readonly tradesMax: number;
  readonly openTrades: number;
  readonly openTradesMax: number;
  readonly dailyLossMaxPaise: number;
  readonly settlement: SettlementModel | null;
}

export interface SettlementModel {
  readonly stage: string;
  readonly lines: readonly { readonly label: string; readonly paise: number; readonly total?: boolean }[];
}

export interface OrderModel {
  readonly clientOrderId: string;
  readonly atMs: number;
  readonly side: string;
  readonly instrumentId: string;
  readonly units: number;
  readonly filledUnits: number;
  readonly pricePaise: number | null;
  readonly status: string;
  readonly purpose: string;
  readonly note: string;
}

export interface NoticeModel {
  readonly id: string;
  readonly atMs: number;
  readonly title: string;
  readonly body: string;
  readonly priority: string;
}

export const session = signal<SessionModel | null>(null);
export const account = signal<AccountModel | null>(null);
export const markets = signal<Readonly<Partial<Record<Underlying, MarketModel>>>>({});
export const prices = signal<ReadonlyMap<string, PriceModel>>(new Map());
export const signals = signal<Readonly<Partial<Record<Underlying, SignalModel>>>>({});
export const orders = signal<readonly OrderModel[]>([]);
export const notices = signal<readonly NoticeModel[]>([]);
export const links = signal<Readonly<Record<string, LinkState>>>({});
export const problem = signal<string | null>(null);

/** Points of the day's P&L: [market ms, paise]. */
export const curve = signal<readonly (readonly [number, number])[]>([]);

/** A contract far from the money is quoted to us only while it is held: an older quote than this says nothing of it. */
const QUOTE_BEFORE_ENTRY_MAX_MS = 20 * 60_000;

/** What a position could be left at now: the bid of a long, the ask of a short, else its last price. */
export const exitPricePaise = (position: PositionModel): number | null => {
  const price = prices.value.get(position.instrumentId);
  if (price === undefined || price.quotedAtMs < position.openedAtMs - QUOTE_BEFORE_ENTRY_MAX_MS) return null;
  return (position.units < 0 ? price.askPaise : price.bidPaise) ?? price.lastPaise;
};

export const unrealisedOf = (position: PositionModel): number | null => {
  const price = exitPricePaise(position);
  return price === null ? null : price * position.units - position.costPaise;
};

export const unrealisedPaise = computed(() =>
  (account.value?.positions ?? []).reduce((sum, position) => sum + (unrealisedOf(position) ?? 0), 0),
);

/** Realised and open, after accrued charges. */
export const dayPaise = computed(() => {
  const view = account.value;
  return view === null ? null : view.realisedPaise - view.chargesPaise + unrealisedPaise.value;
});

export const linkState = computed<LinkState>(() => {
  const states = Object.values(links.value);
  if (states.length === 0 || states.includes("CONNECTING")) return "CONNECTING";
  return states.includes("LOST") ? "LOST" : "LIVE";
});

/** The market instant now: between two frames it runs on at the session's speed. */
export function marketNowMs(wallMs: number): number | null {
  const view = session.value;
  if (view === null || view.nowMs === null) return null;
  if (view.status !== "RUNNING" || view.speed === null) return view.nowMs;
  return view.nowMs + Math.min(2_000, Math.max(0, wallMs - view.receivedMs)) * view.speed;
}

/** One stop as the dashboard shows it. */
export interface BreakerSign {
  readonly scope: string;
  readonly status: string;
  readonly causes: readonly { readonly cause: string; readonly detail: string }[];
  readonly checks: number;
  readonly provenFlatAt: string | null;
}
