// The scalars of the API: how money, instants, dates and ids are written on the wire, and how they are read from it.
import "@hono/zod-openapi";
import * as z from "zod";
import { CATEGORIES } from "../core/account/profile.ts";
import { type InstrumentId, UNDERLYINGS } from "../core/instrument/contract.ts";
import { formatRupees, type Paise, paise, parseRupees } from "../core/kernel/money.ts";
import {
  type EpochMs,
  epochMs,
  formatInstant,
  isMarketDate,
  type MarketDate,
  marketDate,
} from "../core/kernel/time.ts";
import type { ClientOrderId } from "../core/order/order.ts";

/** Money in answers: rupees as a decimal string with two places. */
export const Rupees = z.string().openapi("Rupees", {
  example: "1234.50",
  description: "Rupees as a decimal string with exactly two places; negative amounts begin with a minus sign.",
});

/** ₹100 crore: no sum of such amounts ever leaves exact arithmetic. */
const AMOUNT_MAX_PAISE = 1_00_00_00_000_00;
/** ₹2,00,000: above every index and every premium, and times the largest order far within exact arithmetic. */
export const PRICE_MAX_PAISE = 2_00_000_00;

/** Money in requests: read into whole paise, within bounds that a refusal names in words and as a figure. */
export const rupeesBetween = (minPaise: number, maxPaise: number) =>
  z
    .string()
    .regex(/^-?\d{1,15}(?:\.\d{1,2})?$/, "a decimal string of rupees with at most two places")
    .transform((text, ctx): Paise => {
      const parsed = parseRupees(text);
      if (parsed.ok && parsed.value >= minPaise && parsed.value <= maxPaise) return parsed.value;
      const isBelow = parsed.ok ? parsed.value < minPaise : text.startsWith("-");
      const limit = isBelow ? minPaise : maxPaise;
      const message = `at ${isBelow ? "least" : "most"} ${formatRupees(paise(limit))}`;
      ctx.addIssue({ code: "custom", message, params: { limit, unit: "PAISE" } });
      return z.NEVER;
    })
    .openapi({ type: "string", example: "1234.50" });

export const RupeesIn = rupeesBetween(-AMOUNT_MAX_PAISE, AMOUNT_MAX_PAISE);
export const NonNegativeRupeesIn = rupeesBetween(0, AMOUNT_MAX_PAISE);
export const PositiveRupeesIn = rupeesBetween(1, AMOUNT_MAX_PAISE);
/** The price of one unit, and distances between prices. */
export const PriceIn = rupeesBetween(1, PRICE_MAX_PAISE);
export const PriceOrZeroIn = rupeesBetween(0, PRICE_MAX_PAISE);

export const Instant = z.string().openapi("Instant", {
  format: "date-time",
  example: "2025-08-29T04:00:00.000Z",
  description: "RFC 3339, in UTC.",
});

export const MarketDateOut = z.string().openapi("MarketDate", {
  format: "date",
  example: "2025-08-29",
  description: "A date in Indian Standard Time.",
});

/** Options on these indices have been traded since 2001; instants and dates of this span never leave what a clock can say. */
const FIRST_DATE = marketDate("2000-01-01");
const LAST_DATE = marketDate("2099-12-31");
const FIRST_MS = epochMs(Date.parse(`${FIRST_DATE}T00:00:00Z`));
const LAST_MS = epochMs(Date.parse(`${LAST_DATE}T23:59:59Z`));

export const MarketDateIn = z
  .string()
  .refine(
    (text) => isMarketDate(text) && text >= FIRST_DATE && text <= LAST_DATE,
    `a date as YYYY-MM-DD, from ${FIRST_DATE} to ${LAST_DATE}`,
  )
  .transform((text) => text as MarketDate)
  .openapi({ type: "string", format: "date", example: "2025-08-29" });

/** Instants of persons and programs. */
export const InstantIn = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .refine(
    (at) => at >= FIRST_MS && at <= LAST_MS,
    `an instant from ${formatInstant(FIRST_MS)} to ${formatInstant(LAST_MS)}`,
  )
  .transform((at): EpochMs => at as EpochMs)
  .openapi({ type: "string", format: "date-time", example: "2025-08-29T09:30:00.000Z" });

export const UnderlyingName = z.enum(UNDERLYINGS).openapi("Underlying");
export const CategoryName = z.enum(CATEGORIES).openapi("Category");
export const Side = z.enum(["BUY", "SELL"]);

export const AccountId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}$/, "1 to 32 characters out of A-Z a-z 0-9 _ -")
  .openapi({ param: { name: "accountId", in: "path" }, example: "U001" });

/** What clients may name an order. Should it be a name the system would have given, the client's order keeps it. */
export const CLIENT_ORDER_ID = /^[A-Za-z0-9._:-]{1,64}$/;
export const ClientOrderIdIn = z
  .string()
  .regex(CLIENT_ORDER_ID, "1 to 64 characters out of A-Z a-z 0-9 . _ : -")
  .transform((text) => text as ClientOrderId)
  .openapi({ type: "string", example: "my-order-17" });

export const InstrumentIdIn = z
  .string()
  .regex(/^[A-Z0-9&.-]{1,40}$/, "an instrument id such as NIFTY2590224500CE.NFO")
  .transform((text) => text as InstrumentId)
  .openapi({ type: "string", example: "NIFTY2590224500CE.NFO" });

/** Instants of machines. */
export const EpochMsIn = z
  .number()
  .int()
  .min(FIRST_MS)
  .max(LAST_MS)
  .transform((value) => epochMs(value))
  .openapi({ type: "integer" });

/** Whole paise, for the machine-facing bodies of recorded sessions. */
export const PricePaiseIn = z
  .number()
  .int()
  .min(0)
  .max(PRICE_MAX_PAISE)
  .transform((value) => paise(value))
  .openapi({ type: "integer" });

export const rupees = (amount: number): string => formatRupees(paise(amount));
export const rupeesOrNull = (amount: number | null): string | null => (amount === null ? null : rupees(amount));
export const instant = (at: number): string => formatInstant(at as EpochMs);
export const instantOrNull = (at: number | null): string | null => (at === null ? null : instant(at));

export const DEFAULT_PAGE = 50;
export const PAGE_MAX = 200;

/** The paging parameters every list takes. */
export const Paging = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(PAGE_MAX)
    .default(DEFAULT_PAGE)
    .openapi({ description: `How many, at most ${PAGE_MAX}.` }),
  cursor: z.string().max(512).optional().openapi({ description: "`next` of the page before." }),
});

/** A page: `next` is the cursor of the page after it, or null at the end. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item), next: z.string().nullable() });
