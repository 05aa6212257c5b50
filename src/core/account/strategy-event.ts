// What happens to the strategies of an account.
import type { Underlying } from "../instrument/contract.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { InstanceState, OpenByStrategy, StrategyAction } from "../strategy/definition/instance.ts";

export type StrategyEvent =
  | {
      readonly type: "STRATEGY_LOADED";
      readonly atMs: EpochMs;
      readonly instanceId: string;
      readonly strategyId: string;
      readonly definitionText: string;
      readonly hash: string;
      readonly underlying: Underlying;
      readonly parametersText: string;
    }
  | {
      readonly type: "STRATEGY_MOVED";
      readonly atMs: EpochMs;
      readonly instanceId: string;
      readonly to: InstanceState;
      readonly reason: string;
    }
  | {
      readonly type: "STRATEGY_PARAMETERS_SET";
      readonly atMs: EpochMs;
      readonly instanceId: string;
      readonly parametersText: string;
    }
  | { readonly type: "STRATEGY_REMOVED"; readonly atMs: EpochMs; readonly instanceId: string }
  /** What it came to in a window; journaled when it did something, or held back for another reason than before. */
  | {
      readonly type: "STRATEGY_DECIDED";
      readonly atMs: EpochMs;
      readonly instanceId: string;
      readonly action: StrategyAction;
      readonly reason: string;
      /** Of ENTERED. */
      readonly open?: OpenByStrategy;
    }
  /** The exits of what it has entered have been set. */
  | { readonly type: "STRATEGY_ARMED"; readonly atMs: EpochMs; readonly instanceId: string };
