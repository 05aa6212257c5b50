import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ACCOUNT_MIGRATIONS, migrate } from "../../../durable-objects/account/migrations.ts";
import { inside } from "./account-fixtures.ts";

const added = { id: ACCOUNT_MIGRATIONS.length + 1, sql: "CREATE TABLE added (id INTEGER PRIMARY KEY)" };

describe("the migrations of an account", () => {
  it("are applied once, and a new one at the end is applied on top", async () => {
    await inside(env.ACCOUNT.getByName("once"), (_object, { storage }) => {
      migrate(storage);
      migrate(storage, [...ACCOUNT_MIGRATIONS, added]);
      migrate(storage, [...ACCOUNT_MIGRATIONS, added]);
      storage.sql.exec("INSERT INTO added (id) VALUES (1)");
      expect(storage.sql.exec("SELECT COUNT(*) AS n FROM migration").one()["n"]).toBe(added.id);
    });
  });

  it("refuse to go on when one that was applied has been changed or taken away", async () => {
    await inside(env.ACCOUNT.getByName("changed"), (_object, { storage }) => {
      const changed = ACCOUNT_MIGRATIONS.map((migration) => ({ ...migration, sql: `${migration.sql} -- and more` }));
      expect(() => migrate(storage, changed)).toThrow("append-only");
      expect(() => migrate(storage, [])).toThrow("append-only");
    });
  });

  it("leave nothing behind when one fails", async () => {
    await inside(env.ACCOUNT.getByName("failing"), (_object, { storage }) => {
      const failing = { id: added.id, sql: "CREATE TABLE half (id INTEGER); SELECT nothing FROM nowhere" };
      expect(() => migrate(storage, [...ACCOUNT_MIGRATIONS, failing])).toThrow();
      const tables = storage.sql.exec("SELECT name FROM sqlite_schema WHERE name = 'half'").toArray();
      expect(tables).toEqual([]);
    });
  });
});
