// Which methods a path answers: what turns a wrong method into 405 with `Allow` instead of 404.
import type { EdgeApp } from "./define-route.ts";

interface PathMethods {
  readonly pattern: RegExp;
  readonly methods: ReadonlySet<string>;
}

const tables = new WeakMap<EdgeApp, readonly PathMethods[]>();

export function methodsOf(app: EdgeApp, path: string): readonly string[] {
  let table = tables.get(app);
  if (table === undefined) {
    table = tableOf(app);
    tables.set(app, table);
  }
  const found = new Set(table.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => [...methods]));
  if (found.has("GET")) found.add("HEAD");
  return [...found].sort();
}

function tableOf(app: EdgeApp): readonly PathMethods[] {
  const routes = app.routes.filter((route) => route.method !== "ALL");
  return [...Map.groupBy(routes, (route) => route.path)].map(([path, group]) => ({
    pattern: new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/:[^/]+/g, "[^/]+")}$`),
    methods: new Set(group.map((route) => route.method)),
  }));
}
