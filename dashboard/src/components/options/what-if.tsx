// What the basket would require and pay, as the calculators of the API answer it: asked anew when the legs change.
import { useEffect, useMemo, useState } from "preact/hooks";
import { call } from "../../api.ts";
import { signedFigure } from "../../figures.ts";
import { istTime, level, paiseOf, rupees, signedRupees, toneOf } from "../../money.ts";
import { LineChart } from "../line-chart.tsx";
import { Panel } from "../panel.tsx";
import { basket, type Chain } from "./basket.ts";

interface Payoff {
  readonly label: string;
  readonly spot: string;
  readonly firstExpiry: string;
  readonly basis: "EXACT" | "MODELLED";
  readonly netPremium: string;
  readonly roundTripCharges: string;
  readonly maxProfit: string | null;
  readonly maxLoss: string | null;
  readonly breakevens: readonly string[];
  readonly profitProbabilityBps: number;
  readonly greeks: { readonly delta: number; readonly thetaPerDay: string; readonly vegaPerPoint: string };
  readonly points: readonly { readonly spot: string; readonly atExpiry: string; readonly closed: string }[];
}

interface Margin {
  readonly label: string;
  readonly requirement: Readonly<
    Record<"premium" | "span" | "exposure" | "expiryDay" | "spreadBenefit" | "total", string>
  >;
  readonly increaseWithCushion: string;
}

interface Answer {
  readonly payoff: Payoff;
  readonly margin: Margin;
}

/** Legs are changed in quick succession. */
const SETTLE_MS = 150;

export function WhatIf({ chain }: { chain: Chain | null }) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const legs = basket.value;
  useEffect(() => {
    setFailure(null);
    if (chain === null || chain.spot === null || legs.length === 0) {
      setAnswer(null);
      return;
    }
    let isShown = true;
    const question = questionOf(chain);
    const timer = setTimeout(() => {
      Promise.all([
        call<Payoff>("POST", "/v1/calculators/payoff", question),
        call<Margin>("POST", "/v1/calculators/margin", question),
      ]).then(
        ([payoff, margin]) => isShown && setAnswer({ payoff, margin }),
        (error: unknown) => isShown && setFailure(error instanceof Error ? error.message : String(error)),
      );
    }, SETTLE_MS);
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
    // The question is that of the moment at which the legs were last changed; it does not move with every quote.
  }, [legs, chain === null]);
  if (legs.length === 0) return null;
  return (
    <Panel id="payoff" title="Payoff and margin" remark="margin: an approximation of SPAN">
      {failure !== null ? (
        <p class="empty">No answer: {failure}</p>
      ) : answer === null ? (
        <p class="empty">Asking …</p>
      ) : (
        <Shown answer={answer} />
      )}
    </Panel>
  );
}

const questionOf = (chain: Chain) => ({
  underlying: chain.underlying,
  date: new Date(chain.at).toLocaleDateString("en-CA", { timeZone: "Asia/Kolkata" }),
  time: istTime(chain.at).slice(0, 5),
  spot: chain.spot,
  legs: basket.value.map(({ ivBps, ...leg }) => (ivBps === null || ivBps < 1 ? leg : { ...leg, ivBps })),
});

function Shown({ answer: { payoff, margin } }: { answer: Answer }) {
  const xs = useMemo(() => payoff.points.map(({ spot }) => (paiseOf(spot) ?? 0) / 100), [payoff]);
  const lines = useMemo(
    () => [
      {
        colour: "--saffron" as const,
        fill: true,
        values: payoff.points.map(({ atExpiry }) => (paiseOf(atExpiry) ?? 0) / 100),
      },
      {
        colour: "--info" as const,
        dash: true,
        values: payoff.points.map(({ closed }) => (paiseOf(closed) ?? 0) / 100),
      },
    ],
    [payoff],
  );
  const unbounded = (text: string | null): string => (text === null ? "unbounded" : signedRupees(paiseOf(text)));
  const { requirement } = margin;
  return (
    <>
      <dl class="figures">
        <Figure label="Most to lose" text={unbounded(payoff.maxLoss)} tone="loss" />
        <Figure label="Most to gain" text={unbounded(payoff.maxProfit)} tone={toneOf(paiseOf(payoff.maxProfit) ?? 1)} />
        <Figure label="Blocked by the account" text={rupees(paiseOf(margin.increaseWithCushion))} />
      </dl>
      <LineChart
        height={210}
        xs={xs}
        lines={lines}
        mark={(paiseOf(payoff.spot) ?? 0) / 100}
        label={`Result at ${payoff.firstExpiry} by level of the index: at most ${unbounded(payoff.maxProfit)}, at least ${unbounded(payoff.maxLoss)}`}
      />
      <p class="legend">
        <span class="line saffron" /> at {payoff.firstExpiry}, charges counted <span class="line info" /> closed now{" "}
        <span class="line mark" /> index now
      </p>
      <dl class="sheet">
        <Row
          label={(paiseOf(payoff.netPremium) ?? 0) < 0 ? "Premium received" : "Premium paid"}
          text={rupees(Math.abs(paiseOf(payoff.netPremium) ?? 0))}
        />
        <Row label="Charges, in and out" text={rupees(paiseOf(payoff.roundTripCharges))} />
        <Row label="Even at" text={payoff.breakevens.map((at) => level(paiseOf(at))).join(" and ") || "never"} />
        <Row
          label="Chance of a profit by the model, no forecast"
          text={`${(payoff.profitProbabilityBps / 100).toFixed(1)} %`}
        />
        <Row label="Delta, units of the index" text={signedFigure(payoff.greeks.delta, 1)} />
        <Row label="Theta, per day" text={signedFigure(Number(payoff.greeks.thetaPerDay))} />
        <Row label="Vega, per point" text={signedFigure(Number(payoff.greeks.vegaPerPoint))} />
        <Row label="Margin: premium" text={rupees(paiseOf(requirement.premium))} />
        <Row label="Margin: scenarios" text={rupees(paiseOf(requirement.span))} />
        <Row label="Margin: exposure" text={rupees(paiseOf(requirement.exposure))} />
        <Row label="Margin: expiry day" text={rupees(paiseOf(requirement.expiryDay))} />
        <Row label="Saved by holding the legs together" text={rupees(paiseOf(requirement.spreadBenefit))} />
        <Row label="Margin in all" text={rupees(paiseOf(requirement.total))} total />
      </dl>
      <p class="reason">
        {margin.label} {payoff.label}
      </p>
    </>
  );
}

const Row = ({ label, text, total = false }: { label: string; text: string; total?: boolean }) => (
  <>
    <dt class={total ? "total" : ""}>{label}</dt>
    <dd class={total ? "total" : ""}>{text}</dd>
  </>
);

const Figure = ({ label, text, tone = "" }: { label: string; text: string; tone?: string }) => (
  <div class="figure">
    <dt>{label}</dt>
    <dd class={tone}>{text}</dd>
  </div>
);
