// Orders. Submitting is the hot path: what it asks of the outside is one call to the account object, whose reply means that the
// decision is on record. Sending the same client order id again answers with the same order and does nothing.
import * as z from "zod";
import { findOrder, listOrders } from "../../adapters/read-models/orders.ts";
import type { OrderRequest } from "../../core/account/command.ts";
import { contractOfOrder, findOrderOrParent } from "../../core/account/lists.ts";
import { underlyingOfSymbol } from "../../core/compliance/symbol.ts";
import type { OptionContract } from "../../core/instrument/contract.ts";
import type { ClientOrderId } from "../../core/order/order.ts";
import { DENIAL_CODES } from "../../core/risk/denial.ts";
import { contractFor } from "../contracts.ts";
import { answers, type EdgeApp, openAccountRoute, takes } from "../define-route.ts";
import { OrderBody, orderBody, orderRowBody } from "../order-body.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { denial, problem, refusal } from "../problem.ts";
import {
  ClientOrderIdIn,
  InstrumentIdIn,
  MarketDateIn,
  Paging,
  PriceIn,
  pageOf,
  Side,
  UnderlyingName,
} from "../schemas.ts";

/** As many units as the largest number of lots has; at the highest price their value is far within exact arithmetic. */
const Lots = z.number().int().min(1).max(100_000);
const Quantity = z.number().int().min(1).max(10_000_000);

const SubmitOrder = z
  .strictObject({
    clientOrderId: ClientOrderIdIn.optional().openapi({
      description: "Your name for the order; the Idempotency-Key stands in when it is absent.",
    }),
    instrumentId: InstrumentIdIn,
    side: Side,
    type: z.enum(["MARKET", "LIMIT", "STOP_LIMIT"]),
    timeInForce: z.enum(["DAY", "IOC"]).default("DAY"),
    product: z.enum(["INTRADAY", "CARRY"]).default("INTRADAY"),
    quantityLots: Lots.optional(),
    quantityUnits: Quantity.optional(),
    takeWhatFits: z.boolean().default(false).openapi({
      description: "Send as many whole lots as the buying power carries where all of them do not fit.",
    }),
    limitPrice: PriceIn.optional().openapi({ description: "Of a LIMIT or STOP_LIMIT order, per unit." }),
    triggerPrice: PriceIn.optional().openapi({
      description: "Of a STOP_LIMIT: the last price at which it becomes a LIMIT order.",
    }),
  })
  .superRefine((body, ctx) => {
    if ((body.quantityLots === undefined) === (body.quantityUnits === undefined)) {
      ctx.addIssue({ code: "custom", path: ["quantityLots"], message: "give either quantityLots or quantityUnits" });
    }
    if ((body.type !== "MARKET") !== (body.limitPrice !== undefined)) {
      const message = "given for LIMIT and STOP_LIMIT, absent for MARKET";
      ctx.addIssue({ code: "custom", path: ["limitPrice"], message });
    }
    if ((body.type === "STOP_LIMIT") !== (body.triggerPrice !== undefined)) {
      ctx.addIssue({ code: "custom", path: ["triggerPrice"], message: "given for STOP_LIMIT and for no other type" });
    }
  })
  .openapi("SubmitOrder");

const OrderParams = z.object({ clientOrderId: z.string().min(1).max(200) });

const OrderQuery = Paging.extend({
  from: MarketDateIn.optional(),
  to: MarketDateIn.optional(),
  status: z
    .string()
    .regex(/^[A-Z_]{1,32}$/)
    .optional(),
  underlying: UnderlyingName.optional(),
});

