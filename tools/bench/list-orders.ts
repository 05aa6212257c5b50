// Accepting an order list of four legs over HTTP: an iron condor as one intent, checked as a whole and its wings on their way,
// against the bare baseline and against single orders of the same run. Each list deals and is completed while others come.
import type { ApiClient } from "../api-client.ts";
import { type LoadResult, type LoadTarget, load, medianOf, ratioOf, summaryOf } from "./load.ts";

const ROUNDS = 3;
/** One for each user in a round: ten orders a second is what the exchange takes from one, and a list is four of them. */
const LISTS = 100;
/** Strikes from the money to what is sold, and from there to what is bought. */
const SOLD_AT = 2;
const BOUGHT_AT = 4;

export interface ListCase {
  readonly connections: number;
  readonly bare: LoadResult;
  readonly order: LoadResult;
  readonly list: LoadResult;
  /** List ÷ bare, and list ÷ four times the single order. */
  readonly p50Ratio: number;
  readonly p50ToFourOrders: number;
}

export async function benchListOrders(
  orders: LoadTarget,
  bare: LoadTarget,
  operator: ApiClient,
  progress: (line: string) => void,
): Promise<readonly ListCase[]> {
  const lists = await targetOf(orders, operator);
  const cases: ListCase[] = [];
  for (const connections of [1, 16]) {
    const rounds = { bare: [] as LoadResult[], order: [] as LoadResult[], list: [] as LoadResult[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.bare.push(await load(bare, connections, { amount: LISTS }));
      rounds.order.push(await load(orders, connections, { amount: LISTS }));
      rounds.list.push(await load(lists, connections, { amount: LISTS }));
    }
    const [plain, order, list] = [medianOf(rounds.bare), medianOf(rounds.order), medianOf(rounds.list)];
    progress(`lists of four legs, ${connections} connections: ${summaryOf(list)}; one order ${summaryOf(order)}`);
    cases.push({
      connections,
      bare: plain,
      order,
      list,
      p50Ratio: ratioOf(list.p50Ms, plain.p50Ms),
      p50ToFourOrders: ratioOf(list.p50Ms, 4 * order.p50Ms),
    });
  }
  return cases;
}

interface Quoted {
  readonly instrumentId: string;
  readonly strike: string;
  readonly optionType: "CALL" | "PUT";
  readonly bid: string | null;
  readonly ask: string | null;
}

async function targetOf(orders: LoadTarget, operator: ApiClient): Promise<LoadTarget> {
  const view = await operator.request<{ spot: string; chain: readonly Quoted[] }>("GET", "/v1/market/NIFTY50");
  const legs = (["CALL", "PUT"] as const).flatMap((optionType) => {
    const outward = optionType === "CALL" ? 1 : -1;
    const beyond = view.chain
      .filter((quote) => quote.optionType === optionType && quote.bid !== null && quote.ask !== null)
      .filter((quote) => outward * (Number(quote.strike) - Number(view.spot)) > 0)
      .sort((one, other) => outward * (Number(one.strike) - Number(other.strike)));
    const [sold, bought] = [beyond[SOLD_AT], beyond[BOUGHT_AT]];
    if (sold === undefined || bought === undefined)
      throw new Error(`no strikes for the ${optionType} side of a condor`);
    return [
      { instrumentId: sold.instrumentId, side: "SELL" },
      { instrumentId: bought.instrumentId, side: "BUY" },
    ];
  });
  let sent = 0;
  return {
    ...orders,
    url: new URL("/v1/order-lists", orders.url).href,
    body: () => {
      sent += 1;
      return JSON.stringify({ listId: `condor-${sent}`, legs });
    },
  };
}
