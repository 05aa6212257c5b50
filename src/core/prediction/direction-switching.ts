// When a view may turn round, and what to do beforehand when it is about to (AI-01, AI-09). Getting out is never held back;
// turning to the other side is: at most four times an hour, and not within five minutes of the last time.
import { formatRupees, type Paise, paise } from "../kernel/money.ts";
import { type EpochMs, MS_PER_MINUTE } from "../kernel/time.ts";
import type { ViewClass } from "./dataset.ts";

export interface SwitchingTerms {
  readonly switchesPerHourMax: number;
  readonly cooldownMs: number;
  /** Probability of a reversal × 10,000 from which the view turns at once. */
  readonly switchBps: number;
  /** From which it turns when the position is losing. */
  readonly preventiveBps: number;
  /** From which it is watched. */
  readonly watchBps: number;
  /** What a switch leaves of the old direction: everything, or by what is lost, as what is left beforehand. */
  readonly atSwitch: "ALL" | "BY_LOSS";
  /** Loss from which the urgency is high, and beyond which it is critical. */
  readonly highLossPaise: Paise;
  readonly criticalLossPaise: Paise;
}

export const SWITCHING_TERMS: SwitchingTerms = {
  switchesPerHourMax: 4,
  cooldownMs: 5 * MS_PER_MINUTE,
  switchBps: 7_000,
  preventiveBps: 6_000,
  watchBps: 5_000,
  atSwitch: "ALL",
  highLossPaise: paise(500_00),
  criticalLossPaise: paise(2_000_00),
};

export interface SwitchingState {
  /** The direction that positions are held in; null while none is. */
  readonly direction: ViewClass | null;
  /** When the view turned, in order. */
  readonly switchedAtMs: readonly EpochMs[];
}

export interface ReversalEvidence {
  /** The direction that it would turn to. */
  readonly to: ViewClass;
  /** Probability × 10,000 that the held direction has ended. */
  readonly reversalBps: number;
  /** Of the positions of the held direction; negative is a loss. */
  readonly openResultPaise: Paise;
  readonly atMs: EpochMs;
}

export type Urgency = "LOW" | "MEDIUM" | "HIGH" | "CRITICAL";

export interface SwitchingDecision {
  /** What becomes of positions of the old direction. */
  readonly exits: "NONE" | "TIGHTEN_STOPS" | "LOSERS" | "ALL";
  /** Whether entries of the new direction may follow. */
  readonly isSwitch: boolean;
  readonly urgency: Urgency | null;
  readonly reason: string;
}

/** The terms as people say them. */
export interface SwitchingChoice {
  readonly switchesPerHour?: number;
  readonly cooldownMinutes?: number;
  readonly preventiveExits?: boolean;
  readonly atSwitch?: SwitchingTerms["atSwitch"];
}

export const fullSwitchingChoice = (choice: SwitchingChoice): Required<SwitchingChoice> => ({
  switchesPerHour: SWITCHING_TERMS.switchesPerHourMax,
  cooldownMinutes: SWITCHING_TERMS.cooldownMs / MS_PER_MINUTE,
  preventiveExits: true,
  atSwitch: SWITCHING_TERMS.atSwitch,
  ...choice,
});

/** What is left out is as the rules have it. */
export function switchingTermsOf(choice: SwitchingChoice): SwitchingTerms {
  const { switchesPerHour, cooldownMinutes, preventiveExits, atSwitch } = fullSwitchingChoice(choice);
  const cooldownMs = cooldownMinutes * MS_PER_MINUTE;
  const terms = { ...SWITCHING_TERMS, switchesPerHourMax: switchesPerHour, cooldownMs, atSwitch };
  return preventiveExits ? terms : withoutPreventiveExits(terms);
}

/** Nothing is left or tightened before the view has turned. */
export const withoutPreventiveExits = (terms: SwitchingTerms): SwitchingTerms => ({
  ...terms,
  preventiveBps: terms.switchBps,
  watchBps: terms.switchBps,
});

const HOUR_MS = 60 * MS_PER_MINUTE;