export function openOrders(app: EdgeApp): void {
  openSubmit(app);
  openModify(app);
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/orders",
      operationId: "listOrders",
      tag: "Orders",
      summary: "Orders of all days, newest first",
      description: "A read model: it follows the account by a moment. GET /v1/orders/{clientOrderId} does not lag.",
      scopes: ["orders:read"],
      request: { query: OrderQuery },
      responses: { 200: answers(pageOf(OrderBody), "A page of orders.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const query = c.req.valid("query");
      const page = pageRequest(query, ["string", "number", "string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      return c.json(pageBody(c, await listOrders(c.env.DB, c.var.accountId, query, page), orderRowBody), 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/orders/{clientOrderId}",
      operationId: "getOrder",
      tag: "Orders",
      summary: "One order",
      scopes: ["orders:read"],
      request: { params: OrderParams },
      responses: { 200: answers(OrderBody, "The order.") },
      errors: ["ORDER_NOT_FOUND"],
    },
    async (c) => {
      const { clientOrderId } = c.req.valid("param");
      const state = await c.env.ACCOUNT.getByName(c.var.accountId).state();
      const held = findOrderOrParent(state, clientOrderId);
      if (held !== null) return c.json(orderBody(held), 200);
      const row = await findOrder(c.env.DB, c.var.accountId, clientOrderId);
      return row === null ? problem(c, "ORDER_NOT_FOUND") : c.json(orderRowBody(row), 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "delete",
      path: "/v1/orders/{clientOrderId}",
      operationId: "cancelOrder",
      tag: "Orders",
      summary: "Ask the venue to cancel an order",
      scopes: ["orders:write"],
      request: { params: OrderParams },
      responses: { 200: answers(OrderBody, "Asked; the status says PENDING_CANCEL until the venue has answered.") },
      errors: ["ORDER_NOT_FOUND", "ORDER_NOT_CANCELABLE", "DAY_NOT_OPEN", "ACCOUNT_FROZEN"],
    },
    async (c) => {
      const id = c.req.valid("param").clientOrderId as ClientOrderId;
      const done = await c.env.ACCOUNT.getByName(c.var.accountId).cancelOrder(id);
      return done.ok ? c.json(orderBody(done.value.order), 200) : refusal(c, done.error);
    },
  );
}

const ModifyOrder = z
  .strictObject({
    quantityUnits: Quantity.optional().openapi({ description: "The whole order's, what is filled included." }),
    limitPrice: PriceIn.optional(),
    triggerPrice: PriceIn.optional(),
  })
  .openapi("ModifyOrder");

function openModify(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "patch",
      path: "/v1/orders/{clientOrderId}",
      operationId: "modifyOrder",
      tag: "Orders",
      summary: "Ask the venue to change an order",
      description:
        "The Idempotency-Key names the modification: the same changes under it are done once. 200: asked; the status says PENDING_REPLACE until the venue has answered, and the larger of old and new stays reserved. 422: the order it would become was refused by a rule; the order stays as it was.",
      takesIdempotencyKey: true,
      scopes: ["orders:write"],
      request: { params: OrderParams, body: takes(ModifyOrder) },
      responses: { 200: answers(OrderBody, "Asked, or asked before under this key.") },
      errors: [
        ...DENIAL_CODES,
        "ORDER_NOT_FOUND",
        "ORDER_NOT_MODIFIABLE",
        "MODIFY_ID_REUSED",
        "DAY_NOT_OPEN",
        "ACCOUNT_FROZEN",
      ],
    },
    async (c) => {
      const modifyId = c.req.header("idempotency-key");
      const { quantityUnits, limitPrice, triggerPrice } = c.req.valid("json");
      const missing = modifyId === undefined ? "Idempotency-Key" : null;
      if (modifyId === undefined || (quantityUnits ?? limitPrice ?? triggerPrice) === undefined) {
        const field = missing ?? "quantityUnits";
        const message = missing === null ? "name at least one change" : "required: it names the modification";
        const errors = [{ field, message, limit: null, value: null, unit: null }];
        return problem(c, "BODY_INVALID", { detail: `${field}: ${message}`, errors });
      }
      const changes = {
        ...(quantityUnits === undefined ? {} : { quantityUnits }),
        ...(limitPrice === undefined ? {} : { limitPricePaise: limitPrice }),
        ...(triggerPrice === undefined ? {} : { triggerPricePaise: triggerPrice }),
      };
      const id = c.req.valid("param").clientOrderId as ClientOrderId;
      const done = await c.env.ACCOUNT.getByName(c.var.accountId).modifyOrder(id, modifyId, changes);
      if (!done.ok) return refusal(c, done.error);
      const { order, denial: denied, replayed } = done.value;
      if (denied !== null) return denial(c, denied);
      if (replayed) c.header("idempotency-replayed", "true");
      return c.json(orderBody(order), 200);
    },
  );
}

function openSubmit(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/orders",
      operationId: "submitOrder",
      tag: "Orders",
      summary: "Submit an order",
      description:
        "201: accepted and on record before the answer leaves. 200: this client order id was sent before with the same terms; nothing was done again. 422: refused by a rule, with the limit and the value that met it.",
      takesIdempotencyKey: true,
      scopes: ["orders:write"],
      request: { body: takes(SubmitOrder) },
      responses: {
        201: answers(OrderBody, "On its way to the venue."),
        200: answers(OrderBody, "Sent before; nothing was done again."),
      },
      errors: [...DENIAL_CODES, "INSTRUMENT_UNKNOWN", "ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN", "OVERLOADED"],
    },
    async (c) => {
      const body = c.req.valid("json");
      const clientOrderId = body.clientOrderId ?? (c.req.header("idempotency-key") as ClientOrderId | undefined);
      if (clientOrderId === undefined) {
        const message = "required, unless an Idempotency-Key is sent";
        return problem(c, "BODY_INVALID", {
          detail: `clientOrderId: ${message}`,
          errors: [{ field: "clientOrderId", message, limit: null, value: null, unit: null }],
        });
      }
      const account = c.env.ACCOUNT.getByName(c.var.accountId);
      const { instrumentId } = body;
      // What nobody quotes any more may be the contract of an order that was sent before.
      const contract =
        (await contractFor(c.env, instrumentId)) ??
        contractOfOrder(await account.state(), { clientOrderId, instrumentId });
      if (contract === null) {
        return problem(c, underlyingOfSymbol(instrumentId) === null ? "SYMBOL_RESTRICTION" : "INSTRUMENT_UNKNOWN");
      }
      const done = await account.submitOrder(requestOf({ ...body, clientOrderId }, contract));
      if (!done.ok) return refusal(c, done.error);
      const { order, denial: denied, replayed } = done.value;
      if (denied !== null) return denial(c, denied);
      if (replayed) c.header("idempotency-replayed", "true");
      return c.json(orderBody(order), replayed ? 200 : 201);
    },
  );
}

const requestOf = (
  body: z.infer<typeof SubmitOrder> & { readonly clientOrderId: ClientOrderId },
  contract: OptionContract,
): OrderRequest => ({
  clientOrderId: body.clientOrderId,
  contract,
  side: body.side,
  type: body.type,
  timeInForce: body.timeInForce,
  product: body.product,
  quantityUnits: body.quantityUnits ?? (body.quantityLots ?? 0) * contract.lotSize,
  limitPricePaise: body.limitPrice ?? null,
  ...(body.triggerPrice === undefined ? {} : { triggerPricePaise: body.triggerPrice }),
  ...(body.takeWhatFits ? { takeWhatFits: true } : {}),
});
