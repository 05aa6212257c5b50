// The jobs, reached over the Worker's own loopback entrypoint: what the edge may ask of them without knowing them.
import type { JobsRpc } from "../ports/jobs.ts";
import type { EdgeContext } from "./edge-env.ts";

export const jobsOf = (c: EdgeContext): JobsRpc =>
  (c.executionCtx as unknown as { readonly exports: { readonly Jobs: JobsRpc } }).exports.Jobs;
