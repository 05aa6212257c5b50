// What a sweep tries: for each parameter the values, and what becomes of those that are not tried.
import { useState } from "preact/hooks";
import { Field } from "../parts.tsx";
import type { Parameter, Values } from "../strategies/parameter.ts";
import { wordsOf } from "../strategies/parameter-fields.tsx";
import { SETS_MAX, type Tried, valuesIn } from "./sweep-sets.ts";

export interface SweepFieldsProps {
  readonly parameters: readonly Parameter[];
  readonly values: Values;
  readonly tried: Tried;
  readonly sets: number;
  readonly onChange: (tried: Tried) => void;
}

export const SweepFields = ({ parameters, values, tried, sets, onChange }: SweepFieldsProps) => (
  <>
    <p class="reason">
      Every combination is played over the same days, {SETS_MAX} at most. The best of many is best partly by chance; the
      result says how much of it that explains.
    </p>
    <div class="fields">
      {parameters.map((parameter) =>
        parameter.kind === "CHOICE" ? (
          <Options
            key={parameter.name}
            parameter={parameter}
            chosen={tried[parameter.name] ?? []}
            onChoose={(chosen) => onChange({ ...tried, [parameter.name]: chosen })}
          />
        ) : (
          <Numbers
            key={parameter.name}
            parameter={parameter}
            value={values[parameter.name] ?? parameter.default}
            onChange={(given) => onChange({ ...tried, [parameter.name]: given })}
          />
        ),
      )}
    </div>
    <p class="reason" role="status">
      {sets < 2 ? "No sweep: two values of one parameter make one." : `${sets} sets of parameters.`}
    </p>
  </>
);

function Numbers(props: {
  parameter: Extract<Parameter, { kind: "NUMBER" }>;
  value: string | number;
  onChange: (given: readonly string[]) => void;
}) {
  const { parameter, value, onChange } = props;
  const [written, write] = useState("");
  const id = `sweep-${parameter.name}`;
  return (
    <Field id={id} label={wordsOf(parameter.name)} hint={`${parameter.min} to ${parameter.max}; left empty: ${value}`}>
      <input
        id={id}
        class="field"
        inputmode="decimal"
        autocomplete="off"
        aria-describedby={`${id}-hint`}
        value={written}
        onInput={(event) => {
          write(event.currentTarget.value);
          onChange(valuesIn(event.currentTarget.value));
        }}
      />
    </Field>
  );
}

const Options = (props: {
  readonly parameter: Extract<Parameter, { kind: "CHOICE" }>;
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
}) => (
  <fieldset class="labeled ticks">
    <legend>{wordsOf(props.parameter.name)}</legend>
    {props.parameter.options.map((option) => (
      <label key={option}>
        <input
          type="checkbox"
          checked={props.chosen.includes(option)}
          onChange={() =>
            props.onChoose(props.parameter.options.filter((each) => props.chosen.includes(each) !== (each === option)))
          }
        />
        {option.toLowerCase()}
      </label>
    ))}
  </fieldset>
);
