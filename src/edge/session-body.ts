// A session as the API shows it.
import * as z from "zod";
import type { RecordedSession } from "../core/market/recorded-session.ts";
import type { SessionView } from "../ports/objects.ts";
import { Instant, instantOrNull, MarketDateOut, Rupees, rupeesOrNull, UnderlyingName } from "./schemas.ts";

export const SessionBody = z
  .object({
    status: z.enum(["NONE", "LOADING", "READY", "RUNNING", "PAUSED", "FINISHED", "STOPPED", "FAILED"]),
    mode: z.enum(["REPLAY", "PAPER"]),
    date: MarketDateOut.nullable(),
    now: Instant.nullable().openapi({ description: "The market instant." }),
    openAt: Instant.nullable(),
    closeAt: Instant.nullable(),
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
    recording: z
      .object({
        source: z.string(),
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
      .nullable()
      .openapi({ description: "What is being replayed." }),
  })
  .openapi("Session");
export type SessionBody = z.infer<typeof SessionBody>;

/** Where the session's stream says the same, it says it in the same words. */
export const sessionBody = (view: SessionView): SessionBody => ({
  status: view.status,
  mode: view.mode,
  date: view.session?.date ?? null,
  now: instantOrNull(view.nowMs),
  openAt: instantOrNull(view.session?.openMs ?? null),
  closeAt: instantOrNull(view.session?.closeMs ?? null),
  speed: view.speed,
  cycle: view.cycle,
  phase: view.phase,
  accounts: view.accounts,
  waitingFor: [...view.waitingFor],
  failure: view.failure,
  recording: view.session === null ? null : recordingBody(view.session),
});

const recordingBody = (session: RecordedSession): NonNullable<SessionBody["recording"]> => ({
  source: session.source,
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
