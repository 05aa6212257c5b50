// Strategies: what is at work in the account, and what could be.
import { useState } from "preact/hooks";
import { Panel, Waiting } from "../../panel.tsx";
import { useAnswer } from "../answer.ts";
import { Instances } from "./instances.tsx";
import type { Instance, StrategyHead } from "./strategy.ts";
import { StrategyDetail } from "./strategy-detail.tsx";
import { StrategyEditor } from "./strategy-editor.tsx";

const LOOK_EVERY_MS = 4_000;

export function StrategiesView() {
  const strategies = useAnswer<{ data: readonly StrategyHead[] }>("/v1/strategies");
  const instances = useAnswer<{ data: readonly Instance[] }>("/v1/strategy-instances", LOOK_EVERY_MS);
  const [chosen, choose] = useState<string | null>(null);
  const [edited, edit] = useState<{ readonly text: string; readonly title: string } | null>(null);
  const offered = (strategies.data?.data ?? []).filter(({ retiredAt }) => retiredAt === null);
  const shown = chosen ?? offered[0]?.strategyId ?? null;
  return (
    <>
      <Panel id="instances" title="At work in the account" remark="paper money">
        {instances.data === null ? (
          <Waiting failure={instances.failure} />
        ) : (
          <Instances instances={instances.data.data} onMoved={instances.reload} />
        )}
      </Panel>
      <Panel id="strategies" title="Strategies" wide={4} remark={`${offered.length}`}>
        {strategies.data === null ? (
          <Waiting failure={strategies.failure} />
        ) : (
          <ul class="pick-list">
            {offered.map(({ strategyId, title, source, version }) => (
              <li key={strategyId}>
                <button
                  type="button"
                  aria-pressed={strategyId === shown}
                  onClick={() => {
                    edit(null);
                    choose(strategyId);
                  }}
                >
                  <span>{title}</span>
                  <span class="tag">{source === "LIBRARY" ? "library" : `own · v${version}`}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {edited !== null ? (
        <StrategyEditor
          key={edited.text}
          {...edited}
          onClose={() => edit(null)}
          onKept={(strategyId) => {
            edit(null);
            choose(strategyId);
            strategies.reload();
          }}
        />
      ) : (
        shown !== null && (
          <StrategyDetail
            key={shown}
            strategyId={shown}
            heads={strategies.data?.data ?? []}
            taken={(instances.data?.data ?? []).map(({ instanceId }) => instanceId)}
            onDeployed={instances.reload}
            onEdit={edit}
            onRetired={() => {
              choose(null);
              strategies.reload();
            }}
          />
        )
      )}
    </>
  );
}
