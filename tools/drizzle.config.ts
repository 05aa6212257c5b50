// Makes the numbered D1 migrations from the schema: npm run db:generate -- --name <what-changes>
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  schema: "./src/adapters/storage/*-schema.ts",
  out: "./migrations",
  // The statements are told apart by their semicolons, as everything that applies them does.
  breakpoints: false,
});
