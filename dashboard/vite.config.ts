import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import preact from "@preact/preset-vite";
import { defineConfig } from "vite";

const swaggerUi = path.dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

export default defineConfig({
  root: import.meta.dirname,
  build: { outDir: "dist", emptyOutDir: true, target: "es2022" },
  plugins: [
    preact(),
    {
      name: "api-reference-from-our-own-origin",
      closeBundle() {
        const target = path.join(import.meta.dirname, "dist/docs");
        mkdirSync(target, { recursive: true });
        for (const file of ["swagger-ui-bundle.js", "swagger-ui.css"])
          copyFileSync(path.join(swaggerUi, file), path.join(target, file));
      },
    },
  ],
});
