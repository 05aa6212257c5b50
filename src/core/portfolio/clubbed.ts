// The accounts of one holder seen together. Nothing moves between them: the sums are for the eye, the money stays apart.
import { addPaise, type Paise, sumPaise, ZERO_PAISE } from "../kernel/money.ts";

export interface AccountPortfolio {
  readonly accountId: string;
  readonly capitalPaise: Paise;
  readonly cashPaise: Paise;
  readonly realisedPaise: Paise;
  readonly chargesPaise: Paise;
  readonly unrealisedPaise: Paise;
  readonly positions: readonly {
    readonly instrumentId: string;
    readonly underlying: string;
    readonly netUnits: number;
    readonly costPaise: Paise;
    readonly unrealisedPaise: Paise | null;
  }[];
}

export interface ClubbedPosition {
  readonly instrumentId: string;
  readonly underlying: string;
  /** Net over the accounts: a long of one and a short of another offset each other here, and nowhere else. */
  readonly netUnits: number;
  readonly costPaise: Paise;
  /** Null as soon as one account's is unknown. */
  readonly unrealisedPaise: Paise | null;
  readonly accounts: readonly { readonly accountId: string; readonly netUnits: number }[];
}

export interface ClubbedPortfolio {
  readonly capitalPaise: Paise;
  readonly cashPaise: Paise;
  readonly realisedPaise: Paise;
  readonly chargesPaise: Paise;
  readonly unrealisedPaise: Paise;
  readonly positions: readonly ClubbedPosition[];
}

export const clubbed = (accounts: readonly AccountPortfolio[]): ClubbedPortfolio => ({
  capitalPaise: sumPaise(accounts, ({ capitalPaise }) => capitalPaise),
  cashPaise: sumPaise(accounts, ({ cashPaise }) => cashPaise),
  realisedPaise: sumPaise(accounts, ({ realisedPaise }) => realisedPaise),
  chargesPaise: sumPaise(accounts, ({ chargesPaise }) => chargesPaise),
  unrealisedPaise: sumPaise(accounts, ({ unrealisedPaise }) => unrealisedPaise),
  positions: clubbedPositions(accounts),
});

function clubbedPositions(accounts: readonly AccountPortfolio[]): ClubbedPosition[] {
  const byInstrument = new Map<string, ClubbedPosition>();
  for (const { accountId, positions } of accounts) {
    for (const { instrumentId, underlying, netUnits, costPaise, unrealisedPaise } of positions) {
      const held = byInstrument.get(instrumentId) ?? {
        instrumentId,
        underlying,
        netUnits: 0,
        costPaise: ZERO_PAISE,
        unrealisedPaise: ZERO_PAISE as Paise | null,
        accounts: [],
      };
      byInstrument.set(instrumentId, {
        ...held,
        netUnits: held.netUnits + netUnits,
        costPaise: addPaise(held.costPaise, costPaise),
        unrealisedPaise:
          held.unrealisedPaise === null || unrealisedPaise === null
            ? null
            : addPaise(held.unrealisedPaise, unrealisedPaise),
        accounts: [...held.accounts, { accountId, netUnits }],
      });
    }
  }
  return [...byInstrument.values()].sort((left, right) => (left.instrumentId < right.instrumentId ? -1 : 1));
}
