// What is asked of a backtest. The dates offered are those of the history there is.
import { useEffect, useState } from "preact/hooks";
import { call } from "../../../api.ts";
import { account, UNDERLYINGS, type Underlying } from "../../../live/model.ts";
import { Waiting } from "../../panel.tsx";
import { useAnswer, useDoing } from "../answer.ts";
import { Choice, Failure, Field } from "../parts.tsx";
import type { Values } from "../strategies/parameter.ts";
import { ParameterFields } from "../strategies/parameter-fields.tsx";
import { defaultsOf, type Strategy, type StrategyHead } from "../strategies/strategy.ts";
import { draft } from "./draft.ts";
import type { LabRun } from "./run.ts";
import { SweepFields } from "./sweep-fields.tsx";
import { setsOf, type Tried } from "./sweep-sets.ts";

interface Coverage {
  readonly index: string;
  readonly intervalMs: number;
  readonly source: string;
  readonly days: number;
  readonly from: string;
  readonly to: string;
}

const THREE_MINUTES_MS = 180_000;
const CAPITAL = 100_000;
/** Where an edge run may put India VIX. */
const EDGE_VIX = { min: 5, max: 150 } as const;

/** What the account trades when no strategy is deployed. */
const SIGNALS: Pick<Strategy, "strategyId" | "title"> & {
  readonly definition: Pick<Strategy["definition"], "underlyings" | "parameters">;
} = {
  strategyId: "signals",
  title: "The platform's own signals",
  definition: { underlyings: UNDERLYINGS, parameters: [] },
};

export function BacktestForm({ onStarted }: { onStarted: (run: LabRun) => void }) {
  const strategies = useAnswer<{ data: readonly StrategyHead[] }>("/v1/strategies");
  const history = useAnswer<{ data: readonly Coverage[] }>("/v1/history");
  const [chosen, choose] = useState<string | null>(draft.value?.strategyId ?? null);
  const offered = (strategies.data?.data ?? []).filter(({ retiredAt }) => retiredAt === null);
  const strategyId = chosen ?? offered[0]?.strategyId ?? null;
  const strategy = useAnswer<Strategy>(
    strategyId === null || strategyId === SIGNALS.strategyId ? null : `/v1/strategies/${strategyId}`,
  );
  const played = strategyId === SIGNALS.strategyId ? SIGNALS : strategy.data;
  if (strategies.data === null || history.data === null || strategyId === null) {
    return <Waiting failure={strategies.failure ?? history.failure} />;
  }
  return (
    <>
      <Field id="bt-strategy" label="Strategy">
        <Choice
          id="bt-strategy"
          value={strategyId}
          options={[...offered.map((each) => each.strategyId), SIGNALS.strategyId]}
          titleOf={(id) => titleIn([...offered, SIGNALS], id)}
          onChoose={choose}
        />
      </Field>
      {played === null ? (
        <Waiting failure={strategy.failure} />
      ) : (
        <Terms key={strategyId} strategy={played} history={history.data.data} onStarted={onStarted} />
      )}
    </>
  );
}

/** Whose views are to be had, where any are asked for. */
const PREDICTORS = ["guided", "rules"] as const;

