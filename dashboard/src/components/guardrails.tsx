import { account, dayPaise, type VixDecisionModel } from "../live/model.ts";
import { rupees } from "../money.ts";

export function Guardrails() {
  const view = account.value;
  if (view === null)
    return (
      <section class="panel guardrails">
        <h2>Guardrails</h2>
        <p class="empty">Waiting for the account</p>
      </section>
    );
  const lossPaise = Math.max(0, -(dayPaise.value ?? 0));
  return (
    <section class="panel guardrails" aria-labelledby="guardrails-title">
      <h2 id="guardrails-title">
        <span>Guardrails</span>
        <small>{MOODS(view.vix)}</small>
      </h2>
      <Guard
        label="Daily loss used"
        value={lossPaise}
        max={view.dailyLossMaxPaise}
        text={`${rupees(lossPaise)} of ${rupees(view.dailyLossMaxPaise)}`}
      />
      <Guard
        label="Trades today"
        value={view.tradesUsed}
        max={view.tradesMax}
        text={`${view.tradesUsed} of ${view.tradesMax}`}
      />
      <Guard
        label="Open trades"
        value={view.openTrades}
        max={view.openTradesMax}
        text={`${view.openTrades} of ${view.openTradesMax}`}
      />
      <Guard
        label="Capacity by India VIX"
        value={view.capacity}
        max={1}
        text={`${Math.round(view.capacity * 100)} %`}
        calm
      />
      {view.vixDecision !== null && <Decision decision={view.vixDecision} />}
      <p class="reason">
        State: <strong>{STATES[view.tradingState] ?? view.tradingState}</strong>
        {view.haltReason === null ? "" : ` · ${view.haltReason}`}
        {view.endedBy === null ? "" : ` · the day has been ended by ${view.endedBy}: nothing new is opened`}
      </p>
    </section>
  );
}

const WORDS: Readonly<Record<string, string>> = {
  EXCEED: "a fifth above",
  FOLLOW: "at",
  REDUCE: "three tenths below",
};

/** What the last window made of volatility and confidence. */
const Decision = ({ decision }: { decision: VixDecisionModel }) => (
  <p class="reason">
    Trades by volatility: <strong>{decision.adaptiveMax}</strong>, {WORDS[decision.decision] ?? decision.decision} the
    guideline of {decision.guideline}, {decision.remaining} left (
    {Object.entries(decision.allocation)
      .map(([underlying, trades]) => `${underlying} ${trades}`)
      .join(", ")}
    ). {decision.reason}.
  </p>
);

const STATES: Readonly<Record<string, string>> = {
  ACTIVE: "trading",
  REDUCING: "closing only",
  HALTED: "stopped",
};

/** The dashboard's words for volatility (VIX-06). */
const MOODS = (vix: number | null): string =>
  vix === null
    ? "India VIX unknown"
    : `India VIX ${vix.toFixed(2)} · ${vix < 15 ? "calm" : vix < 20 ? "normal" : vix < 30 ? "anxious" : "volatile"}`;

function Guard(props: { label: string; value: number; max: number; text: string; calm?: boolean }) {
  const share = props.max <= 0 ? 0 : Math.min(1, props.value / props.max);
  const tone = props.calm ? "" : share >= 1 ? "full" : share >= 0.75 ? "warn" : "";
  return (
    <div class="guard">
      <div>
        <span>{props.label}</span>
        <span>{props.text}</span>
      </div>
      <div
        class={`meter ${tone}`}
        role="meter"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={props.text}
      >
        <span style={`width:${share * 100}%`} />
      </div>
    </div>
  );
}
