// Writes docs/errors/README.md from the registry of error codes.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { errorsPage } from "../src/edge/errors-doc.ts";

const folder = path.join(import.meta.dirname, "../docs/errors");
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, "README.md"), errorsPage());
