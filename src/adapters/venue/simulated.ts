// The simulated venue, which lives with the market feeds, behind the venue port. It keeps orders by our client order id, so a
// request may be repeated; a feed that does not answer is an outcome that nobody knows, for its own orders only.
import { UNDERLYINGS, type Underlying } from "../../core/instrument/contract.ts";
import { paise } from "../../core/kernel/money.ts";
import { epochMs } from "../../core/kernel/time.ts";
import type { ClientOrderId } from "../../core/order/order.ts";
import type { MarketFeedRpc, VenueBook } from "../../ports/objects.ts";
import type { VenueAnswer, VenueOutcome, VenuePort, VenueSnapshot } from "../../ports/venue.ts";

type FeedOf = (
  underlying: Underlying,
) => Pick<MarketFeedRpc, "venueSubmit" | "venueReplace" | "venueCancel" | "venueReports" | "venueBook">;

const TAKEN: VenueOutcome = { kind: "ACCEPTED", venueOrderId: null };

export const simulatedVenue = (feedOf: FeedOf): VenuePort => ({
  name: "SIMULATED",
  takesRepeats: true,
  keepsSequence: true,
  known: async (accountId, orders) => {
    const byFeed = Map.groupBy(orders, ({ contract }) => contract.underlying);
    const reports = await Promise.all(
      [...byFeed].map(([underlying, group]) =>
        feedOf(underlying).venueReports(
          accountId,
          group.map(({ clientOrderId }) => clientOrderId),
        ),
      ),
    );
    return new Set(reports.flat().map(({ clientOrderId }) => clientOrderId));
  },
  submit: (accountId, orders) =>
    perFeed(
      orders,
      ({ terms }) => terms,
      (underlying, group) =>
        feedOf(underlying).venueSubmit(group.map(({ terms, submittedAtMs }) => ({ accountId, terms, submittedAtMs }))),
    ),
  replace: async (accountId, requests) => {
    const unknown = new Set<ClientOrderId>();
    const answers = await perFeed(
      requests,
      (request) => request,
      async (underlying, group) => {
        const sent = group.map(({ clientOrderId, modifyId, terms, requestedAtMs, releaseAtMs = requestedAtMs }) => ({
          accountId,
          clientOrderId,
          modifyId,
          terms,
          sentAtMs: releaseAtMs,
        }));
        for (const id of await feedOf(underlying).venueReplace(sent)) unknown.add(id);
      },
    );
    return answers.map((answer) =>
      unknown.has(answer.clientOrderId) ? { ...answer, outcome: { kind: "REFUSED", code: "UNKNOWN_ORDER" } } : answer,
    );
  },
  cancel: (accountId, requests) =>
    perFeed(
      requests,
      (request) => request,
      async (underlying, group) => {
        const feed = feedOf(underlying);
        for (const [atMs, atOnce] of Map.groupBy(group, ({ requestedAtMs }) => requestedAtMs)) {
          await feed.venueCancel(
            accountId,
            atOnce.map(({ clientOrderId }) => clientOrderId),
            atMs,
          );
        }
      },
    ),
  snapshot: async (accountId, date, nowMs) => {
    const books = await Promise.all(UNDERLYINGS.map((underlying) => feedOf(underlying).venueBook(accountId, date)));
    const held = books.filter((book) => book !== null);
    return held.length === 0 ? null : merged(held, nowMs);
  },
});

/** A feed's book holds everything it has ever told, so the reading is true for the latest instant anybody knows of. */
const merged = (books: readonly VenueBook[], nowMs: VenueSnapshot["readAtMs"]): VenueSnapshot => ({
  readAtMs: epochMs(Math.max(nowMs, ...books.map(({ atMs }) => atMs))),
  orders: books.flatMap(({ orders }) => orders),
  fills: books.flatMap(({ fills }) => fills),
  positions: books.flatMap(({ positions }) => positions ?? []),
  tradedPaise: paise(books.reduce((sum, { tradedPaise }) => sum + (tradedPaise ?? 0), 0)),
  // It keeps no cash: that is the account's.
  cashPaise: null,
});

/** One call to each feed; what a feed does not answer is unknown for each of its requests. */
async function perFeed<Request>(
  requests: readonly Request[],
  of: (request: Request) => {
    readonly clientOrderId: ClientOrderId;
    readonly contract: { readonly underlying: Underlying };
  },
  send: (underlying: Underlying, group: readonly Request[]) => Promise<void>,
): Promise<readonly VenueAnswer[]> {
  const byFeed = Map.groupBy(requests, (request) => of(request).contract.underlying);
  const answers = await Promise.all(
    [...byFeed].map(async ([underlying, group]) => {
      const outcome = await send(underlying, group).then(
        () => TAKEN,
        (error: unknown): VenueOutcome => ({ kind: "UNKNOWN", reason: String(error) }),
      );
      return group.map((request): VenueAnswer => ({ clientOrderId: of(request).clientOrderId, outcome }));
    }),
  );
  return answers.flat();
}