export function decideSwitch(
  state: SwitchingState,
  evidence: ReversalEvidence,
  terms: SwitchingTerms = SWITCHING_TERMS,
): SwitchingDecision {
  const { to, reversalBps, openResultPaise } = evidence;
  const stays = (reason: string): SwitchingDecision => ({ exits: "NONE", isSwitch: false, urgency: null, reason });
  if (state.direction === to) return stays(`It is ${to} already.`);
  const percent = `${(reversalBps / 100).toFixed(1)} %`;
  const held = heldBack(state, evidence.atMs, terms);
  if (state.direction === null) {
    if (reversalBps < terms.switchBps) return stays(`${to} at ${percent} is not enough to begin with.`);
    return { exits: "NONE", isSwitch: held === null, urgency: null, reason: held ?? `${to} at ${percent}.` };
  }
  if (reversalBps < terms.watchBps) return stays(`A reversal at ${percent} is not likely.`);
  const isLosing = openResultPaise < 0;
  const urgency = urgencyOf(openResultPaise, terms);
  const isPreventive = reversalBps >= terms.preventiveBps && isLosing;
  if (reversalBps < terms.switchBps && !isPreventive) {
    return {
      exits: isLosing ? "TIGHTEN_STOPS" : "NONE",
      isSwitch: false,
      urgency: isLosing ? "LOW" : null,
      reason: `A reversal at ${percent} is watched.`,
    };
  }
  const loss = isLosing ? `, ₹${formatRupees(paise(-openResultPaise))} behind` : "";
  const said = `${state.direction} ends at ${percent}${loss}${isPreventive && reversalBps < terms.switchBps ? ", left beforehand" : ""}.`;
  return {
    exits: reversalBps >= terms.switchBps && terms.atSwitch === "ALL" ? "ALL" : EXITS[urgency],
    isSwitch: held === null,
    urgency,
    reason: held === null ? said : `${said} ${held}`,
  };
}

/** Why nothing of a direction may be entered now; null where it may. Going on as before is no switch. */
export const entryHeldBack = (
  state: SwitchingState,
  to: ViewClass,
  atMs: EpochMs,
  terms: SwitchingTerms = SWITCHING_TERMS,
): string | null => (state.direction === null || state.direction === to ? null : heldBack(state, atMs, terms));

/** The state after a switch that was made. */
export function switched(state: SwitchingState, to: ViewClass, atMs: EpochMs): SwitchingState {
  if (state.direction === to) return state;
  const kept = state.switchedAtMs.filter((at) => atMs - at < HOUR_MS);
  // The first direction of all turns nothing round.
  return { direction: to, switchedAtMs: state.direction === null ? kept : [...kept, atMs] };
}

const EXITS: Readonly<Record<Urgency, SwitchingDecision["exits"]>> = {
  LOW: "TIGHTEN_STOPS",
  MEDIUM: "LOSERS",
  HIGH: "ALL",
  CRITICAL: "ALL",
};

/** By what is behind: nothing, up to ₹500, up to ₹2,000, more. */
function urgencyOf(openResultPaise: Paise, { highLossPaise, criticalLossPaise }: SwitchingTerms): Urgency {
  const loss = -openResultPaise;
  if (loss <= 0) return "LOW";
  if (loss < highLossPaise) return "MEDIUM";
  return loss <= criticalLossPaise ? "HIGH" : "CRITICAL";
}

/** Why it may not turn now; null where it may. */
function heldBack(
  { switchedAtMs }: SwitchingState,
  atMs: EpochMs,
  { switchesPerHourMax, cooldownMs }: SwitchingTerms,
): string | null {
  const last = switchedAtMs.at(-1);
  if (last !== undefined && atMs - last < cooldownMs)
    return `No entry: the last switch is less than ${cooldownMs / MS_PER_MINUTE} minutes ago.`;
  const withinHour = switchedAtMs.filter((at) => atMs - at < HOUR_MS).length;
  return withinHour >= switchesPerHourMax
    ? `No entry: ${withinHour} switches within the hour, ${switchesPerHourMax} are allowed.`
    : null;
}
