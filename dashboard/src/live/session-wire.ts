// The session's stream and the list of signals, into the model.
import { paiseOf } from "../money.ts";
import { extendCurve } from "./account-wire.ts";
import { type SignalModel, session, signals, UNDERLYINGS, type Underlying } from "./model.ts";

interface WireSession {
  readonly status: string;
  readonly mode: string;
  readonly date?: string | null;
  readonly now?: string | null;
  readonly speed: number | null;
  readonly cycle: number | null;
  readonly phase: string;
  readonly openAt?: string | null;
  readonly closeAt?: string | null;
  readonly failure: string | null;
}

const instant = (text: string | null | undefined): number | null => (text ? Date.parse(text) : null);

export function takeSession(message: unknown): void {
  const view = message as WireSession;
  if (typeof view.status !== "string") return;
  session.value = {
    status: view.status,
    mode: view.mode,
    date: view.date ?? null,
    nowMs: instant(view.now),
    receivedMs: Date.now(),
    speed: view.speed,
    cycle: view.cycle,
    phase: view.phase,
    openMs: instant(view.openAt),
    closeMs: instant(view.closeAt),
    failure: view.failure,
  };
  extendCurve(session.value.nowMs);
}

interface WireSignal {
  readonly underlying: string;
  readonly cycleId: string;
  readonly at: string;
  readonly direction: string;
  /** Fraction, e.g. 0.7312. */
  readonly confidence: number;
  readonly reason: string;
  readonly choice: { readonly instrumentId: string; readonly source: string } | null;
  readonly structure?: {
    readonly template: string;
    readonly legs: readonly { readonly side: string; readonly instrumentId: string; readonly source: string }[];
    readonly credit: string | null;
    readonly lossMax: string | null;
  } | null;
}

/** Keeps the newest signal of each underlying. */
export function takeSignals(answer: unknown): void {
  const newest: Partial<Record<Underlying, SignalModel>> = { ...signals.value };
  for (const wire of (answer as { data: readonly WireSignal[] }).data) {
    const underlying = UNDERLYINGS.find((name) => name === wire.underlying);
    if (underlying === undefined || (newest[underlying]?.atMs ?? 0) > Date.parse(wire.at)) continue;
    newest[underlying] = {
      direction: wire.direction,
      confidence: wire.confidence,
      reason: wire.reason,
      contract: wire.choice?.instrumentId ?? null,
      structure:
        // An older worker's stream does not say it.
        wire.structure === null || wire.structure === undefined
          ? null
          : {
              template: wire.structure.template,
              legs: wire.structure.legs.map(({ side, instrumentId }) => ({ side, instrumentId })),
              creditPaise: paiseOf(wire.structure.credit),
              lossMaxPaise: paiseOf(wire.structure.lossMax),
            },
      modelled: (wire.choice ?? wire.structure?.legs[0])?.source === "MODELLED",
      cycle: wire.cycleId,
      atMs: Date.parse(wire.at),
    };
  }
  signals.value = newest;
}
