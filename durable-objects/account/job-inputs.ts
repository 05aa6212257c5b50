// What a command from outside lacks for one particular account: prices of what it holds, the venue's statement of its day.
import type { Command, PriceView } from "../../src/core/account/command.ts";
import { hasGuardFired, heldContracts } from "../../src/core/account/held-contracts.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import type { MarketDate } from "../../src/core/kernel/time.ts";
import { brokerStatementOf, daysOf } from "../../src/core/settlement/broker-statement.ts";
import type { CompareWithVenue, JobCommand, PollTransfers } from "../../src/ports/objects.ts";
import type { VenuePort } from "../../src/ports/venue.ts";
import { askedAgain } from "./in-time.ts";
import { type Feeds, pricesOf } from "./prices.ts";

export type DecidableJob = Exclude<JobCommand, PollTransfers | CompareWithVenue>;

/** The command with what it lacks. Throws when a feed or the venue does not answer; the job is then tried again as a whole. */
export async function withInputs(
  command: DecidableJob,
  state: AccountState,
  feeds: Feeds,
  venue: VenuePort,
): Promise<DecidableJob> {
  if (state.jobsDone[command.jobKey] === true) return command;
  switch (command.type) {
    case "SQUARE_OFF":
    case "RUN_WINDOW":
      return { ...command, prices: await withHeldPrices(command.prices, state, feeds) };
    case "SETTLE_FINAL":
      return state.day === null ? command : await withStatement(command, state, state.day.date, venue);
    default:
      return command;
  }
}

/** The given prices and, from the feeds, those of everything held that is not among them. */
export async function withHeldPrices(
  given: readonly PriceView[],
  state: AccountState,
  feeds: Feeds,
): Promise<readonly PriceView[]> {
  const priced = new Set(given.map((price) => price.instrumentId));
  const missing = heldContracts(state).filter((contract) => !priced.has(contract.instrumentId));
  return missing.length === 0 ? given : [...given, ...(await pricesOf(feeds, missing))];
}

/** Prices of what is held; none when a feed does not answer, which `failed` is told. */
export function knownHeldPrices(
  state: AccountState,
  feeds: Feeds,
  isReplay: boolean,
  failed: (error: unknown) => void,
): Promise<readonly PriceView[]> {
  const ask = () => withHeldPrices([], state, feeds);
  return (isReplay ? ask() : askedAgain(ask)).catch((error: unknown) => {
    failed(error);
    return [];
  });
}

/** When a guard has fired the results it guards must be exact, so everything else that is held is priced; else nothing is. */
export async function guardPrices(
  fired: readonly { readonly triggerId: string; readonly price: PriceView }[],
  state: AccountState,
  feeds: Feeds,
): Promise<readonly PriceView[]> {
  if (!hasGuardFired(fired, state)) return [];
  const given = fired.map(({ price }) => price);
  return (await withHeldPrices(given, state, feeds)).slice(given.length);
}

/** The venue's own executions of the day, as any broker shows them. One without a book of that day has dealt nothing. */
async function withStatement(
  command: Extract<Command, { readonly type: "SETTLE_FINAL" }>,
  state: AccountState,
  date: MarketDate,
  venue: VenuePort,
): Promise<DecidableJob> {
  const snapshot = await venue.snapshot(state.profile?.accountId ?? "", date, command.atMs);
  return { ...command, statement: brokerStatementOf(date, snapshot === null ? [] : daysOf(snapshot)) };
}
