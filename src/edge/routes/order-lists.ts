// Order lists: several orders as one intent, by a structure's name or leg by leg. The list's id is the idempotency key.
import * as z from "zod";
import { findOrderList, listOrderLists } from "../../adapters/read-models/order-lists.ts";
import type { ListRequest } from "../../core/account/command.ts";
import { findList, listsOf } from "../../core/account/lists.ts";
import { istDateOf, type MarketDate } from "../../core/kernel/time.ts";
import type { ClientOrderId } from "../../core/order/order.ts";
import {
  COMPLETE_WITHIN_DEFAULT_MS,
  COMPLETE_WITHIN_MAX_MS,
  COMPLETE_WITHIN_MIN_MS,
  LEGS_MAX,
  RATIO_MAX,
} from "../../core/order-list/order-list.ts";
import { legsOf, type StrikeRule, type StructureRequest } from "../../core/order-list/template.ts";
import { DENIAL_CODES } from "../../core/risk/denial.ts";
import type { AppEnv } from "../../env.ts";
import { contractFor } from "../contracts.ts";
import { answers, type EdgeApp, openAccountRoute, takes } from "../define-route.ts";
import { ListBody, listBody, listRowBody } from "../order-list-body.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { denial, problem, refusal } from "../problem.ts";
import { ClientOrderIdIn, InstrumentIdIn, MarketDateIn, Paging, PriceIn, Side, UnderlyingName } from "../schemas.ts";

const Bps = z.number().int().min(1).max(10_000);
const Strikes = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("ATM") }),
  z.strictObject({ by: z.literal("DISTANCE"), points: PriceIn }),
  z.strictObject({ by: z.literal("MONEYNESS"), bps: Bps }),
  z.strictObject({ by: z.literal("DELTA"), bps: Bps }),
  z.strictObject({ by: z.literal("PREMIUM"), premium: PriceIn }),
]);
const Wing = PriceIn.openapi({ description: "Distance of the bought strike from the sold one, in points." });
const Template = z
  .discriminatedUnion("structure", [
    z.strictObject({ structure: z.literal("STRADDLE"), side: Side }),
    z.strictObject({ structure: z.literal("STRANGLE"), side: Side, strikes: Strikes }),
    z.strictObject({
      structure: z.literal("VERTICAL"),
      optionType: z.enum(["CALL", "PUT"]),
      nearer: Side.openapi({ description: "What is done with the strike nearer to the money." }),
      strikes: Strikes,
      wing: Wing,
    }),
    z.strictObject({ structure: z.literal("IRON_FLY"), wing: Wing }),
    z.strictObject({ structure: z.literal("IRON_CONDOR"), strikes: Strikes, wing: Wing }),
  ])
  .openapi("ListTemplate");

const SubmitList = z
  .strictObject({
    listId: ClientOrderIdIn,
    sets: z.number().int().min(1).max(2_500).default(1),
    completeWithinMs: z
      .number()
      .int()
      .min(COMPLETE_WITHIN_MIN_MS)
      .max(COMPLETE_WITHIN_MAX_MS)
      .default(COMPLETE_WITHIN_DEFAULT_MS),
    onIncomplete: z.enum(["UNWIND", "KEEP_RATIO"]).default("UNWIND"),
    template: Template.optional(),
    underlying: UnderlyingName.optional().openapi({ description: "Of a template." }),
    expiry: MarketDateIn.optional().openapi({ description: "Of a template; the nearest when absent." }),
    legs: z
      .array(
        z.strictObject({
          instrumentId: InstrumentIdIn,
          side: Side,
          ratio: z.number().int().min(1).max(RATIO_MAX).default(1),
          limitPrice: PriceIn.optional(),
        }),
      )
      .min(2)
      .max(LEGS_MAX)
      .optional(),
  })
  .superRefine((body, ctx) => {
    if ((body.template === undefined) === (body.legs === undefined)) {
      ctx.addIssue({ code: "custom", path: ["legs"], message: "give either legs or a template" });
    }
    if ((body.template === undefined) !== (body.underlying === undefined)) {
      ctx.addIssue({ code: "custom", path: ["underlying"], message: "given with a template, absent with legs" });
    }
  })
  .openapi("SubmitOrderList");
