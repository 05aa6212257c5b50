// One Worker, one Durable Object per user, one row written per request. Nothing else.
import { DurableObject } from "cloudflare:workers";

interface BareEnv {
  readonly ROWS: { getByName(name: string): { write(body: string): Promise<number> } };
}

export class RowObject extends DurableObject<BareEnv> {
  constructor(ctx: DurableObjectState, env: BareEnv) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL)");
  }

  async write(body: string): Promise<number> {
    return Number(this.ctx.storage.sql.exec("INSERT INTO rows (body) VALUES (?) RETURNING id", body).one()["id"]);
  }
}

export default {
  async fetch(request: Request, env: BareEnv): Promise<Response> {
    const user = request.headers.get("authorization") ?? "nobody";
    return Response.json({ id: await env.ROWS.getByName(user).write(await request.text()) }, { status: 201 });
  },
};
