// The scalars of the API: how money, instants, dates and ids are written on the wire, and how they are read from it.
import "@hono/zod-openapi";
import * as z from "zod";
import { CATEGORIES } from "../core/account/profile.ts";
import { type InstrumentId, UNDERLYINGS } from "../core/instrument/contract.ts";
import { formatRupees, type Paise, paise, parseRupees } from "../core/kernel/money.ts";
import { type EpochMs, epochMs, formatInstant, isMarketDate, type MarketDate } from "../core/kernel/time.ts";
import type { ClientOrderId } from "../core/order/order.ts";

/** Money in answers: rupees as a decimal string with two places. */
export const Rupees = z.string().openapi("Rupees", {
  example: "1234.50",
  description: "Rupees as a decimal string with exactly two places; negative amounts begin with a minus sign.",
});

/** Money in requests: read into whole paise. */
export const RupeesIn = z
  .string()
  .regex(/^-?\d{1,15}(?:\.\d{1,2})?$/, "a decimal string of rupees with at most two places")
  .transform((text, ctx): Paise => {
    const parsed = parseRupees(text);
    if (parsed.ok) return parsed.value;
    ctx.addIssue({ code: "custom", message: "too large an amount" });
    return z.NEVER;
  })
  .openapi({ type: "string", example: "1234.50" });

export const PositiveRupeesIn = RupeesIn.refine((amount) => amount > 0, "more than zero");
export const NonNegativeRupeesIn = RupeesIn.refine((amount) => amount >= 0, "not negative");
/** Balances and limits: ₹100 crore at most, so that no sum of them ever leaves exact arithmetic. */
export const BalanceIn = NonNegativeRupeesIn.refine((amount) => amount <= 1_00_00_00_000_00, "at most 1000000000.00");

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

export const MarketDateIn = z
  .string()
  .refine(isMarketDate, "a date as YYYY-MM-DD")
  .transform((text) => text as MarketDate)
  .openapi({ type: "string", format: "date", example: "2025-08-29" });

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

export const EpochMsIn = z
  .number()
  .int()
  .min(0)
  .max(8_640_000_000_000_000)
  .transform((value) => epochMs(value))
  .openapi({ type: "integer" });

/** Whole paise, for the machine-facing bodies of recorded sessions. */
export const PaiseIn = z
  .number()
  .int()
  .min(-9_000_000_000_000_000)
  .max(9_000_000_000_000_000)
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
