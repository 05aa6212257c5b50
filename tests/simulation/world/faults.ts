// What goes wrong in one run, and how often. Every seed switches a random part of the list on, each at a rate of its own:
// some bugs show only where one fault is frequent and another one absent (swarm testing).
import { Seeded } from "../../support/seeded.ts";

/** Probabilities per occasion, unless the name says otherwise. 0 = switched off in this run. */
export interface Faults {
  /** A call to the venue, the feed or the rail does not arrive. */
  readonly requestLost: number;
  /** It has taken effect, and the answer is lost: a timeout, a 5xx or an empty body after acceptance. */
  readonly answerLost: number;
  /** Its answer takes seconds instead of milliseconds. */
  readonly slowAnswer: number;
  /** The account's object is evicted, per call it makes or takes. */
  readonly eviction: number;
  /** What the account is asked to do by a client, a job or the feed is lost on the way there or back. */
  readonly callerCut: number;
  readonly callerRepeats: number;
  readonly reportLate: number;
  readonly reportTwice: number;
  /** Fills are told before the acknowledgement of their order. */
  readonly fillBeforeAck: number;
  /** Units that are dealt after the venue has said that the order is canceled. */
  readonly lateFill: number;
  /** More units than were ordered. */
  readonly overfill: number;
  /** A fill is never told as a report; the books show it. */
  readonly reportNever: number;
  /** A report says fewer units than were dealt; the books show the truth. */
  readonly shortReport: number;
  readonly venueRejects: number;
  readonly bandRejects: number;
  /** The order book shows an order only after a while. */
  readonly bookLag: number;
  /** Per episode: the venue answers nothing for a while. */
  readonly venueDown: number;
  /** Per episode and contract: what the feed shows is stale, frozen, crossed, empty, a hundred times too much. */
  readonly insaneQuote: number;
  /** Per episode: the platform's clock is up to five minutes off, forwards or backwards. */
  readonly clockSkew: number;
  /** The queue does not take a message, or its answer is lost. */
  readonly queueLost: number;
  /** Per episode: the consumers store nothing for a while. */
  readonly consumersDown: number;
  readonly messageTwice: number;
  readonly railFails: number;
  /** Per episode: the venue's gateway holds requests back for minutes while its book can be read, and lets them go together. */
  readonly gatewayStuck: number;
}

export type FaultName = keyof Faults;

const MOST: Faults = {
  requestLost: 0.15,
  answerLost: 0.15,
  slowAnswer: 0.2,
  eviction: 0.05,
  callerCut: 0.1,
  callerRepeats: 0.1,
  reportLate: 0.5,
  reportTwice: 0.3,
  fillBeforeAck: 0.5,
  lateFill: 0.3,
  overfill: 0.1,
  reportNever: 0.15,
  shortReport: 0.15,
  venueRejects: 0.1,
  bandRejects: 1,
  bookLag: 0.5,
  venueDown: 0.3,
  insaneQuote: 0.15,
  clockSkew: 0.2,
  queueLost: 0.3,
  consumersDown: 0.4,
  messageTwice: 0.3,
  railFails: 0.3,
  gatewayStuck: 0.3,
};

export const NO_FAULTS: Faults = Object.fromEntries(Object.keys(MOST).map((name) => [name, 0])) as unknown as Faults;

/** One seed in twenty runs undisturbed: what fails there fails without any help. */
export function faultsOf(seed: number, without: ReadonlySet<FaultName> = new Set()): Faults {
  const random = new Seeded(seed * 31 + 17);
  if (random.chance(0.05)) return NO_FAULTS;
  const share = 0.15 + random.next() * 0.6;
  const drawn = Object.entries(MOST).map(([name, most]): [string, number] => {
    const isOn = random.chance(share);
    // Small rates are as telling as large ones.
    const rate = most * 10 ** (-1.5 * random.next());
    return [name, isOn && !without.has(name as FaultName) ? rate : 0];
  });
  return Object.fromEntries(drawn) as unknown as Faults;
}
