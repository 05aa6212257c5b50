// An option chain as the API shows it.
import * as z from "zod";
import type { ChainOption, OptionChain } from "../core/market/option-chain.ts";
import type { FeedView } from "../ports/objects.ts";
import { QuoteBody, quoteBody } from "./quote-body.ts";
import {
  Instant,
  instant,
  instantOrNull,
  MarketDateOut,
  Rupees,
  rupees,
  rupeesOrNull,
  UnderlyingName,
} from "./schemas.ts";

const ChainOptionBody = QuoteBody.extend({
  ivBps: z.number().int().nullable().openapi({ description: "As the source gave it, else what bid and ask imply." }),
  greeks: z
    .object({
      delta: z.number(),
      gamma: z.number().openapi({ description: "Change of delta per rupee." }),
      thetaPerDay: Rupees,
      vegaPerPoint: Rupees,
    })
    .nullable()
    .openapi({ description: "Of one unit, by Black-Scholes; null without a volatility." }),
}).openapi("ChainOption");

export const ChainBody = z
  .object({
    underlying: UnderlyingName,
    at: Instant,
    spot: Rupees.nullable(),
    spotAt: Instant.nullable(),
    expiries: z.array(MarketDateOut),
    expiry: MarketDateOut.nullable(),
    forward: Rupees.nullable().openapi({ description: "By put-call parity near the money." }),
    atTheMoney: Rupees.nullable(),
    atTheMoneyIvBps: z.number().int().nullable(),
    maxPain: Rupees.nullable().openapi({ description: "Where open options would be worth least at expiry." }),
    putCallRatio: z.number().nullable().openapi({ description: "Open interest of puts over calls." }),
    putCallVolumeRatio: z.number().nullable(),
    callOpenInterestUnits: z.number().int().nullable(),
    putOpenInterestUnits: z.number().int().nullable(),
    rows: z.array(z.object({ strike: Rupees, call: ChainOptionBody.nullable(), put: ChainOptionBody.nullable() })),
  })
  .openapi("OptionChain");

export const chainBody = (
  view: FeedView,
  expiries: readonly string[],
  chain: OptionChain | null,
): z.infer<typeof ChainBody> => ({
  underlying: view.underlying,
  at: instant(view.atMs),
  spot: rupeesOrNull(view.spotPaise),
  spotAt: instantOrNull(view.spotAtMs),
  expiries: [...expiries],
  expiry: chain?.expiry ?? null,
  forward: rupeesOrNull(chain?.forwardPaise ?? null),
  atTheMoney: rupeesOrNull(chain?.atTheMoneyPaise ?? null),
  atTheMoneyIvBps: chain?.atTheMoneyIvBps ?? null,
  maxPain: rupeesOrNull(chain?.maxPainPaise ?? null),
  putCallRatio: rounded(chain?.openInterestRatio ?? null),
  putCallVolumeRatio: rounded(chain?.volumeRatio ?? null),
  callOpenInterestUnits: chain?.callOpenInterestUnits ?? null,
  putOpenInterestUnits: chain?.putOpenInterestUnits ?? null,
  rows: (chain?.rows ?? []).map((row) => ({
    strike: rupees(row.strikePaise),
    call: optionBody(row.call),
    put: optionBody(row.put),
  })),
});

const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(4)));

const optionBody = (option: ChainOption | null): z.infer<typeof ChainOptionBody> | null =>
  option === null
    ? null
    : {
        ...quoteBody(option.quote),
        ivBps: option.ivBps,
        greeks:
          option.greeks === null
            ? null
            : {
                delta: Number(option.greeks.delta.toFixed(4)),
                gamma: Number(option.greeks.gamma.toFixed(6)),
                thetaPerDay: rupees(Math.round(option.greeks.thetaPaise)),
                vegaPerPoint: rupees(Math.round(option.greeks.vegaPaise)),
              },
      };
