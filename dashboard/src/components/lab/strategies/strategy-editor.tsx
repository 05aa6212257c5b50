// A strategy of one's own, as text: what is wrong with it is said while it is written, each fault at its field. Keeping it trades
// nothing; it is then there to be backtested and deployed like any other.
import { useEffect, useRef, useState } from "preact/hooks";
import { call, ProblemError } from "../../../api.ts";
import { Panel } from "../../panel.tsx";
import { sentenceOf, useAnswer } from "../answer.ts";
import { Failure, Field } from "../parts.tsx";
import { lineOf, type Place, placeOf, readPlaces } from "./json-places.ts";
import type { Strategy } from "./strategy.ts";

const CHECK_AFTER_MS = 500;

export interface EditorProps {
  /** What is begun with. */
  readonly text: string;
  readonly title: string;
  readonly onKept: (strategyId: string) => void;
  readonly onClose: () => void;
}

interface Fault {
  readonly field: string;
  readonly message: string;
}

type Checked =
  | { readonly state: "CHECKING" | "VALID" }
  | { readonly state: "FAULTY"; readonly faults: readonly (Fault & { readonly place: Place; readonly line: number })[] }
  | { readonly state: "UNKNOWN"; readonly failure: string };

export function StrategyEditor({ text: begun, title, onKept, onClose }: EditorProps) {
  const [text, setText] = useState(begun);
  const [checked, setChecked] = useState<Checked>({ state: "CHECKING" });
  const [isBusy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    let isLatest = true;
    const timer = setTimeout(() => void check(text).then((next) => isLatest && setChecked(next)), CHECK_AFTER_MS);
    setChecked({ state: "CHECKING" });
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
  }, [text]);
  useEffect(() => area.current?.focus(), []);
  const keep = async (): Promise<void> => {
    setBusy(true);
    const next = await check(text);
    setChecked(next);
    if (next.state === "VALID") {
      await call<Strategy>("POST", "/v1/strategies", { definition: JSON.parse(text) as unknown }).then(
        ({ strategyId }) => onKept(strategyId),
        (error: unknown) => setChecked(refusedBy(error, text)),
      );
    }
    setBusy(false);
  };
  const goTo = ({ from, to }: Place): void => {
    const element = area.current;
    if (element === null) return;
    element.focus();
    element.setSelectionRange(from, to);
    const lines = lineOf(text, from) - 1;
    element.scrollTop = Math.max(0, (lines / text.split("\n").length) * element.scrollHeight - 60);
  };
  const faults = checked.state === "FAULTY" ? checked.faults : [];
  return (
    <Panel id="editor" title={title} wide={8} remark="JSON, format version 1">
      <form
        class="lab-form"
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        <div class="definition">
          <Field
            id="definition"
            label="Definition"
            hint="A name and version are kept once; a change is a new version. Kept, it trades nothing before it is deployed and started."
          >
            <textarea
              ref={area}
              id="definition"
              class="field code"
              spellcheck={false}
              autocomplete="off"
              wrap="off"
              rows={24}
              aria-describedby="definition-hint definition-state"
              aria-invalid={checked.state === "FAULTY"}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </Field>
          <div class="faults">
            <p id="definition-state" role="status" class={TONES[checked.state]}>
              {stateWords(checked)}
            </p>
            {faults.length > 0 && (
              <ul aria-label="What is wrong with it">
                {faults.map(({ field, message, place, line }) => (
                  <li key={`${field} ${message}`}>
                    <button type="button" class="as-link" onClick={() => goTo(place)}>
                      Line {line}, {field}
                    </button>
                    <span>{message}</span>
                  </li>
                ))}
              </ul>
            )}
            <Figures />
          </div>
        </div>
        <Failure sentence={checked.state === "UNKNOWN" ? checked.failure : null} />
        <div class="choices">
          <button type="submit" class="button primary" disabled={isBusy}>
            Keep the strategy
          </button>
          <button type="button" class="button" onClick={onClose}>
            Leave without keeping
          </button>
        </div>
      </form>
    </Panel>
  );
}

const TONES: Readonly<Record<Checked["state"], string>> = {
  CHECKING: "muted",
  VALID: "gain",
  FAULTY: "loss",
  UNKNOWN: "muted",
};

function stateWords(checked: Checked): string {
  switch (checked.state) {
    case "CHECKING":
      return "Looking at it …";
    case "VALID":
      return "It can be kept.";
    case "UNKNOWN":
      return "It could not be looked at.";
    case "FAULTY":
      return checked.faults.length === 1 ? "One fault:" : `${checked.faults.length} faults:`;
  }
}

/** Names that conditions may compare. */
function Figures() {
  const [isOpen, setOpen] = useState(false);
  const { data } = useAnswer<{ data: readonly string[] }>(isOpen ? "/v1/strategies/features" : null);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Figures that conditions may use</summary>
      <p class="reason names">{data === null ? "Asking …" : data.data.join(", ")}</p>
    </details>
  );
}

async function check(text: string): Promise<Checked> {
  const read = readPlaces(text);
  if (!read.ok) {
    const place = { from: read.at, to: Math.min(text.length, read.at + 1) };
    const fault = { field: "no JSON", message: read.message, place, line: lineOf(text, read.at) };
    return { state: "FAULTY", faults: [fault] };
  }
  try {
    const { valid, problems } = await call<{ valid: boolean; problems: readonly Fault[] }>(
      "POST",
      "/v1/strategies/validate",
      { definition: read.value },
    );
    return valid ? { state: "VALID" } : faulty(problems, text);
  } catch (error) {
    return refusedBy(error, text);
  }
}

/** What the API names is shown at its field; anything else as one sentence. */
function refusedBy(error: unknown, text: string): Checked {
  if (!(error instanceof ProblemError)) return { state: "UNKNOWN", failure: sentenceOf(error) };
  const { code, detail, errors } = error.problem;
  if (code === "STRATEGY_EXISTS") return faulty([{ field: "version", message: detail }], text);
  return errors.length > 0 ? faulty(errors, text) : { state: "UNKNOWN", failure: sentenceOf(error) };
}

function faulty(faults: readonly Fault[], text: string): Checked {
  const read = readPlaces(text);
  const places: ReadonlyMap<string, Place> = read.ok ? read.places : new Map();
  return {
    state: "FAULTY",
    faults: faults.map(({ field, message }) => {
      const place = placeOf(places, field);
      return { field, message, place, line: lineOf(text, place.from) };
    }),
  };
}
