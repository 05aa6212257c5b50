// What a person sends about exits: prices and amounts as strings of rupees, instants as RFC 3339.
import * as z from "zod";
import type { ExitGroupRequest, ExitPlanRequest, ScaleTargetRequest } from "../core/account/exit-command.ts";
import { REENTRY_MODES } from "../core/account/reentry.ts";
import { SCALE_TARGETS_MAX } from "../core/account/scale-out-request.ts";
import { ZERO_PAISE } from "../core/kernel/money.ts";
import { MS_PER_SECOND } from "../core/kernel/time.ts";
import {
  ClientOrderIdIn,
  InstantIn,
  InstrumentIdIn,
  NonNegativeRupeesIn,
  PositiveRupeesIn,
  PriceIn,
  PriceOrZeroIn,
  RupeesIn,
  UnderlyingName,
} from "./schemas.ts";

const WAIT_SECONDS_MAX = 6 * 3_600;

const ScaleTargetIn = z
  .strictObject({
    price: PriceIn.optional(),
    points: PriceIn.optional().openapi({
      description: "Rupees of premium beyond what the position has cost.",
    }),
    percent: PriceIn.optional().openapi({ description: "The same in percent of the cost." }),
    lots: z.number().int().min(1).optional(),
    share: z
      .number()
      .int()
      .min(1)
      .max(100)
      .optional()
      .openapi({ description: "Percent of what is held, rounded down to whole lots." }),
  })
  .superRefine(({ price, points, percent, lots, share }, ctx) => {
    if ([price, points, percent].filter((level) => level !== undefined).length !== 1) {
      ctx.addIssue({ code: "custom", path: ["price"], message: "exactly one of price, points and percent" });
    }
    if (lots !== undefined && share !== undefined) {
      ctx.addIssue({ code: "custom", path: ["lots"], message: "either lots or share" });
    }
  });

export const ExitPlanIn = z
  .strictObject({
    stop: PriceIn.optional(),
    target: PriceIn.optional(),
    targets: z.array(ScaleTargetIn).min(1).max(SCALE_TARGETS_MAX).optional().openapi({
      description:
        "In place of `target`: where parts are left, the nearest first. The last takes what is left when it names neither lots nor share, or when the shares come to 100.",
    }),
    costAfterFirstTarget: z.boolean().default(false).openapi({
      description: "From the first of `targets` on the stop is what the position has cost.",
    }),
    trail: z
      .strictObject({
        distance: PriceIn,
        step: PriceIn,
        unit: z
          .enum(["POINTS", "PERCENT"])
          .default("POINTS")
          .openapi({ description: "Rupees of premium, or percent of it." }),
      })
      .optional(),
    costAt: PriceIn.optional().openapi({
      description: "From this price on the stop is what the position has cost.",
    }),
    lock: z
      .strictObject({
        from: PriceIn,
        stop: PriceIn,
        every: PriceOrZeroIn.default(ZERO_PAISE),
        by: PriceOrZeroIn.default(ZERO_PAISE),
      })
      .optional()
      .openapi({ description: "From `from` on the stop is at least `stop`, and `by` more for every further `every`." }),
    timeExitAt: InstantIn.optional(),
    reentry: z
      .strictObject({
        mode: z.enum(REENTRY_MODES),
        times: z.number().int(),
        waitSeconds: z.number().int().min(0).max(WAIT_SECONDS_MAX),
        momentum: PriceOrZeroIn.default(ZERO_PAISE),
      })
      .optional()
      .openapi({
        description:
          "After a stop: at once, back at cost, or once the price has come `momentum` in the trade's direction.",
      }),
  })
  .openapi("ExitPlan");