function Terms(props: {
  readonly strategy: typeof SIGNALS;
  readonly history: readonly Coverage[];
  readonly onStarted: (run: LabRun) => void;
}) {
  const { strategyId, definition } = props.strategy;
  const { underlyings, parameters } = definition;
  const given = draft.value?.strategyId === strategyId ? draft.value : null;
  const [underlying, chooseUnderlying] = useState<Underlying>(given?.underlying ?? underlyings[0] ?? UNDERLYINGS[0]);
  const [values, setValues] = useState<Values>({ ...defaultsOf(parameters), ...given?.values });
  const known = coverageOf(props.history, underlying);
  const [from, setFrom] = useState(known?.from ?? "");
  const [to, setTo] = useState(known?.to ?? "");
  const [capital, setCapital] = useState(CAPITAL);
  const [predictor, choosePredictor] = useState<(typeof PREDICTORS)[number]>("guided");
  const [vix, setVix] = useState("");
  const [tried, setTried] = useState<Tried>({});
  const { isBusy, failure, run } = useDoing();
  const { sets, fault } = setsOf(parameters, tried);
  const isSweep = sets.length >= 2;
  const category = account.value?.category;
  useEffect(() => {
    draft.value = null;
  }, []);
  const submit = (): void =>
    run(
      () =>
        call<LabRun>("POST", "/v1/backtests", {
          strategy: strategyId,
          underlyings: [underlying],
          from,
          to,
          capital: capital.toFixed(2),
          ...(category === undefined ? {} : { category }),
          predictor,
          ...(vix === "" ? {} : { vix: Number(vix) }),
          parameters: values,
          ...(isSweep ? { sets } : {}),
        }),
      props.onStarted,
    );
  return (
    <form
      class="lab-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div class="fields">
        <Field id="bt-underlying" label="Index">
          <Choice id="bt-underlying" value={underlying} options={underlyings} onChoose={chooseUnderlying} />
        </Field>
        <Field
          id="bt-capital"
          label="Capital in rupees"
          {...(category === undefined ? {} : { hint: `with the limits and fees of ${category.toLowerCase()}` })}
        >
          <input
            id="bt-capital"
            class="field"
            type="number"
            min={10_000}
            max={1_500_000}
            step={1}
            required
            value={capital}
            onInput={(event) => setCapital(event.currentTarget.valueAsNumber)}
          />
        </Field>
        <Field
          id="bt-views"
          label="Views"
          hint={predictor === "rules" ? "of the rules alone" : "of whom the platform would have asked on each date"}
        >
          <Choice id="bt-views" value={predictor} options={PREDICTORS} onChoose={choosePredictor} />
        </Field>
        <Field
          id="bt-vix"
          label="India VIX"
          hint={vix === "" ? "as it was" : "an edge run: as if it stood there every day"}
        >
          <input
            id="bt-vix"
            class="field"
            type="number"
            min={EDGE_VIX.min}
            max={EDGE_VIX.max}
            step={0.01}
            placeholder={`${EDGE_VIX.min} to ${EDGE_VIX.max}`}
            aria-describedby="bt-vix-hint"
            value={vix}
            onInput={(event) => setVix(event.currentTarget.value)}
          />
        </Field>
        <DateField id="bt-from" label="From" value={from} known={known} onChange={setFrom} />
        <DateField id="bt-to" label="To" value={to} known={known} onChange={setTo} />
      </div>
      <p class="reason">
        {known === null
          ? `There is no history of ${underlying}. An operator can give some with npm run give-history.`
          : `History of ${underlying}: ${known.days} trading days, ${known.from} to ${known.to}.`}
      </p>
      {parameters.length > 0 && (
        <details>
          <summary>Parameters ({parameters.length})</summary>
          <ParameterFields form="bt" parameters={parameters} values={values} onChange={setValues} />
        </details>
      )}
      {parameters.length > 0 && (
        <details>
          <summary>Sweep: try several values</summary>
          <SweepFields parameters={parameters} values={values} tried={tried} sets={sets.length} onChange={setTried} />
        </details>
      )}
      <Failure sentence={failure ?? fault} />
      <button type="submit" class="button primary" disabled={isBusy || known === null || fault !== null}>
        {isSweep ? `Run the sweep of ${sets.length} sets` : "Run the backtest"}
      </button>
    </form>
  );
}

const DateField = (props: {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly known: Span | null;
  readonly onChange: (date: string) => void;
}) => (
  <Field id={props.id} label={props.label}>
    <input
      id={props.id}
      class="field"
      type="date"
      required
      value={props.value}
      {...(props.known === null ? {} : { min: props.known.from, max: props.known.to })}
      onInput={(event) => props.onChange(event.currentTarget.value)}
    />
  </Field>
);

interface Span {
  readonly from: string;
  readonly to: string;
  readonly days: number;
}

/** Days of an index that may be looked at: not those that are played for show. */
function coverageOf(history: readonly Coverage[], underlying: Underlying): Span | null {
  const own = history.filter(
    ({ index, intervalMs, source }) => index === underlying && intervalMs === THREE_MINUTES_MS && source !== "REPLAY",
  );
  if (own.length === 0) return null;
  return {
    from: own.map(({ from }) => from).sort()[0] ?? "",
    to:
      own
        .map(({ to }) => to)
        .sort()
        .at(-1) ?? "",
    days: own.reduce((sum, { days }) => sum + days, 0),
  };
}

const titleIn = (offered: readonly Pick<StrategyHead, "strategyId" | "title">[], id: string): string =>
  offered.find(({ strategyId }) => strategyId === id)?.title ?? id;
