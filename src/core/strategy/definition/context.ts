// What a strategy is shown when it decides, and what it answers. Plain data in and out: the same context gives the same intent in
// the live account, in a replay and in a backtest.

import type { ReentryMode } from "../../account/reentry.ts";
import type { OptionContract, Underlying } from "../../instrument/contract.ts";
import type { Paise } from "../../kernel/money.ts";
import type { EpochMs, MarketDate } from "../../kernel/time.ts";
import type { HeldQuote } from "../../market/market-event.ts";
import type { OrderSide } from "../../order/order.ts";
import type { Structure } from "../../order-list/order-list.ts";
import type { Signal } from "../../prediction/signal.ts";

/** Figures by name as of the last completed bar, and as of the one before. Null: not available. */
export interface FigureRow {
  readonly names: readonly string[];
  readonly now: readonly (number | null)[];
  readonly before: readonly (number | null)[];
}

/** What one underlying shows at one moment, the same for everybody. */
export interface MarketContext {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly closeMs: EpochMs;
  readonly spotPaise: Paise;
  readonly vixCenti: number | null;
  readonly atrPaise: Paise | null;
  readonly figures: FigureRow;
  readonly signal: Signal | null;
  readonly quotes: readonly HeldQuote[];
  /** Of the quotes, where they are known without going through them. */
  readonly expiries?: readonly MarketDate[] | undefined;
  readonly staleAfterMs: number;
}

/** What the instance holds or has on its way. */
export interface HeldByStrategy {
  readonly openedAtMs: EpochMs;
  /** Name of the entry that opened it; null where nobody knows any more. */
  readonly entry: string | null;
  /** What leaving it now would bring over what it cost, before charges; null where a part of it has no price. */
  readonly resultPaise: Paise | null;
}

export interface StrategyContext extends MarketContext {
  readonly position: HeldByStrategy | null;
  readonly entriesToday: number;
  readonly lastEntryMs: EpochMs | null;
}

/** Distances of one leg in paise of premium, whole ticks; null stands for none. */
export interface LegPlan {
  readonly stopPaise: Paise | null;
  readonly targetPaise: Paise | null;
  readonly trail: { readonly distancePaise: Paise; readonly stepPaise: Paise } | null;
  readonly reentry: {
    readonly mode: ReentryMode;
    readonly times: number;
    readonly waitMs: number;
    readonly momentumPaise: Paise;
  } | null;
}

export interface ChosenLeg {
  readonly contract: OptionContract;
  readonly side: OrderSide;
  readonly ratio: number;
  /** What it is expected to deal at: the touch it trades against, or the last price. */
  readonly pricePaise: Paise;
  readonly deltaBps: number | null;
  readonly plan: LegPlan | null;
}

/** A result of the whole position for one set of legs, or a share of the capital; the account makes it money. */
export interface ResultLevel {
  readonly unit: "PAISE" | "CAPITAL_BPS" | "PAISE_PER_SET";
  readonly value: number;
}

export interface PositionPlan {
  readonly stop: ResultLevel | null;
  readonly target: ResultLevel | null;
  readonly trail: { readonly distance: ResultLevel; readonly step: ResultLevel } | null;
}

export type SizingWish =
  | { readonly by: "LOTS"; readonly lots: number }
  | { readonly by: "CAPITAL_BPS"; readonly bps: number }
  | { readonly by: "RISK_BPS"; readonly bps: number }
  | { readonly by: "ALLOCATION" };

export type StrategyIntent =
  | {
      readonly action: "ENTER";
      readonly entry: string;
      readonly structure: Structure;
      readonly legs: readonly ChosenLeg[];
      readonly plan: PositionPlan | null;
      readonly sizing: SizingWish;
      /** When everything is left, whatever it is worth; null leaves it to the close of the day. */
      readonly timeExitMs: EpochMs | null;
      readonly reason: string;
    }
  | { readonly action: "EXIT"; readonly reason: string }
  | { readonly action: "HOLD"; readonly reason: string };
