// Small parts that the lab's views share.
import type { ComponentChildren } from "preact";

export const Failure = ({ sentence }: { readonly sentence: string | null }) =>
  sentence === null ? null : (
    <p class="failure" role="alert">
      {sentence}
    </p>
  );

export const Figure = (props: {
  readonly label: string;
  readonly text: string;
  readonly tone?: string;
  readonly note?: string;
}) => (
  <div class="figure small">
    <dt>{props.label}</dt>
    <dd class={props.tone ?? ""}>{props.text}</dd>
    {props.note !== undefined && <dd class="note">{props.note}</dd>}
  </div>
);

/** A labeled field of a form, with what it takes below it. */
export const Field = (props: {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly children: ComponentChildren;
}) => (
  <div class="labeled">
    <label for={props.id}>{props.label}</label>
    {props.children}
    {props.hint !== undefined && <small id={`${props.id}-hint`}>{props.hint}</small>}
  </div>
);

export function Choice<Value extends string>(props: {
  readonly id: string;
  readonly value: Value;
  readonly options: readonly Value[];
  readonly titleOf?: (value: Value) => string;
  readonly onChoose: (value: Value) => void;
}) {
  return (
    <select
      id={props.id}
      class="field"
      value={props.value}
      onChange={(event) => props.onChoose(event.currentTarget.value as Value)}
    >
      {props.options.map((option) => (
        <option key={option} value={option}>
          {props.titleOf?.(option) ?? option}
        </option>
      ))}
    </select>
  );
}

export function Progress(props: { readonly label: string; readonly bps: number; readonly note: string }) {
  const percent = Math.floor(props.bps / 100);
  return (
    <div class="guard">
      <div>
        <span>{props.note === "" ? props.label : props.note}</span>
        <span class="text">{percent} %</span>
      </div>
      <div
        class="meter"
        role="progressbar"
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <span style={`width:${percent}%`} />
      </div>
    </div>
  );
}

/** A date and time of day in IST. */
export const istMoment = (instant: string): string =>
  new Date(instant).toLocaleString("en-IN", {
    timeZone: "Asia/Kolkata",
    day: "2-digit",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });

export const words = (code: string): string => code.toLowerCase().replaceAll("_", " ");
