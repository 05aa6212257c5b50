// The registry's rows for orders that a rule refuses before they leave.
import type { DenialCode } from "../core/risk/denial.ts";
import { type ProblemKind, row } from "./problem-kind.ts";

const denied = (title: string, meaning: string, remedy: string, retryable: boolean = false): ProblemKind =>
  row(422, title, meaning, remedy, retryable);

/** DAY_NOT_OPEN is also a refusal of the account itself and has its row there. */
export const DENIAL: Readonly<Record<Exclude<DenialCode, "DAY_NOT_OPEN">, ProblemKind>> = {
  ACCOUNT_HALTED: denied(
    "Trading is stopped",
    "The kill switch is on: nothing new is sent.",
    "Resume the account first.",
    true,
  ),
  PLATFORM_HALTED: denied(
    "All trading is stopped",
    "The platform is stopped, by the operator or by its own breaker: nobody's new orders are sent, and what is open is being closed.",
    "Exits pass; entries wait until the operator lifts the stop.",
    true,
  ),
  UNDERLYING_HALTED: denied(
    "The underlying is stopped",
    "New orders in this underlying are stopped, by the operator for everybody or for this account alone.",
    "Exits pass, and so do entries in other underlyings.",
    true,
  ),
  DAY_ENDED: denied(
    "The account's own end of the day",
    "An exit group of the whole account that ends the day has reached its target or its stop: `limit` is the level, `value` the result.",
    "Exits pass; entries pass again on the next day.",
  ),
  CIRCUIT_BREAKER: denied(
    "The circuit breaker has tripped",
    "A loss, stale data or a burst of venue errors has tripped the account's breaker; `limit` and `value` say by how much.",
    "Exits pass; entries wait for the next trading day or for the operator.",
    true,
  ),
  FEED_SILENT: denied(
    "The market feed is silent",
    "No tick of the underlying has come for `value` milliseconds, and no new risk is taken beyond `limit`.",
    "Exits pass; send the entry again when the market ticks.",
    true,
  ),
  ENTRIES_CLOSED: denied(
    "No new positions now",
    "Outside the hours for entries, or in a state in which positions may only be closed.",
    "Exits pass; entries wait for the next session.",
    true,
  ),
  CATEGORY_UNKNOWN: denied(
    "Unknown category",
    "The account's category is in no table, so it has no limits and opens nothing.",
    "An operator must give the account a category.",
  ),
  OWN_CAPITAL_LIMIT: denied(
    "Too much own capital",
    "An account trades at most `limit` paise of its own capital.",
    "Move the excess to another account or leave it in savings.",
  ),
  UNDERLYING_NOT_ALLOWED: denied(
    "The underlying is not allowed",
    "The account's limits do not include this underlying.",
    "Choose an allowed one or have the limits changed.",
  ),
  PRODUCT_NOT_INTRADAY: denied(
    "Intraday only",
    "Positions are closed on the day they are opened; no carry product is taken.",
    'Send product "INTRADAY".',
  ),
  CONTRACT_EXPIRED: denied(
    "The contract has expired",
    "The contract's expiry lies before the session's date.",
    "Choose a later expiry.",
  ),
  EXPIRY_UNKNOWN: denied(
    "Not an expiry day",
    "The contract's expiry is none that the exchange's calendar lists for the underlying.",
    "Choose a listed expiry.",
  ),
  EXPIRY_NOT_PERMITTED: denied(
    "The expiry is too far",
    "Contracts are traded up to the last expiry of the month.",
    "Choose a nearer expiry; `detail` names the last one that passes.",
  ),
  QUANTITY_NOT_WHOLE_LOTS: denied(
    "Not a whole number of lots",
    "The exchange takes whole lots only; `limit` is the lot in units.",
    "Send a multiple of it, or quantityLots.",
  ),
  QUANTITY_ABOVE_FREEZE: denied(
    "Above the freeze quantity",
    "The exchange freezes single orders above `limit` units.",
    "Send several smaller orders.",
  ),
  PRICE_NOT_ON_TICK: denied(
    "The price is not on a tick",
    "Limits are multiples of the tick, `limit` paise.",
    "Round the price to the tick.",
  ),
  QUOTE_MISSING: denied(
    "No quote",
    "The contract has no quote to judge the order by.",
    "Wait for a quote or choose another contract.",
    true,
  ),
  QUOTE_STALE: denied(
    "The quote is too old",
    "The last quote is older than an entry may rest on (`limit` and `value` in milliseconds).",
    "Wait for a fresh quote.",
    true,
  ),
  QUOTE_INSANE: denied(
    "The quote makes no sense",
    "Bid, ask and last price contradict each other or are no prices at all.",
    "Wait for the next quote.",
    true,
  ),
  QUOTE_JUMP: denied(
    "The price has jumped",
    "The quote is `value` times away from the last price that followed from the one before it, and `limit` times is the most.",
    "Wait until quotes follow from one another again; after five minutes a new level is believed.",
    true,
  ),
  QUOTE_FROZEN: denied(
    "The quote stands still",
    "The index has moved `value` × 1/10,000 since bid, ask or last price last changed, and `limit` is the most.",
    "Wait until the contract's quote moves again.",
    true,
  ),
  QUOTE_OFF_MODEL: denied(
    "No model explains the price",
    "The price lies below half of the contract's intrinsic value or above its value at any volatility ever seen; `limit` paise is the nearer bound.",
    "Wait for a quote that fits the index.",
    true,
  ),
  SPREAD_TOO_WIDE: denied(
    "Bid and ask are too far apart",
    "The spread is `value` × 1/10,000 of the price, and `limit` may be paid.",
    "Wait for a narrower spread or choose a contract that is traded more.",
    true,
  ),
  PRICE_BAND: denied(
    "Outside the exchange's price band",
    "The exchange rejects prices farther from the market than its limit price protection; `limit` paise is the nearer end.",
    "Send a price within the band named in `detail`.",
  ),
  SHORT_NOT_ALLOWED: denied(
    "No short positions",
    "The order would sell more than is held.",
    "Sell at most what is held.",
  ),
  PROTECTION_REQUIRED: denied(
    "A short needs its protection",
    "An option may be sold short only while as many of the same underlying, expiry and type are held, and those may not be sold before the short is bought back; `limit` units are free.",
    "Buy the protection first or send all legs as one list; to leave, close the short first or the list as a whole.",
  ),
  LIST_MALFORMED: denied(
    "Not a list that can be sent",
    "Legs, sets or deadline are not what a list may have; the detail says which.",
    "Correct the named field.",
  ),
  POSITION_TOO_SMALL: denied(
    "The position is too small",
    "The order would close more than the position holds.",
    "Send at most `limit` units.",
  ),
  ORDER_VALUE_LIMIT: denied(
    "Above the order value limit",
    "A single order may be worth at most `limit` paise.",
    "Send a smaller order.",
  ),
  BUYING_POWER: denied(
    "Not enough buying power",
    "The order needs `value` paise and `limit` paise are free under the category, the day's volatility and what is reserved.",
    "Send a smaller order or close a position.",
    true,
  ),
  OPEN_TRADES_LIMIT: denied(
    "Too many open trades",
    "As many trades are open as the account may have.",
    "Close one first.",
    true,
  ),
  CYCLE_TRADES_LIMIT: denied(
    "Too many trades in this cycle",
    "The cycle's trades in this underlying are used up.",
    "Wait for the next cycle.",
    true,
  ),
  DAY_TRADES_LIMIT: denied(
    "Too many trades today",
    "The day's trades are used up; the limit is the strictest of the account's and the day's.",
    "Wait for the next session.",
  ),
  INDEX_TRADES_LIMIT: denied(
    "Too many trades in this index today",
    "The day's trades of this underlying are used up.",
    "Trade another underlying, or wait for the next session.",
  ),
  POSITION_LOTS_LIMIT: denied(
    "Too many lots of one underlying",
    "Open and under way, an account may have `limit` lots of one underlying.",
    "Send fewer lots or close some first.",
    true,
  ),
  POSITION_SIZE_LIMIT: denied(
    "The position would be too large",
    "One position may have cost `limit` paise, what is there already included.",
    "Send fewer lots or close some of it first.",
    true,
  ),
  PORTFOLIO_EXPOSURE_LIMIT: denied(
    "Too much at stake",
    "All that is open and under way may come to `limit` paise.",
    "Send a smaller order or close a position.",
    true,
  ),
  DAILY_TURNOVER_LIMIT: denied(
    "The day's turnover is used up",
    "Premium bought and sold in a day may come to `limit` paise where such a limit is set.",
    "Send a smaller order or wait for the next session.",
  ),
  CORRELATED_EXPOSURE_LIMIT: denied(
    "Too much in one direction",
    "What one common move of the correlated indices would hit may come to `limit` paise where such a limit is set.",
    "Send a smaller order, or take the other direction.",
  ),
  DAILY_LOSS_LIMIT: denied(
    "The daily loss limit is reached",
    "The day's loss has reached the limit; positions may only be closed.",
    "Wait for the next session.",
  ),
  LIST_LOSS_LIMIT: denied(
    "The list may lose more than the day still may",
    "What is sold can lose up to the wings at once, so all of it, with what lists that stand may still lose, has to fit what is left of the day's loss limit and drawdown, `limit` paise.",
    "Take fewer sets, or buy nearer to what is sold; `detail` says how many sets would pass.",
  ),
  KYC_VERIFICATION: denied(
    "The account is not verified",
    "Positions are opened only for accounts whose KYC is VERIFIED; `detail` says how it stands.",
    "Finish the verification; what is open can be closed.",
  ),
  SYMBOL_RESTRICTION: denied(
    "The symbol may not be traded",
    "The symbol is none of ours, or a regulator, an exchange or the operator keeps it out today.",
    "Trade options on NIFTY 50, BANKNIFTY or SENSEX that are not named in a restriction.",
  ),
  TRADE_COMPLIANCE: denied(
    "Against the rules of the exchange",
    "The capital or the expiry is beyond what is permitted.",
    "Choose a nearer expiry, or have the capital lowered.",
  ),
  POSITION_LIMIT: denied(
    "Above SEBI's position limit",
    "All positions in one underlying, as futures, may come to `limit` paise.",
    "Send fewer lots or close some first.",
  ),
  COMPLIANCE_ERROR: denied(
    "The order could not be checked",
    "Compliance failed, and what is not known to be allowed is not sent.",
    "Tell the request id to support; exits pass.",
    true,
  ),
  CLIENT_ORDER_ID_REUSED: denied(
    "The client order id is taken",
    "An order of that id but with other terms has been sent before.",
    "Use a new id for a new order, the same terms for the same.",
  ),
  TRIGGER_MISPLACED: denied(
    "The trigger does not fit",
    "A STOP_LIMIT waits for a last price it has not reached yet: a buy's trigger lies above the last price and at or below its limit, a sell's below the last price and at or above its limit. No other type has one.",
    "Move the trigger or the limit, or send a LIMIT order.",
  ),
  ORDER_RATE_LIMIT: denied(
    "Too many orders in a second",
    "An exchange takes ten orders a second from one account. Exits leave first; the entry would have had to wait `value` of at most `limit` milliseconds.",
    "Send it again a second later, under a new id.",
    true,
  ),
  MODIFICATIONS_LIMIT: denied(
    "Modified too often",
    "Brokers take `limit` modifications of one order.",
    "Cancel it and send a new one.",
  ),
  QUANTITY_BELOW_FILLED: denied(
    "Less than is filled",
    "The quantity of an order counts what is filled already, `limit` units; a modification must leave some to deal.",
    "Ask for more than that, or cancel the order.",
  ),
  NOTHING_CHANGED: denied(
    "Nothing would change",
    "The order has the quantity, limit and trigger that were asked for.",
    "Name one that differs.",
  ),
  NOT_RECONCILED: denied(
    "The books differ from the venue's",
    "The last comparison with the venue left a difference in executions, positions or cash that a person has to look at. Exits pass.",
    "Wait for the operator; a comparison without such a difference opens entries again.",
    true,
  ),
};
