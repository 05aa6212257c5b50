// What the session's stream says: the clock and status as the API words them, and a cycle's signals when they have been made.
import { formatRupees, type Paise } from "../../src/core/kernel/money.ts";
import { type EpochMs, formatInstant } from "../../src/core/kernel/time.ts";
import type { Signal } from "../../src/core/prediction/signal.ts";
import type { SessionView } from "../../src/ports/objects.ts";

export interface SessionFrame {
  readonly type: "session";
  readonly view: SessionFrameView;
  /** Only in the frame that follows their making. */
  readonly signals?: readonly SignalFrame[];
}

export interface SessionFrameView {
  readonly status: SessionView["status"];
  readonly mode: SessionView["mode"];
  readonly date: string | null;
  /** RFC 3339, as all instants. */
  readonly now: string | null;
  readonly openAt: string | null;
  readonly closeAt: string | null;
  readonly speed: number | null;
  readonly cycle: number | null;
  readonly phase: SessionView["phase"];
  readonly accounts: number;
  readonly failure: string | null;
}

export interface SignalFrame {
  readonly signalId: string;
  readonly cycleId: string;
  readonly underlying: string;
  readonly at: string;
  readonly direction: Signal["direction"];
  /** A fraction, e.g. 0.7312. */
  readonly confidence: number;
  readonly reason: string;
  readonly choice: { readonly instrumentId: string; readonly source: string } | null;
  /** Of a NEUTRAL view. Amounts as decimal strings of rupees. */
  readonly structure: {
    readonly template: string;
    readonly legs: readonly { readonly side: string; readonly instrumentId: string; readonly source: string }[];
    readonly credit: string | null;
    readonly lossMax: string | null;
  } | null;
}

export const sessionFrame = (view: SessionView, signals: readonly Signal[]): SessionFrame => ({
  type: "session",
  view: {
    status: view.status,
    mode: view.mode,
    date: view.session?.date ?? null,
    now: instant(view.nowMs),
    openAt: instant(view.session?.openMs ?? null),
    closeAt: instant(view.session?.closeMs ?? null),
    speed: view.speed,
    cycle: view.cycle,
    phase: view.phase,
    accounts: view.accounts,
    failure: view.failure,
  },
  ...(signals.length === 0 ? {} : { signals: signals.map(signalFrame) }),
});

const signalFrame = ({
  signalId,
  cycleId,
  underlying,
  atMs,
  direction,
  confidenceBps,
  reason,
  choice,
  structure,
}: Signal): SignalFrame => ({
  signalId,
  cycleId,
  underlying,
  at: formatInstant(atMs),
  direction,
  confidence: confidenceBps / 10_000,
  reason,
  choice: choice === null ? null : { instrumentId: choice.contract.instrumentId, source: choice.source },
  structure:
    structure === undefined
      ? null
      : {
          template: structure.template,
          legs: structure.legs.map((leg) => ({
            side: leg.side,
            instrumentId: leg.contract.instrumentId,
            source: leg.source,
          })),
          credit: rupees(structure.creditPaise),
          lossMax: rupees(structure.lossMaxPaise),
        },
});

const rupees = (amount: Paise | null): string | null => (amount === null ? null : formatRupees(amount));

const instant = (atMs: EpochMs | null): string | null => (atMs === null ? null : formatInstant(atMs));
