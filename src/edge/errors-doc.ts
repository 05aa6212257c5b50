// The page of error codes, rendered from the registry so that it cannot fall behind.
import { PROBLEM_CODES, PROBLEMS } from "./problem-codes.ts";

export function errorsPage(): string {
  const lines = [
    "# Errors",
    "",
    "<!-- Written by tools/errors-doc.ts from src/edge/problem-codes.ts. -->",
    "",
    "Every refusal of the API is an RFC 9457 problem (`application/problem+json`): `type`, `title`, `status`, `detail`,",
    "`instance`, the closed `code`, the `requestId`, whether the very same request may succeed later (`retryable`), and",
    "`errors[]` naming the fields, with the limit and the value that met it where the rule is a number. The same list is",
    "served by `GET /v1/errors`.",
    "",
    "| Code | Status | Retryable |",
    "|---|---|---|",
    ...PROBLEM_CODES.map(
      (code) =>
        `| [${code}](#${code.toLowerCase()}) | ${PROBLEMS[code].status} | ${PROBLEMS[code].retryable ? "yes" : "no"} |`,
    ),
    "",
  ];
  for (const code of PROBLEM_CODES) {
    const { status, title, meaning, remedy } = PROBLEMS[code];
    lines.push(`## ${code}`, "", `**${status}** · ${title}`, "", meaning, "", `*What to do:* ${remedy}`, "");
  }
  return lines.join("\n");
}
