import { useEffect, useState } from "preact/hooks";
import { apiKey, signIn } from "./api.ts";
import { Capital } from "./components/capital.tsx";
import { Guardrails } from "./components/guardrails.tsx";
import { IndexView } from "./components/index-view.tsx";
import { LabScreen } from "./components/lab/lab-screen.tsx";
import { OptionsScreen } from "./components/options/options-screen.tsx";
import { PortfolioScreen } from "./components/portfolio/portfolio-screen.tsx";
import { RecordsScreen } from "./components/records/records-screen.tsx";
import { RiskScreen } from "./components/risk/risk-screen.tsx";
import { Notices, OrderTape, Positions, Settlement } from "./components/tables.tsx";
import { Tabs } from "./components/tabs.tsx";
import { CycleRail, TopBar } from "./components/top-bar.tsx";
import { goLive } from "./live/go-live.ts";
import { account, problem, session, UNDERLYINGS } from "./live/model.ts";
import { screen } from "./live/screen.ts";

export function App() {
  return apiKey.value === null ? <Gate /> : <Screen />;
}

function Screen() {
  useEffect(() => goLive(), []);
  const view = account.value;
  return (
    <>
      <TopBar />
      <Tabs />
      <CycleRail />
      <main>
        {problem.value !== null && (
          <div class="banner" role="alert">
            {problem.value}{" "}
            <button type="button" class="button" onClick={() => (problem.value = null)}>
              Dismiss
            </button>
          </div>
        )}
        {session.value?.failure && (
          <div class="banner" role="alert">
            The session has failed: {session.value.failure}
          </div>
        )}
        {view?.tradingState === "HALTED" && (
          <div class="banner" role="alert">
            Trading is stopped. {view.haltReason ?? ""}
          </div>
        )}
        {screen.value === "today" && <Today />}
        {screen.value === "risk" && <RiskScreen />}
        {screen.value === "portfolio" && <PortfolioScreen />}
        {screen.value === "records" && <RecordsScreen />}
        {screen.value === "options" && <OptionsScreen />}
        {screen.value === "lab" && <LabScreen />}
      </main>
      <footer>
        Fills are simulated on recorded quotes; nothing here is an offer or a promise of a return. Trading options can
        lose all of the money put in: SEBI's studies found that about nine in ten individual traders in equity
        derivatives lost money. <a href="/docs/">API reference</a>
      </footer>
    </>
  );
}

const Today = () => (
  <>
    <Capital />
    <Guardrails />
    {UNDERLYINGS.map((underlying) => (
      <IndexView key={underlying} underlying={underlying} />
    ))}
    <Positions />
    <Notices />
    <OrderTape />
    <Settlement />
  </>
);

function Gate() {
  const [key, setKey] = useState("");
  return (
    <main class="gate" style="display:block">
      <div class="brand">
        <img src="/favicon.svg" alt="" />
        <h1 style="font-size:21px">AurumHarmony</h1>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (key.trim() !== "") signIn(key.trim());
        }}
      >
        <label for="key">API key</label>
        <input
          id="key"
          class="field"
          type="password"
          autocomplete="off"
          value={key}
          placeholder="ah_paper_…"
          onInput={(event) => setKey(event.currentTarget.value)}
        />
        <button type="submit" class="button primary">
          Open the dashboard
        </button>
        <p class="muted">The start command prints a demo key. It stays in this browser tab.</p>
      </form>
    </main>
  );
}
