// One strategy: what it does and how it loses, its parameters, and the two things to do with it.
import { useState } from "preact/hooks";
import { call } from "../../../api.ts";
import type { Underlying } from "../../../live/model.ts";
import { Panel, Waiting } from "../../panel.tsx";
import { useAnswer, useDoing } from "../answer.ts";
import { toBacktest } from "../backtests/draft.ts";
import { Choice, Failure, Field } from "../parts.tsx";
import type { Values } from "./parameter.ts";
import { ParameterFields } from "./parameter-fields.tsx";
import { defaultsOf, type Strategy, type StrategyHead, textOfCopy, textOfNextVersion } from "./strategy.ts";

export interface StrategyDetailProps {
  readonly strategyId: string;
  /** Ids of instances that there are already. */
  readonly taken: readonly string[];
  readonly onDeployed: () => void;
  /** Of all strategies: a copy needs a name that none of them has. */
  readonly heads: readonly StrategyHead[];
  readonly onEdit: (begun: { readonly text: string; readonly title: string }) => void;
  readonly onRetired: () => void;
}

export function StrategyDetail({ strategyId, taken, onDeployed, ...making }: StrategyDetailProps) {
  const { data, failure } = useAnswer<Strategy>(`/v1/strategies/${strategyId}`);
  return (
    <Panel id="strategy" title={data?.title ?? "Strategy"} wide={8} remark={data === null ? "" : data.strategyId}>
      {data === null ? (
        <Waiting failure={failure} />
      ) : (
        <>
          <p>{data.definition.description}</p>
          <p class="reason">
            Whether it earns anything is not known. A backtest says what it would have done on past days.
          </p>
          <Deploy strategy={data} taken={taken} onDeployed={onDeployed} />
          <Making strategy={data} {...making} />
        </>
      )}
    </Panel>
  );
}

function Deploy({
  strategy,
  taken,
  onDeployed,
}: { strategy: Strategy } & Pick<StrategyDetailProps, "taken" | "onDeployed">) {
  const { underlyings, parameters } = strategy.definition;
  const [underlying, chooseUnderlying] = useState<Underlying>(underlyings[0] ?? "NIFTY50");
  const [values, setValues] = useState<Values>(() => defaultsOf(parameters));
  const [given, setGiven] = useState<string | null>(null);
  const [done, setDone] = useState("");
  const { isBusy, failure, run } = useDoing();
  const instanceId = given ?? freeIdFor(strategy.name, underlying, taken);
  const deploy = (): void =>
    run(
      () =>
        call("POST", "/v1/strategy-instances", {
          instanceId,
          strategyId: strategy.strategyId,
          underlying,
          parameters: values,
        }),
      () => {
        setDone(`${instanceId} is deployed and stopped. Start it above.`);
        setGiven(null);
        onDeployed();
      },
    );
  return (
    <form
      class="lab-form"
      onSubmit={(event) => {
        event.preventDefault();
        deploy();
      }}
    >
      <div class="fields">
        <Field id="deploy-underlying" label="Index">
          <Choice id="deploy-underlying" value={underlying} options={underlyings} onChoose={chooseUnderlying} />
        </Field>
        <Field id="deploy-id" label="Name of the instance" hint="a-z, 0-9 and hyphens, up to 24">
          <input
            id="deploy-id"
            class="field"
            required
            pattern="[a-z0-9][a-z0-9\-]{0,23}"
            value={instanceId}
            onInput={(event) => setGiven(event.currentTarget.value)}
          />
        </Field>
      </div>
      <ParameterFields form="deploy" parameters={parameters} values={values} onChange={setValues} />
      <Failure sentence={failure} />
      <div class="choices">
        <button type="submit" class="button primary" disabled={isBusy}>
          Deploy to the account
        </button>
        <button
          type="button"
          class="button"
          onClick={() => toBacktest({ strategyId: strategy.strategyId, underlying, values })}
        >
          Backtest it
        </button>
        <span class="muted" role="status">
          {done}
        </span>
      </div>
    </form>
  );
}

/** What is in the library is copied; what is one's own goes on as a new version, or is put away. */
function Making(props: { strategy: Strategy } & Pick<StrategyDetailProps, "heads" | "onEdit" | "onRetired">) {
  const { strategy, heads, onEdit, onRetired } = props;
  const { isBusy, failure, run } = useDoing();
  const isOwn = strategy.source === "OWN";
  const { name, title } = strategy;
  const names = heads.map((head) => head.name);
  return (
    <>
      <fieldset class="choices making">
        <legend>Make a strategy of your own</legend>
        <button
          type="button"
          class="button"
          onClick={() => onEdit({ text: textOfCopy(strategy, names), title: `A copy of ${title}` })}
        >
          Copy and change it
        </button>
        {isOwn && (
          <>
            <button
              type="button"
              class="button"
              onClick={() => onEdit({ text: textOfNextVersion(strategy, heads), title: `A new version of ${name}` })}
            >
              New version
            </button>
            <button
              type="button"
              class="button"
              disabled={isBusy}
              title="It stays readable and is not deployed anew"
              onClick={() => run(() => call("DELETE", `/v1/strategies/${strategy.strategyId}`), onRetired)}
            >
              Retire it
            </button>
          </>
        )}
      </fieldset>
      <Failure sentence={failure} />
    </>
  );
}

const SHORT: Readonly<Record<Underlying, string>> = { NIFTY50: "nifty", BANKNIFTY: "bank", SENSEX: "sensex" };

/** A name that is not taken yet, within 24 characters. */
function freeIdFor(name: string, underlying: Underlying, taken: readonly string[]): string {
  const ending = `-${SHORT[underlying]}`;
  const start = name.slice(0, 24 - ending.length - 2).replace(/-+$/, "");
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? `${start}${ending}` : `${start}${ending}${number}`;
    if (!taken.includes(id)) return id;
  }
}
