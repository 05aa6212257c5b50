// The charges calculator: the contract note of any trades on any date, to the paisa, and the same before rounding. Nothing is
// written.
import * as z from "zod";
import { CHARGES_FROM, chargeRatesOn } from "../../core/charges/charge-rates.ts";
import { combineCharges, contractNote, type DayTrades, exactCharges } from "../../core/charges/contract-note.ts";
import { EXCHANGE_OF, type Exchange } from "../../core/instrument/contract.ts";
import { addPaise, type Paise, subtractPaise, sumPaise, valuePaise } from "../../core/kernel/money.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { problem } from "../problem.ts";
import { MarketDateIn, MarketDateOut, Rupees, rupees, rupeesBetween, Side, UnderlyingName } from "../schemas.ts";
import { ChargesBody, chargesBody } from "../worksheet-body.ts";

/** Together these keep every sum exact. */
const FILLS_MAX = 500;
const UNITS_MAX = 100_000;
const PREMIUM_MAX_PAISE = 100_000_000;

const ExchangeName = z.enum(["NSE", "BSE"]);
const Premium = rupeesBetween(0, PREMIUM_MAX_PAISE);
const Units = z.number().int().min(1).max(UNITS_MAX);

const Fill = z
  .strictObject({
    exchange: ExchangeName.optional(),
    underlying: UnderlyingName.optional(),
    side: Side,
    units: Units,
    price: Premium,
    orderId: z.string().max(64).optional().openapi({
      description: "Brokerage is charged once per order; fills without one are orders of their own.",
    }),
  })
  .refine((fill) => (fill.exchange === undefined) !== (fill.underlying === undefined), {
    path: ["exchange"],
    message: "give either exchange or underlying",
  });

const SHORT_FORM = ["exchange", "units", "buy", "sell", "orders"] as const;

const ChargesQuestion = z
  .strictObject({
    date: MarketDateIn,
    fills: z.array(Fill).min(1).max(FILLS_MAX).optional().openapi({ description: "Any number of executions." }),
    exchange: ExchangeName.optional().openapi({ description: "With units, buy, sell and orders: the short form." }),
    units: Units.optional(),
    buy: Premium.optional().openapi({ description: "Premium per unit bought; 0 for none." }),
    sell: Premium.optional().openapi({ description: "Premium per unit sold; 0 for none." }),
    orders: z.number().int().min(0).max(10_000).optional(),
  })
  .superRefine((body, ctx) => {
    for (const field of SHORT_FORM) {
      if ((body.fills === undefined) === (body[field] === undefined)) {
        const message = body.fills === undefined ? "required, unless fills are given" : "not beside fills";
        ctx.addIssue({ code: "custom", path: [field], message });
      }
    }
  })
  .openapi("ChargesQuestion");

const ExactHeads = z.record(z.string(), z.string());
const ChargesAnswer = ChargesBody.extend({
  date: MarketDateOut,
  turnover: Rupees,
  net: Rupees.openapi({ description: "Sold minus bought minus charges." }),
  notes: z.array(z.object({ exchange: ExchangeName, charges: ChargesBody, exact: ExactHeads })).openapi({
    description: "One contract note per exchange; `exact` is before rounding.",
  }),
  standIns: z.array(z.string()).openapi({
    description: "Heads whose rate table starts later than the date: their oldest known rate was used.",
  }),
}).openapi("ChargesAnswer");

export function openCharges(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/charges",
      operationId: "calculateCharges",
      tag: "Calculators",
      summary: "The contract note of any fills on any date",
      scopes: [],
      request: { body: takes(ChargesQuestion) },
      responses: { 200: answers(ChargesAnswer, "Every head in rupees.") },
      errors: ["CHARGES_DATE_UNKNOWN"],
    },
    (c) => {
      const question = c.req.valid("json");
      if (question.date < CHARGES_FROM) return problem(c, "CHARGES_DATE_UNKNOWN");
      const trades = tradesOf(question);
      const notes = trades.map((day) => ({ day, heads: contractNote(day) }));
      const total = combineCharges(notes.map((note) => note.heads));
      const boughtPaise = sumPaise(trades, (day) => day.buyValuePaise);
      const soldPaise = sumPaise(trades, (day) => day.sellValuePaise);
      return c.json(
        {
          date: question.date,
          ...chargesBody(total),
          turnover: rupees(addPaise(boughtPaise, soldPaise)),
          net: rupees(subtractPaise(soldPaise, boughtPaise, total.totalPaise)),
          notes: notes.map(({ day, heads }) => ({
            exchange: day.exchange,
            charges: chargesBody(heads),
            exact: Object.fromEntries(
              Object.entries(exactCharges(day)).map(([head, amount]) => [head, amount.div(100).toFixed()]),
            ),
          })),
          standIns: [...new Set(trades.flatMap((day) => chargeRatesOn(day.date, day.exchange).standIns))],
        },
        200,
      );
    },
  );
}

/** The day's trades per exchange. */
function tradesOf(question: z.infer<typeof ChargesQuestion>): readonly DayTrades[] {
  const { date, fills } = question;
  if (fills === undefined) {
    const { exchange = "NSE", units = 1, buy = 0 as Paise, sell = 0 as Paise, orders = 0 } = question;
    return [
      {
        date,
        exchange,
        buyValuePaise: valuePaise(buy, units),
        sellValuePaise: valuePaise(sell, units),
        executedOrders: orders,
      },
    ];
  }
  const exchangeOf = (fill: z.infer<typeof Fill>): Exchange =>
    fill.exchange ?? (fill.underlying === undefined ? "NSE" : EXCHANGE_OF[fill.underlying]);
  return [...Map.groupBy(fills, exchangeOf)].map(([exchange, group]) => ({
    date,
    exchange,
    buyValuePaise: sumPaise(group, (fill) => (fill.side === "BUY" ? valuePaise(fill.price, fill.units) : (0 as Paise))),
    sellValuePaise: sumPaise(group, (fill) =>
      fill.side === "SELL" ? valuePaise(fill.price, fill.units) : (0 as Paise),
    ),
    executedOrders: new Set(group.map((fill, index) => fill.orderId ?? index)).size,
  }));
}
