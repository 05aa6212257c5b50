// The page of routes, rendered from the same document the API serves.
import type { EdgeApp } from "./define-route.ts";
import { openapiDocument, TAGS } from "./openapi.ts";

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

export function routesPage(app: EdgeApp): string {
  const paths = Object.entries(openapiDocument(app).paths ?? {});
  const rows = paths.flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method] as Operation | undefined;
      return operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }];
    }),
  );
  const lines = [
    "# Routes",
    "",
    "<!-- Written from the routes themselves by tests/core/edge/routes-doc.test.ts with -u. -->",
    "",
    "Requests and answers field by field: `GET /v1/openapi.json`, or `/docs/` beside the dashboard.",
    "",
  ];
  for (const { name, description } of TAGS) {
    lines.push(`## ${name}`, "", description, "", "| Method | Path | Scope | What |", "|---|---|---|---|");
    for (const { method, path, operation } of rows) {
      if (!operation.tags?.includes(name)) continue;
      lines.push(`| ${method} | \`${path}\` | ${scopesOf(operation)} | ${operation.summary ?? ""} |`);
    }
    lines.push("");
  }
  return lines.join("\n");
}

function scopesOf({ security, tags }: Operation): string {
  const scopes = security?.[0]?.["apiKey"];
  if (scopes === undefined) return tags?.includes("Streams") ? "a ticket" : "none, public";
  return scopes.length === 0 ? "any key" : scopes.map((scope) => `\`${scope}\``).join(", ");
}
