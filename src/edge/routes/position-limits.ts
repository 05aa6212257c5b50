// What all accounts together hold against SEBI's limits on index-option positions, by underlying, in futures-equivalent: with
// the model's delta where the feed prices a contract, and at worst, with a delta of one, where it does not.
import * as z from "zod";
import { type HeldOverAccounts, heldOverAccounts } from "../../adapters/read-models/positions.ts";
import { futureEquivalentOf, type PositionLeg, positionLimitsOn } from "../../core/compliance/position-limits.ts";
import {
  type InstrumentId,
  type OptionContract,
  UNDERLYINGS,
  type Underlying,
} from "../../core/instrument/contract.ts";
import { type Paise, paise } from "../../core/kernel/money.ts";
import { type EpochMs, epochMs, istDateOf } from "../../core/kernel/time.ts";
import { modelBook, unitValue } from "../../core/risk-analytics/modelled-book.ts";
import type { AppEnv } from "../../env.ts";
import { feedViews, marketOf } from "../account-book.ts";
import { contractFor } from "../contracts.ts";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import { MarketDateIn, MarketDateOut, Rupees, rupees, UnderlyingName } from "../schemas.ts";

const LimitsBody = z
  .object({
    date: MarketDateOut,
    netMax: Rupees.nullable().openapi({ description: "Null where no limit is known for the date." }),
    grossMax: Rupees.nullable().openapi({ description: "Of the long and of the short side, each." }),
    underlyings: z.array(
      z.object({
        underlying: UnderlyingName,
        contracts: z.number().int(),
        long: Rupees,
        short: Rupees,
        net: Rupees,
        isWithin: z.boolean().openapi({ description: "False as well where no limit is known." }),
        atWorst: z
          .array(z.string())
          .openapi({ description: "Contracts counted with a delta of one, for want of a price." }),
      }),
    ),
    unknown: z.array(z.string()).openapi({ description: "Held, and quoted by no feed: not in the sums." }),
  })
  .openapi("PlatformPositionLimits");

export function openPositionLimits(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/operations/position-limits",
      operationId: "getPlatformPositionLimits",
      tag: "Operations",
      summary: "Positions of all accounts against SEBI's limits, by underlying",
      description: "Without a date: of the day the feeds are in.",
      scopes: ["operations:read"],
      request: { query: z.object({ date: MarketDateIn.optional() }) },
      responses: { 200: answers(LimitsBody, "What is held and what may be.") },
    },
    async (c) => {
      const views = await feedViews(c.env);
      const atMs = epochMs(Math.max(0, ...views.map((view) => view.atMs)) || Date.now());
      const date = c.req.valid("query").date ?? istDateOf(atMs);
      const held = await Promise.all(
        (await heldOverAccounts(c.env.DB, date)).map(async (row) => ({
          ...row,
          contract: await contractFor(c.env, row.instrumentId as InstrumentId),
        })),
      );
      const known = held.flatMap((row) => (row.contract === null ? [] : [{ ...row, contract: row.contract }]));
      const limits = positionLimitsOn(date);
      return c.json(
        {
          date,
          netMax: limits === null ? null : rupees(limits.netMaxPaise),
          grossMax: limits === null ? null : rupees(limits.grossMaxPaise),
          underlyings: await bodiesOf(c.env, known, views, atMs, limits),
          unknown: held.filter(({ contract }) => contract === null).map(({ instrumentId }) => instrumentId),
        },
        200,
      );
    },
  );
}

type Known = Omit<HeldOverAccounts, "instrumentId"> & { readonly contract: OptionContract };

async function bodiesOf(
  env: AppEnv,
  known: readonly Known[],
  views: Awaited<ReturnType<typeof feedViews>>,
  atMs: EpochMs,
  limits: ReturnType<typeof positionLimitsOn>,
) {
  const prices = await Promise.all(
    UNDERLYINGS.map((underlying) =>
      env.MARKET_FEED.getByName(underlying)
        .prices(known.filter((row) => row.contract.underlying === underlying).map((row) => row.contract.instrumentId))
        .catch(() => []),
    ),
  );
  const market = marketOf(atMs, views, prices.flat());
  const { holdings } = modelBook(
    known.map(({ contract }) => ({ contract, netUnits: 1 })),
    market,
  );
  const deltas = new Map(
    holdings.map((holding) => [holding.contract.instrumentId, unitValue(holding, market.atMs).delta]),
  );
  return UNDERLYINGS.map((underlying) => {
    const own = known.filter(({ contract }) => contract.underlying === underlying);
    const legs = own.flatMap(({ contract, longUnits, shortUnits }): PositionLeg[] => {
      const delta = deltas.get(contract.instrumentId) ?? null;
      return [longUnits, -shortUnits].map((netUnits) => ({ contract, netUnits, delta }));
    });
    const { longPaise, shortPaise, netPaise } = futureEquivalentOf(underlying, legs, spotOf(market.spots, underlying));
    const isWithin =
      limits !== null &&
      netPaise <= limits.netMaxPaise &&
      longPaise <= limits.grossMaxPaise &&
      shortPaise <= limits.grossMaxPaise;
    return {
      underlying,
      contracts: own.length,
      long: rupees(paise(longPaise)),
      short: rupees(paise(shortPaise)),
      net: rupees(paise(netPaise)),
      isWithin,
      atWorst: own.map(({ contract }) => contract.instrumentId).filter((instrumentId) => !deltas.has(instrumentId)),
    };
  });
}

const spotOf = (spots: Readonly<Partial<Record<Underlying, Paise | null>>>, underlying: Underlying): number | null =>
  spots[underlying] ?? null;