type SubmitList = z.infer<typeof SubmitList>;

const ListQuery = Paging.extend({ date: MarketDateIn.optional() });
const ListPage = z.object({ items: z.array(ListBody), next: z.string().nullable() });
const Params = z.object({ listId: z.string().min(1).max(200) });
const REFUSED = ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN", "DAY_NOT_OPEN"] as const;

export function openOrderLists(app: EdgeApp): void {
  openSubmitList(app);
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/order-lists",
      operationId: "listOrderLists",
      tag: "Orders",
      summary: "Order lists of the day, or of a date",
      description:
        "Without a date: those of the account's day, oldest first and all at once. With one: a read model, which follows the account by a moment, newest first and page by page.",
      scopes: ["orders:read"],
      request: { query: ListQuery },
      responses: { 200: answers(ListPage, "The lists.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const { date, ...query } = c.req.valid("query");
      if (date !== undefined) {
        const page = pageRequest(query, ["number", "string"]);
        if (page === null) return problem(c, "CURSOR_INVALID");
        const { data, next } = pageBody(c, await listOrderLists(c.env.DB, c.var.accountId, date, page), listRowBody);
        return c.json({ items: data, next }, 200);
      }
      const state = await c.env.ACCOUNT.getByName(c.var.accountId).state();
      return c.json({ items: listsOf(state).map((list) => listBody(state, list)), next: null }, 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/order-lists/{listId}",
      operationId: "getOrderList",
      tag: "Orders",
      summary: "One order list",
      description: "Of the account's day as it stands; otherwise the latest of that id, from the read model.",
      scopes: ["orders:read"],
      request: { params: Params },
      responses: { 200: answers(ListBody, "The list with its orders.") },
      errors: ["ORDER_NOT_FOUND"],
    },
    async (c) => {
      const state = await c.env.ACCOUNT.getByName(c.var.accountId).state();
      const list = findList(state, c.req.valid("param").listId);
      if (list !== undefined) return c.json(listBody(state, list), 200);
      const kept = await findOrderList(c.env.DB, c.var.accountId, c.req.valid("param").listId);
      return kept === null ? problem(c, "ORDER_NOT_FOUND") : c.json(listRowBody(kept), 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "delete",
      path: "/v1/order-lists/{listId}",
      operationId: "cancelOrderList",
      tag: "Orders",
      summary: "Give up or leave a list",
      description: "What rests is canceled and what has dealt is given back: shorts first, longs when they have gone.",
      scopes: ["orders:write"],
      request: { params: Params },
      responses: { 200: answers(ListBody, "Asked; the stage says how far it is.") },
      errors: [...REFUSED, "ORDER_NOT_FOUND", "ORDER_NOT_CANCELABLE"],
    },
    async (c) => {
      const account = c.env.ACCOUNT.getByName(c.var.accountId);
      const done = await account.cancelList(c.req.valid("param").listId as ClientOrderId);
      if (!done.ok) return refusal(c, done.error);
      const { list } = done.value;
      return list === null ? problem(c, "ORDER_NOT_FOUND") : c.json(listBody(await account.state(), list), 200);
    },
  );
}

function openSubmitList(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/order-lists",
      operationId: "submitOrderList",
      tag: "Orders",
      summary: "Submit several orders as one intent",
      description:
        "Legs or a template. Checked as a whole, then bought legs first and sold legs once all of them are held; complete within completeWithinMs or given back. 200: this list id was sent before with the same body.",
      scopes: ["orders:write"],
      request: { body: takes(SubmitList) },
      responses: {
        201: answers(ListBody, "On its way."),
        200: answers(ListBody, "Sent before; nothing was done again."),
      },
      errors: [...DENIAL_CODES, ...REFUSED, "INSTRUMENT_UNKNOWN"],
    },
    async (c) => {
      const body = c.req.valid("json");
      const account = c.env.ACCOUNT.getByName(c.var.accountId);
      // Asked before the market is: the answer to a repetition is what was made, whatever is quoted now.
      const state = await account.state();
      const known = findList(state, body.listId);
      if (known?.request === textOf(body)) {
        if (known.denial !== null) return denial(c, known.denial);
        c.header("idempotency-replayed", "true");
        return c.json(listBody(state, known), 200);
      }
      const legs = await legsFor(c.env, body);
      if (legs === null) return problem(c, "INSTRUMENT_UNKNOWN");
      if (typeof legs === "string") {
        return denial(c, {
          code: "LIST_MALFORMED",
          field: "template",
          limit: null,
          value: null,
          unit: null,
          detail: legs,
        });
      }
      const done = await account.submitList(requestOf(body, legs));
      if (!done.ok) return refusal(c, done.error);
      const { list, denial: denied, replayed } = done.value;
      const refused = denied ?? list?.denial ?? null;
      if (refused !== null) return denial(c, refused);
      if (list === null) return problem(c, "ORDER_NOT_FOUND");
      if (replayed) c.header("idempotency-replayed", "true");
      return c.json(listBody(await account.state(), list), replayed ? 200 : 201);
    },
  );
}

