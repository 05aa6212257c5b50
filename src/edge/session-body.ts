// A session as the API shows it.
import * as z from "zod";
import type { RecordedSession } from "../core/market/recorded-session.ts";
import type { SessionView } from "../ports/objects.ts";
import { Instant, instant, instantOrNull, MarketDateOut, Rupees, rupeesOrNull, UnderlyingName } from "./schemas.ts";

export const SessionBody = z
  .object({
    status: z.enum(["NONE", "LOADING", "READY", "RUNNING", "PAUSED", "FINISHED", "STOPPED", "FAILED"]),
    mode: z.enum(["REPLAY", "PAPER"]),
    session: z
      .object({
        date: MarketDateOut,
        source: z.string(),
        openAt: Instant,
        closeAt: Instant,
        hasVix: z.boolean(),
        previousVix: z.string().nullable(),
        underlyings: z.array(
          z.object({
            underlying: UnderlyingName,
            chain: z.enum(["RECORDED", "MODELLED", "NONE"]),
            quoteCadenceMs: z.number().int(),
            previousClose: Rupees.nullable(),
            events: z.number().int(),
          }),
        ),
        remarks: z.array(z.string()),
      })
      .nullable(),
    now: Instant.nullable().openapi({ description: "The market instant." }),
    speed: z
      .number()
      .nullable()
      .openapi({ description: "Market seconds a second; null while it runs as fast as it goes." }),
    cycle: z.number().int().nullable(),
    phase: z.enum([
      "PRE_OPEN",
      "SIGNAL_GENERATION",
      "WINDOW_1",
      "WINDOW_2",
      "WINDOW_3",
      "EXIT_ONLY",
      "SETTLEMENT",
      "CLOSED",
    ]),
    accounts: z.number().int(),
    waitingFor: z.array(z.string()),
    failure: z.string().nullable(),
  })
  .openapi("Session");
export type SessionBody = z.infer<typeof SessionBody>;

export const sessionBody = (view: SessionView): SessionBody => ({
  status: view.status,
  mode: view.mode,
  session: view.session === null ? null : recordedBody(view.session),
  now: instantOrNull(view.nowMs),
  speed: view.speed,
  cycle: view.cycle,
  phase: view.phase,
  accounts: view.accounts,
  waitingFor: [...view.waitingFor],
  failure: view.failure,
});

const recordedBody = (session: RecordedSession): NonNullable<SessionBody["session"]> => ({
  date: session.date,
  source: session.source,
  openAt: instant(session.openMs),
  closeAt: instant(session.closeMs),
  hasVix: session.hasVix,
  previousVix: rupeesOrNull(session.previousVixCenti),
  underlyings: session.underlyings.map((one) => ({
    underlying: one.underlying,
    chain: one.chain,
    quoteCadenceMs: one.quoteCadenceMs,
    previousClose: rupeesOrNull(one.previousClosePaise),
    events: one.events,
  })),
  remarks: [...session.remarks],
});
