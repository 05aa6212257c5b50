// Writes docs/api/routes.md from the routes of the API.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { app } from "../src/edge/app.ts";
import { routesPage } from "../src/edge/routes-doc.ts";

writeFileSync(path.join(import.meta.dirname, "../docs/api/routes.md"), routesPage(app));
