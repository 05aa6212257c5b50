import { markets, type StructureModel, signals, type Underlying } from "../live/model.ts";
import { istTime, level, rupees } from "../money.ts";

const NAMES: Readonly<Record<Underlying, string>> = { NIFTY50: "NIFTY 50", BANKNIFTY: "BANK NIFTY", SENSEX: "SENSEX" };
const GATE = 0.7;
const CALLS: Readonly<Record<string, { arrow: string; text: string; tone: string }>> = {
  BULLISH: { arrow: "▲", text: "Bullish: calls", tone: "gain" },
  BEARISH: { arrow: "▼", text: "Bearish: puts", tone: "loss" },
  NEUTRAL: { arrow: "◆", text: "Neutral: sold with wings", tone: "flat" },
  NO_TRADE: { arrow: "–", text: "No trade", tone: "flat" },
};

export function IndexView({ underlying }: { underlying: Underlying }) {
  const market = markets.value[underlying];
  const view = signals.value[underlying];
  const call = CALLS[view?.direction ?? "NO_TRADE"];
  return (
    <section class="panel view" aria-labelledby={`view-${underlying}`}>
      <header>
        <h3 id={`view-${underlying}`}>
          {NAMES[underlying]} {market?.coverage === "MODELLED" && <Modelled />}
        </h3>
        <span class="spot">{level(market?.spotPaise ?? null)}</span>
      </header>
      <Change spotPaise={market?.spotPaise ?? null} previousClosePaise={market?.previousClosePaise ?? null} />
      <Sparkline closes={market?.closes ?? []} />
      {view === undefined ? (
        <p class="empty">
          {market?.coverage === "NONE" ? "Not in this session" : "First view after the opening cycles"}
        </p>
      ) : (
        <>
          <p class={`call ${call?.tone ?? "flat"}`}>
            <span class="arrow" aria-hidden="true">
              {call?.arrow}
            </span>
            {call?.text}
            <small class="muted" style="font-weight:400;margin-left:auto">
              {istTime(view.atMs).slice(0, 5)}
            </small>
          </p>
          <div
            class="meter"
            role="meter"
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(view.confidence * 100)}
            aria-label={`Confidence ${Math.round(view.confidence * 100)} percent; trades need more than ${GATE * 100}`}
          >
            <span style={`width:${view.confidence * 100}%`} />
            <i style={`left:${GATE * 100}%`} />
          </div>
          <p class="reason">{view.reason}</p>
          {view.structure !== null && <Structure structure={view.structure} modelled={view.modelled} />}
          {view.contract !== null && (
            <p class="contract">
              Contract <strong>{view.contract}</strong> {view.modelled && <Modelled />}
            </p>
          )}
        </>
      )}
    </section>
  );
}

const TEMPLATES: Readonly<Record<string, string>> = { IRON_FLY: "Iron fly", IRON_CONDOR: "Iron condor" };

/** The legs in the order in which they are entered: what protects comes first. */
const Structure = ({ structure, modelled }: { structure: StructureModel; modelled: boolean }) => (
  <div class="contract">
    <p>
      <strong>{TEMPLATES[structure.template] ?? structure.template}</strong>, a set takes in{" "}
      {rupees(structure.creditPaise)} and loses at most {rupees(structure.lossMaxPaise)} {modelled && <Modelled />}
    </p>
    <ul>
      {structure.legs.map(({ side, instrumentId }) => (
        <li key={instrumentId}>
          {side === "BUY" ? "Buy" : "Sell"} <strong>{instrumentId}</strong>
        </li>
      ))}
    </ul>
  </div>
);

const Modelled = () => (
  <span class="modelled" title="Premiums are priced from the index and India VIX: this recording has none">
    modelled premiums
  </span>
);

function Change(props: { spotPaise: number | null; previousClosePaise: number | null }) {
  if (props.spotPaise === null || props.previousClosePaise === null) return <p class="muted">&nbsp;</p>;
  const change = props.spotPaise - props.previousClosePaise;
  const percent = (change / props.previousClosePaise) * 100;
  return (
    <p class={change > 0 ? "gain" : change < 0 ? "loss" : "flat"}>
      {change > 0 ? "▲ +" : change < 0 ? "▼ −" : ""}
      {level(Math.abs(change))} ({percent.toFixed(2)} %)
    </p>
  );
}

/** The day's closes of the 3-minute bars; decoration, the figures stand above. */
function Sparkline({ closes }: { closes: readonly number[] }) {
  if (closes.length < 2) return <div style="height:44px" />;
  const low = Math.min(...closes);
  const span = Math.max(...closes) - low || 1;
  const points = closes.map((close, i) => `${(i / (closes.length - 1)) * 100},${40 - ((close - low) / span) * 36}`);
  return (
    <svg viewBox="0 0 100 44" preserveAspectRatio="none" width="100%" height="44" aria-hidden="true">
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke="var(--info)"
        stroke-width="1.5"
        vector-effect="non-scaling-stroke"
      />
    </svg>
  );
}