export const SetExitGroup = z
  .strictObject({
    scope: z.enum(["ACCOUNT", "UNDERLYING", "LIST", "INSTRUMENTS"]),
    underlying: UnderlyingName.optional(),
    listId: ClientOrderIdIn.optional().openapi({ description: "The contracts of an order list's legs." }),
    instrumentIds: z.array(InstrumentIdIn).min(1).max(20).optional(),
    stop: RupeesIn.optional(),
    target: RupeesIn.optional(),
    trail: z.strictObject({ distance: PositiveRupeesIn, step: PositiveRupeesIn }).optional(),
    lock: z
      .strictObject({
        from: RupeesIn,
        keep: RupeesIn,
        every: NonNegativeRupeesIn.default(ZERO_PAISE),
        by: NonNegativeRupeesIn.default(ZERO_PAISE),
      })
      .optional()
      .openapi({
        description: "From a result of `from` on at least `keep` is kept, and `by` more for every further `every`.",
      }),
    endsDay: z.boolean().default(false).openapi({
      description:
        "Of the whole account: once a level is reached nothing new is opened on the day. A daily target, or stop.",
    }),
  })
  .superRefine(({ scope, underlying, listId, instrumentIds }, ctx) => {
    if ((scope === "LIST") !== (listId !== undefined)) {
      ctx.addIssue({ code: "custom", path: ["listId"], message: "given for LIST, absent otherwise" });
    }
    if ((scope === "UNDERLYING") !== (underlying !== undefined)) {
      ctx.addIssue({ code: "custom", path: ["underlying"], message: "given for UNDERLYING, absent otherwise" });
    }
    if ((scope === "INSTRUMENTS") !== (instrumentIds !== undefined)) {
      ctx.addIssue({ code: "custom", path: ["instrumentIds"], message: "given for INSTRUMENTS, absent otherwise" });
    }
  })
  .openapi("SetExitGroup");
export type ExitGroupIn = z.infer<typeof SetExitGroup>;

export const exitPlanRequest = (body: z.infer<typeof ExitPlanIn>): ExitPlanRequest => ({
  stopPaise: body.stop ?? null,
  targetPaise: body.target ?? null,
  ...(body.targets === undefined ? {} : { targets: body.targets.map(scaleTarget) }),
  ...(body.costAfterFirstTarget ? { costAfterFirstTarget: true } : {}),
  // Two decimals of a percent are whole hundredths of it, as two decimals of a rupee are paise.
  trail:
    body.trail === undefined
      ? null
      : { distance: body.trail.distance, step: body.trail.step, unit: body.trail.unit === "PERCENT" ? "BPS" : "PAISE" },
  costAtPaise: body.costAt ?? null,
  lock:
    body.lock === undefined
      ? null
      : { fromPaise: body.lock.from, stopPaise: body.lock.stop, everyPaise: body.lock.every, byPaise: body.lock.by },
  timeExitMs: body.timeExitAt ?? null,
  reentry:
    body.reentry === undefined
      ? null
      : {
          mode: body.reentry.mode,
          times: body.reentry.times,
          waitMs: body.reentry.waitSeconds * MS_PER_SECOND,
          momentumPaise: body.reentry.momentum,
        },
});

const scaleTarget = (target: z.infer<typeof ScaleTargetIn>): ScaleTargetRequest => ({
  level: levelOf(target),
  quantity: quantityOf(target),
});

function levelOf({ price, points, percent }: z.infer<typeof ScaleTargetIn>): ScaleTargetRequest["level"] {
  if (price !== undefined) return { unit: "PRICE", value: price };
  return points === undefined ? { unit: "BPS", value: percent ?? ZERO_PAISE } : { unit: "PAISE", value: points };
}

function quantityOf({ lots, share }: z.infer<typeof ScaleTargetIn>): ScaleTargetRequest["quantity"] {
  if (lots !== undefined) return { unit: "LOTS", value: lots };
  return share === undefined ? null : { unit: "PERCENT", value: share };
}

export const exitGroupRequest = (groupId: string, body: ExitGroupIn): ExitGroupRequest => ({
  groupId,
  ...(body.endsDay ? { endsDay: true } : {}),
  scope: scopeOf(body),
  stopPaise: body.stop ?? null,
  targetPaise: body.target ?? null,
  trail: body.trail === undefined ? null : { distancePaise: body.trail.distance, stepPaise: body.trail.step },
  lock:
    body.lock === undefined
      ? null
      : { fromPaise: body.lock.from, stopPaise: body.lock.keep, everyPaise: body.lock.every, byPaise: body.lock.by },
});

function scopeOf({ underlying, listId, instrumentIds }: ExitGroupIn): ExitGroupRequest["scope"] {
  if (listId !== undefined) return { kind: "LIST", listId };
  if (underlying !== undefined) return { kind: "UNDERLYING", underlying };
  return instrumentIds === undefined ? { kind: "ACCOUNT" } : { kind: "INSTRUMENTS", instrumentIds };
}
