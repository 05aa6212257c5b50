// What is on record: what was checked of every order of a day and refused, what is restricted, and what the venue was found to say.
import { useState } from "preact/hooks";
import { session } from "../../live/model.ts";
import { useMayOperate } from "../../live/operator.ts";
import { Field } from "../lab/parts.tsx";
import { ComparisonsPanel } from "./comparisons.tsx";
import { CompliancePanel, RestrictionsPanel } from "./compliance.tsx";
import { DeniedPanel } from "./denied.tsx";
import { RunsPanel } from "./runs.tsx";

const IST_MS = 19_800_000;
const today = (): string => new Date(Date.now() + IST_MS).toISOString().slice(0, 10);

export function RecordsScreen() {
  const mayOperate = useMayOperate();
  const [chosen, choose] = useState<string | null>(null);
  const date = chosen ?? session.value?.date ?? today();
  return (
    <>
      <div class="views">
        <Field id="records-day" label="Day">
          <input
            id="records-day"
            class="field"
            type="date"
            required
            value={date}
            onInput={({ currentTarget }) => currentTarget.value !== "" && choose(currentTarget.value)}
          />
        </Field>
        <p class="muted">Every rule that is asked of an order is written down, passed or not.</p>
      </div>
      <CompliancePanel date={date} path={mayOperate ? "/v1/operations/compliance/report" : "/v1/compliance/report"} />
      <RestrictionsPanel date={date} />
      {!mayOperate && <DeniedPanel date={date} />}
      {mayOperate ? <RunsPanel /> : <ComparisonsPanel />}
    </>
  );
}
