// Everything under /v1 belongs to the API: requests, answers and WebSocket upgrades pass through unchanged.
interface Env {
  readonly API: { fetch(request: Request): Promise<Response> };
}

export const onRequest = ({ request, env }: { request: Request; env: Env }): Promise<Response> =>
  env.API.fetch(request);
