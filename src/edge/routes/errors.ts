// The registry of errors, readable where the errors come from: `type` of every problem leads here.
import * as z from "zod";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import { problem } from "../problem.ts";
import { isProblemCode, PROBLEM_CODES, PROBLEMS, type ProblemCode } from "../problem-codes.ts";

const ErrorKind = z
  .object({
    code: z.string(),
    status: z.number().int(),
    title: z.string(),
    retryable: z.boolean(),
    meaning: z.string(),
    remedy: z.string(),
  })
  .openapi("ErrorKind");

const kindOf = (code: ProblemCode) => ({ code, ...PROBLEMS[code] });

export function openErrors(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/errors",
      operationId: "listErrors",
      tag: "Health",
      summary: "Every error code with its meaning and remedy",
      scopes: "PUBLIC",
      responses: { 200: answers(z.object({ data: z.array(ErrorKind) }), "All codes.") },
    },
    (c) => c.json({ data: PROBLEM_CODES.map(kindOf) }, 200),
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/errors/{code}",
      operationId: "getError",
      tag: "Health",
      summary: "One error code",
      scopes: "PUBLIC",
      request: { params: z.object({ code: z.string().max(64) }) },
      responses: { 200: answers(ErrorKind, "The code.") },
      errors: ["DOCUMENT_NOT_FOUND"],
    },
    (c) => {
      const { code } = c.req.valid("param");
      return isProblemCode(code) ? c.json(kindOf(code), 200) : problem(c, "DOCUMENT_NOT_FOUND");
    },
  );
}
