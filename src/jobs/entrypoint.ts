// The jobs as the session calls them, over the Worker's own entrypoint: the cron triggers run the very same functions.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Result } from "../core/kernel/result.ts";
import type { EpochMs, MarketDate } from "../core/kernel/time.ts";
import type { ModelRecord, RegistryRefusal } from "../core/prediction/registry.ts";
import type { Job } from "../core/session/job.ts";
import type { AppEnv } from "../env.ts";
import type { BarDay } from "../ports/history.ts";
import type {
  DayVerification,
  JobOutcome,
  JobRefusal,
  JobRerun,
  JobsRpc,
  PlatformSwitch,
  RebuildCounts,
  RebuiltPage,
  SwitchRequest,
} from "../ports/jobs.ts";
import type { LabStart, ModelAction, ShownEvidence } from "../ports/lab.ts";
import { replayDeadLetter } from "./dead-letters.ts";
import { keepHistory, startLabRun } from "./lab.ts";
import { actOnModel, evidenceOf } from "./models.ts";
import { switchPlatform } from "./platform-switch.ts";
import { rebuildAccount } from "./rebuild-account.ts";
import { rebuildAccounts } from "./rebuild-accounts.ts";
import { reconcileAccounts } from "./reconcile-accounts.ts";
import { rerunJob } from "./rerun-job.ts";
import { spreadRestrictions } from "./restrictions.ts";
import { runJob } from "./run-job.ts";
import { verifyDay } from "./verify-day.ts";

export class Jobs extends WorkerEntrypoint<AppEnv> implements JobsRpc {
  run(job: Job, atMs: EpochMs): Promise<JobOutcome> {
    return runJob(this.env, job, atMs);
  }

  rerun(jobKey: string): Promise<Result<JobRerun, JobRefusal>> {
    return rerunJob(this.env, jobKey);
  }

  verifyDay(date: MarketDate): Promise<DayVerification> {
    return verifyDay(this.env, date);
  }

  switchPlatform(request: SwitchRequest): Promise<PlatformSwitch | null> {
    return switchPlatform(this.env, request);
  }

  spreadRestrictions(): Promise<number> {
    return spreadRestrictions(this.env);
  }

  reconcileAccounts(): Promise<string> {
    return reconcileAccounts(this.env);
  }

  keepHistory(days: readonly BarDay[], replace: boolean): Promise<void> {
    return keepHistory(this.env, days, replace);
  }

  actOnModel(action: ModelAction): Promise<Result<readonly ModelRecord[], RegistryRefusal>> {
    return actOnModel(this.env, action);
  }

  modelEvidence(modelId: string): Promise<ShownEvidence | null> {
    return evidenceOf(this.env, modelId);
  }

  startLabRun(run: LabStart): Promise<boolean> {
    return startLabRun(this.env, run);
  }

  rebuild(accountId: string, afterSequence: number): Promise<RebuiltPage | null> {
    return rebuildAccount(this.env, accountId, afterSequence);
  }

  rebuildAll(accountIds: readonly string[] | null): Promise<RebuildCounts> {
    return rebuildAccounts(this.env, accountIds);
  }

  replayDeadLetter(id: string): Promise<boolean> {
    return replayDeadLetter(this.env, id);
  }
}
