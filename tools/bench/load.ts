// Load over HTTP: each connection sends orders one after the other, every next one for the next user, so that no user sends
// more in a second than the exchanges take from one.
import autocannon from "autocannon";

export interface LoadResult {
  readonly connections: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers by status code. */
  readonly statuses: Readonly<Record<string, number>>;
}

export interface LoadTarget {
  readonly url: string;
  /** One Authorization value per user, taken in turn. */
  readonly authorizations: readonly string[];
  /** The next order's body; no two are alike. */
  readonly body: () => string;
}

/** For so long, or so many requests. */
export type LoadLength = { readonly duration: number } | { readonly amount: number };

export async function load(target: LoadTarget, connections: number, length: LoadLength): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const statuses: Record<string, number> = {};
  let requests = 0;
  const next = (): { readonly authorization: string; readonly "content-type": string } => {
    requests += 1;
    const authorization = target.authorizations[requests % target.authorizations.length] ?? "";
    return { authorization, "content-type": "application/json" };
  };
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    const instance = autocannon(
      {
        url: target.url,
        method: "POST",
        connections,
        ...length,
        setupClient(client) {
          client.setHeadersAndBody(next(), target.body());
          client.on("response", (statusCode: number, _bytes: number, responseMs: number) => {
            latenciesMs.push(responseMs);
            statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
            client.setHeadersAndBody(next(), target.body());
          });
        },
      },
      (error) => (error ? reject(error) : resolve()),
    );
    instance.on("error", reject);
  });
  const elapsedS = (performance.now() - started) / 1000;
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))] ?? 0) * 100) /
    100;
  return {
    connections,
    perSecond: Math.round(latenciesMs.length / elapsedS),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    statuses,
  };
}

/** The round of the median p50. */
export const medianOf = (results: readonly LoadResult[]): LoadResult => {
  const sorted = [...results].sort((a, b) => a.p50Ms - b.p50Ms);
  return sorted[Math.floor(sorted.length / 2)] as LoadResult;
};
export const ratioOf = (ours: number, bare: number): number => Math.round((ours / bare) * 100) / 100;
export const summaryOf = (result: LoadResult): string =>
  `p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms, ${result.perSecond}/s ${JSON.stringify(result.statuses)}`;
