// The OpenAPI 3.1 document, rendered from the routes when it is first asked for.
import type { EdgeApp } from "./define-route.ts";
import { SCOPES } from "./principal.ts";

type Document = ReturnType<EdgeApp["getOpenAPI31Document"]>;

const rendered = new WeakMap<EdgeApp, Document>();

export const TAGS = [
  { name: "Health", description: "Whether the API is alive and ready." },
  { name: "Sessions", description: "Loading, driving and checking a recorded session." },
  { name: "Market", description: "Index, chain and signals." },
  { name: "Orders", description: "Orders, positions and the history of trades." },
  { name: "Strategies", description: "Definitions, and instances of them at work in an account." },
  { name: "Account", description: "Balances, guardrails, settlements, transfers, notifications." },
  { name: "Risk", description: "What is at stake. Figures of a model are numbers and never money." },
  { name: "Portfolio", description: "Lots, results and where they came from; accounts of one holder." },
  { name: "Lab", description: "History to learn from, trainings, models, backtests." },
  { name: "Ledger", description: "Double entry and its checkpoints." },
  { name: "Calculators", description: "Nothing is written." },
  { name: "Streams", description: "WebSockets." },
  { name: "Keys", description: "API keys." },
  { name: "Operations", description: "For whoever runs the platform." },
  { name: "Aliases", description: "Paths of earlier versions. New programs use the others." },
] as const;

export type Tag = (typeof TAGS)[number]["name"];

export function openapiDocument(app: EdgeApp): Document {
  let document = rendered.get(app);
  if (document === undefined) {
    app.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
      type: "http",
      scheme: "bearer",
      description: `An API key as bearer token. Scopes: ${SCOPES.join(", ")}.`,
    });
    document = app.getOpenAPI31Document({
      openapi: "3.1.0",
      info: {
        title: "AurumHarmony API",
        version: "1.0.0",
        description:
          "Intraday index-options trading for India, hands-free. Money is decimal strings of rupees, instants are RFC 3339 in UTC, dates are Indian. Every refusal is an RFC 9457 problem with a code from GET /v1/errors. Simulated money only.",
      },
      servers: [{ url: "/" }],
      tags: [...TAGS],
    });
    rendered.set(app, document);
  }
  return document;
}
