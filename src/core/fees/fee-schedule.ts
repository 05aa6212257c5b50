// The platform's fee ("Pulse fee") as data: what share of a positive profit it is, by category and by how long the account
// has been active, who receives it, and the GST on it. A schedule is chosen by name; v9 is the default (C-08).
import type { Category } from "../account/profile.ts";
import { daysBetween, type MarketDate } from "../kernel/time.ts";

export type FeeScheduleName = "v9" | "beta-2025";

/** A rate holds from that many days after the account's activation on. The first of a list starts at 0. */
export interface FeeRate {
  readonly fromDay: number;
  readonly rateBps: number;
}

export interface FeeParty {
  readonly party: string;
  readonly shareBps: number;
}

export interface FeeSchedule {
  readonly name: string;
  readonly rates: Readonly<Record<Category, readonly FeeRate[]>>;
  /** Who receives the fee; shares sum to 10,000 and the last party takes the remainder (C-14). */
  readonly parties: readonly FeeParty[];
  /** GST on the fee, a line of its own on top of it (C-09). */
  readonly gstBps: number;
}

/** The days after activation during which NGD accounts pay no fee (C-38). */
const NGD_FREE_DAYS = 365;
const GST_BPS = 1_800;

const flat = (rateBps: number): readonly FeeRate[] => [{ fromDay: 0, rateBps }];

export const FEE_SCHEDULES: Readonly<Record<FeeScheduleName, FeeSchedule>> = {
  v9: {
    name: "v9",
    rates: {
      NGD: [
        { fromDay: 0, rateBps: 0 },
        { fromDay: NGD_FREE_DAYS, rateBps: 1_000 },
      ],
      RESTRICTED: flat(3_000),
      SEMI_RESTRICTED: flat(1_500),
      REGULAR: flat(1_000),
      ADMIN: flat(3_000),
    },
    parties: [
      { party: "aurumharmony", shareBps: 7_000 },
      { party: "indic-lancers", shareBps: 2_000 },
      { party: "investors", shareBps: 750 },
      { party: "intermediaries", shareBps: 250 },
    ],
    gstBps: GST_BPS,
  },
  "beta-2025": {
    name: "beta-2025",
    rates: {
      NGD: flat(1_500),
      RESTRICTED: flat(3_000),
      SEMI_RESTRICTED: flat(1_250),
      // The beta knew no such category; it pays what v9 asks of it.
      REGULAR: flat(1_000),
      ADMIN: flat(3_000),
    },
    parties: [
      { party: "saffronbolt", shareBps: 7_000 },
      { party: "zenithpulse", shareBps: 3_000 },
    ],
    gstBps: GST_BPS,
  },
};

/** The fee rate × 10,000 of a category on a date. */
export function feeRateBps(
  schedule: FeeSchedule,
  category: Category,
  activatedOn: MarketDate,
  date: MarketDate,
): number {
  const activeDays = daysBetween(activatedOn, date);
  return schedule.rates[category].findLast((rate) => rate.fromDay <= Math.max(0, activeDays))?.rateBps ?? 0;
}
