// The lab: strategies, backtests and models. Choose, run, look, compare. Every figure here is of days that are over.
import { place } from "../../live/screen.ts";
import { BacktestsView } from "./backtests/backtests-view.tsx";
import { ModelsView } from "./models/models-view.tsx";
import { StrategiesView } from "./strategies/strategies-view.tsx";

const VIEWS = [
  { id: "strategies", title: "Strategies", View: StrategiesView },
  { id: "backtests", title: "Backtests", View: BacktestsView },
  { id: "models", title: "Models", View: ModelsView },
] as const;

export function LabScreen() {
  const shown = VIEWS.find(({ id }) => id === place.value) ?? VIEWS[0];
  return (
    <>
      <nav class="views" aria-label="Lab">
        {VIEWS.map(({ id, title }) => (
          <a key={id} href={`#/lab/${id}`} {...(id === shown.id ? { "aria-current": "page" as const } : {})}>
            {title}
          </a>
        ))}
        <p class="muted">What a strategy did on past days says nothing certain about later ones.</p>
      </nav>
      <shown.View />
    </>
  );
}
