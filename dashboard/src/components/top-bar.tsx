import { useEffect, useState } from "preact/hooks";
import { call, signOut } from "../api.ts";
import { linkState, marketNowMs, problem, session } from "../live/model.ts";
import { istTime } from "../money.ts";
import { KillSwitch } from "./kill-switch.tsx";

const SPEEDS = [1, 10, 30, 60, 120, 300, 600] as const;
const PHASES: Readonly<Record<string, string>> = {
  PRE_OPEN: "Before the open",
  SIGNAL_GENERATION: "Signals",
  WINDOW_1: "Window 1",
  WINDOW_2: "Window 2",
  WINDOW_3: "Window 3",
  EXIT_ONLY: "Exit only",
  SETTLEMENT: "Settlement",
  CLOSED: "Closed",
};
const LINKS = { LIVE: "live", CONNECTING: "connecting", LOST: "connection lost, trying again" } as const;

export function TopBar() {
  const view = session.value;
  return (
    <header class="bar">
      <div class="brand">
        <img src="/favicon.svg" alt="" />
        <h1 style="font-size:17px">AurumHarmony</h1>
      </div>
      <span class="mode" title="No order leaves this system: fills are simulated">
        {view?.mode === "PAPER" ? "PAPER" : "REPLAY"}
      </span>
      <Clock />
      <span class={`link-state ${linkState.value}`} role="status">
        {LINKS[linkState.value]}
      </span>
      <span class="spacer" />
      <div class="controls">
        <ReplayControls />
        <ThemeButton />
        <button type="button" class="button" onClick={signOut}>
          Sign out
        </button>
        <KillSwitch />
      </div>
    </header>
  );
}

function Clock() {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 250);
    return () => clearInterval(timer);
  }, []);
  const view = session.value;
  const nowMs = marketNowMs(Date.now());
  return (
    <div class="clock">
      <time>{nowMs === null ? "--:--:--" : istTime(nowMs)}</time>
      <small>
        IST {view?.date ?? ""}
        {view?.status === "PAUSED" ? " · paused" : view?.status === "FINISHED" ? " · day settled" : ""}
      </small>
    </div>
  );
}

/** Pause and speed of a replay. Shown to everybody; the API refuses whoever may not. */
function ReplayControls() {
  const view = session.value;
  if (view === null || view.mode !== "REPLAY") return null;
  const running = view.status === "RUNNING";
  if (!running && view.status !== "PAUSED" && view.status !== "READY") return null;
  const act = (method: string, path: string, body?: unknown) => {
    call(method, path, body).catch((error: unknown) => {
      problem.value = error instanceof Error ? error.message : String(error);
    });
  };
  return (
    <>
      <button
        type="button"
        class="button"
        onClick={() =>
          running
            ? act("POST", "/v1/sessions/current/pause")
            : act("POST", "/v1/sessions/current/start", { speed: view.speed ?? 60 })
        }
      >
        {running ? "❚❚ Pause" : "▶ Play"}
      </button>
      <label>
        <span class="visually-hidden">Speed of the replay</span>
        <select
          class="button"
          value={String(view.speed ?? "")}
          onChange={(event) => act("PUT", "/v1/sessions/current/speed", { speed: Number(event.currentTarget.value) })}
        >
          {view.speed !== null && !SPEEDS.some((speed) => speed === view.speed) && (
            <option value={String(view.speed)}>{view.speed}×</option>
          )}
          {SPEEDS.map((speed) => (
            <option key={speed} value={String(speed)}>
              {speed}×
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

const THEMES = ["system", "dark", "light"] as const;

function ThemeButton() {
  const [theme, setTheme] = useState(localStorage.getItem("aurumharmony.theme") ?? "system");
  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    localStorage.setItem("aurumharmony.theme", theme);
  }, [theme]);
  const next = THEMES[(THEMES.indexOf(theme as (typeof THEMES)[number]) + 1) % THEMES.length] ?? "system";
  return (
    <button
      type="button"
      class="button"
      aria-label={`Theme: ${theme}. Switch to ${next}`}
      onClick={() => setTheme(next)}
    >
      {theme === "dark" ? "☾" : theme === "light" ? "☀" : "◐"}
    </button>
  );
}

export function CycleRail() {
  const view = session.value;
  const steps = [
    ["SIGNAL_GENERATION", 2],
    ["WINDOW_1", 5],
    ["WINDOW_2", 5],
    ["WINDOW_3", 3],
  ] as const;
  const inCycle = steps.some(([phase]) => phase === view?.phase);
  return (
    <nav class="cycle" aria-label="Phase of the 15-minute cycle">
      <ol>
        {inCycle ? (
          steps.map(([phase, minutes]) => (
            <li key={phase} style={`flex:${minutes}`} {...(phase === view?.phase ? { "aria-current": "step" } : {})}>
              {phase === "SIGNAL_GENERATION" ? `Cycle ${view?.cycle ?? ""} · signals` : PHASES[phase]}
            </li>
          ))
        ) : (
          <li style="flex:1" aria-current="step">
            {PHASES[view?.phase ?? ""] ?? "No session"}
          </li>
        )}
      </ol>
    </nav>
  );
}
