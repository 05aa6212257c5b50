import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { FEATURE_TEXTS } from "../../../../src/core/prediction/features/feature-list.ts";

const page = readFileSync(path.join(import.meta.dirname, "../../../../docs/features.md"), "utf8");

test("docs/features.md has every feature with formula, unit, source and when it is missing, in the order of a row", () => {
  const rows = FEATURE_TEXTS.map(
    ({ name, unit, formula, source, missing }) =>
      `| ${name} | ${formula.replaceAll("|", "\\|")} | ${unit} | ${source} | ${missing} |`,
  );
  expect(page).toContain(rows.join("\n"));
});
