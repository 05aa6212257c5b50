// The parameters of a strategy as fields of a form, each with what it means and what it takes. The API has the last word.
import { Choice, Field } from "../parts.tsx";
import type { Parameter, Values } from "./parameter.ts";

export interface ParameterFieldsProps {
  /** Tells the fields of several forms on a page apart. */
  readonly form: string;
  readonly parameters: readonly Parameter[];
  readonly values: Values;
  readonly onChange: (values: Values) => void;
}

export const ParameterFields = ({ form, parameters, values, onChange }: ParameterFieldsProps) => (
  <div class="fields">
    {parameters.map((parameter) => {
      const id = `${form}-${parameter.name}`;
      const value = values[parameter.name] ?? parameter.default;
      const change = (next: string | number): void => onChange({ ...values, [parameter.name]: next });
      return parameter.kind === "CHOICE" ? (
        <Field key={id} id={id} label={wordsOf(parameter.name)} hint={parameter.description}>
          <Choice
            id={id}
            value={String(value)}
            options={parameter.options}
            titleOf={(option) => option.toLowerCase()}
            onChoose={change}
          />
        </Field>
      ) : (
        <Field
          key={id}
          id={id}
          label={wordsOf(parameter.name)}
          hint={`${parameter.min} to ${parameter.max}. ${parameter.description}`}
        >
          <input
            id={id}
            class="field"
            type="number"
            step="any"
            min={parameter.min}
            max={parameter.max}
            required
            aria-describedby={`${id}-hint`}
            value={value}
            onInput={(event) => {
              const number = event.currentTarget.valueAsNumber;
              if (!Number.isNaN(number)) change(number);
            }}
          />
        </Field>
      );
    })}
  </div>
);

/** "stopAtr" → "Stop ATR". */
export function wordsOf(name: string): string {
  const spaced = name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const known = spaced.replaceAll(/\b(atr|vix|rsi|macd|ema)\b/g, (word) => word.toUpperCase());
  return known.charAt(0).toUpperCase() + known.slice(1);
}
