// How long an entry that could not be handed over may still be sent. It was priced and approved on the quotes of its moment;
// after an outage it would be a bet on a market that has moved on. Exits are sent however old they are: what they close is open.
import type { EpochMs } from "../kernel/time.ts";
import type { Order } from "./order.ts";

/** Less than the age at which a live quote is too old for an entry: by then nobody would decide on it any more. */
const ENTRY_AGE_MAX_MS = 10_000;

/** Why it ended without having left, or is looked up instead of being sent once more. */
export const TOO_OLD_TO_SEND = "TOO_OLD_TO_SEND";

/** Counted from the instant at which it might have left: the order rate may hold it back. */
export const isTooOldToSend = (
  { purpose, createdAtMs, releaseAtMs }: Pick<Order, "purpose" | "createdAtMs" | "releaseAtMs">,
  now: EpochMs,
): boolean => purpose === "ENTRY" && now - Math.max(createdAtMs, releaseAtMs ?? 0) > ENTRY_AGE_MAX_MS;