type Legs = ListRequest["legs"];

/** Null for a contract nobody quotes; words where a template does not fit the chain. */
async function legsFor(env: AppEnv, { legs, template, underlying, expiry }: SubmitList): Promise<Legs | string | null> {
  if (template === undefined || underlying === undefined) {
    const made: Legs[number][] = [];
    for (const { instrumentId, side, ratio, limitPrice } of legs ?? []) {
      const contract = await contractFor(env, instrumentId);
      if (contract === null) return null;
      made.push({ contract, side, ratio, limitPricePaise: limitPrice ?? null });
    }
    return made;
  }
  const view = await env.MARKET_FEED.getByName(underlying).view({ quotes: "ALL" });
  if (view.spotPaise === null) return `the price of ${underlying} is not known yet`;
  const made = legsOf(structureOf(template), {
    underlying,
    date: istDateOf(view.atMs),
    atMs: view.atMs,
    spotPaise: view.spotPaise,
    expiry: (expiry as MarketDate | undefined) ?? null,
    quotes: view.quotes,
    staleAfterMs: 15_000 + 2 * (view.coverage?.quoteCadenceMs ?? 0),
  });
  if (!made.ok) return made.error.detail;
  return made.value.map(({ contract, side, ratio }) => ({ contract, side, ratio, limitPricePaise: null }));
}

function structureOf(template: NonNullable<SubmitList["template"]>): StructureRequest {
  switch (template.structure) {
    case "STRADDLE":
      return template;
    case "STRANGLE":
      return { ...template, strikes: strikesOf(template.strikes) };
    case "VERTICAL": {
      const { optionType, nearer, strikes, wing } = template;
      return { structure: "VERTICAL", optionType, nearer, strikes: strikesOf(strikes), wingPaise: wing };
    }
    case "IRON_FLY":
      return { structure: "IRON_FLY", wingPaise: template.wing };
    case "IRON_CONDOR":
      return { structure: "IRON_CONDOR", strikes: strikesOf(template.strikes), wingPaise: template.wing };
  }
}

function strikesOf(strikes: z.infer<typeof Strikes>): StrikeRule {
  if (strikes.by === "DISTANCE") return { by: "DISTANCE", paise: strikes.points };
  return strikes.by === "PREMIUM" ? { by: "PREMIUM", paise: strikes.premium } : strikes;
}

const requestOf = (body: SubmitList, legs: Legs): ListRequest => ({
  listId: body.listId,
  structure: body.template?.structure ?? "CUSTOM",
  sets: body.sets,
  legs,
  completeWithinMs: body.completeWithinMs,
  onIncomplete: body.onIncomplete,
  timeExitMs: null,
  request: textOf(body),
});

/** As parsed, so that the same request has the same text whatever its spelling. */
const textOf = (body: SubmitList): string => JSON.stringify(body);
