// The bid-ask spread to assume where a recording has only a last price. It rests on the book recorded on 2025-08-29; where the
// underlying is not named or was not recorded, the wider of the two that were is taken, so that a modelled fill never flatters.
import type { Underlying } from "../instrument/contract.ts";
import { type Paise, paise } from "../kernel/money.ts";

interface SpreadBucket {
  /** The premium at which the bucket begins. */
  readonly fromPaise: number;
  readonly medianPaise: number;
}

/**
 * Median recorded spread by premium: nearest expiry, at most 3 % in the money, every snapshot of 2025-08-29, as
 * `npm run measure-rules` prints it, except that a bucket narrower than the one below it takes the lower one's figure (the
 * cheap BANKNIFTY options are far out of the money and thinly quoted).
 */
const NIFTY50: readonly SpreadBucket[] = [
  { fromPaise: 0, medianPaise: 5 },
  { fromPaise: 20_00, medianPaise: 10 },
  { fromPaise: 50_00, medianPaise: 15 },
  { fromPaise: 100_00, medianPaise: 30 },
  { fromPaise: 200_00, medianPaise: 50 },
  { fromPaise: 300_00, medianPaise: 115 },
  { fromPaise: 500_00, medianPaise: 290 },
];
const BANKNIFTY: readonly SpreadBucket[] = [
  { fromPaise: 0, medianPaise: 10 },
  { fromPaise: 5_00, medianPaise: 45 },
  { fromPaise: 10_00, medianPaise: 55 },
  { fromPaise: 20_00, medianPaise: 95 },
  { fromPaise: 300_00, medianPaise: 105 },
  { fromPaise: 500_00, medianPaise: 150 },
  { fromPaise: 800_00, medianPaise: 575 },
];

/** The modelled spread of a premium in paise, on the tick; never narrower for a dearer option of the same underlying. */
export function modelledSpreadPaise(pricePaise: Paise, underlying?: Underlying): Paise {
  switch (underlying) {
    case "NIFTY50":
      return paise(spreadIn(NIFTY50, pricePaise));
    case "BANKNIFTY":
      return paise(spreadIn(BANKNIFTY, pricePaise));
    default:
      return paise(Math.max(spreadIn(NIFTY50, pricePaise), spreadIn(BANKNIFTY, pricePaise)));
  }
}

function spreadIn(buckets: readonly SpreadBucket[], pricePaise: number): number {
  let spreadPaise = 0;
  for (const { fromPaise, medianPaise } of buckets) {
    if (fromPaise > Math.max(0, pricePaise)) break;
    spreadPaise = medianPaise;
  }
  return spreadPaise;
}
