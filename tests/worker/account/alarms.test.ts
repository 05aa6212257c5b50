import { describe, expect, it } from "vitest";
import { NamedAlarms } from "../../../durable-objects/account/alarms.ts";

type Name = "a" | "b" | "c";

/** Rows that outlive the scheduler, and the platform's one alarm. */
class Platform {
  readonly rows = new Map<string, number>();
  alarmMs: number | null = null;

  restart(): NamedAlarms<Name> {
    return new NamedAlarms<Name>({
      load: () => new Map(this.rows),
      save: (name, dueAtMs) => (dueAtMs === null ? this.rows.delete(name) : this.rows.set(name, dueAtMs)),
      setPlatformAlarm: (atMs) => {
        this.alarmMs = atMs;
      },
    });
  }
}

const note = (ran: string[]) => async (name: Name) => {
  ran.push(name);
};

describe("named alarms", () => {
  it("keeps the platform's alarm at the earliest of them, and an earlier time already set stays", () => {
    const platform = new Platform();
    const alarms = platform.restart();
    alarms.arm("a", 500);
    alarms.arm("b", 300);
    alarms.arm("b", 400);
    alarms.arm("c", 900);
    expect(platform.alarmMs).toBe(300);
    expect(platform.rows.get("b")).toBe(300);
  });

  it("runs on each wake what is overdue, oldest first, and sets the alarm for the rest", async () => {
    const platform = new Platform();
    const alarms = platform.restart();
    alarms.arm("a", 500);
    alarms.arm("b", 300);
    alarms.arm("c", 900);
    const ran: string[] = [];
    await alarms.wake(600, 50, note(ran));
    expect(ran).toEqual(["b", "a"]);
    expect(platform.alarmMs).toBe(900);
    expect([...platform.rows]).toEqual([["c", 900]]);
  });

  it("runs an alarm again that was cut short by a crash", async () => {
    const platform = new Platform();
    platform.restart().arm("a", 100);
    await expect(
      Promise.race([platform.restart().wake(100, 50, () => new Promise(() => {})), Promise.reject(new Error("crash"))]),
    ).rejects.toThrow("crash");
    const ran: string[] = [];
    await platform.restart().wake(100, 50, note(ran));
    expect(ran).toEqual(["a"]);
    expect(platform.rows.size).toBe(0);
  });

  it("tries an alarm that failed again later, and runs the others all the same", async () => {
    const platform = new Platform();
    const alarms = platform.restart();
    alarms.arm("a", 100);
    alarms.arm("b", 200);
    const ran: string[] = [];
    await alarms.wake(200, 50, async (name) => {
      if (name === "a") throw new Error("not this time");
      ran.push(name);
    });
    expect(ran).toEqual(["b"]);
    expect(platform.alarmMs).toBe(250);
    await alarms.wake(250, 50, note(ran));
    expect(ran).toEqual(["b", "a"]);
  });

  it("keeps what an alarm sets anew while it runs", async () => {
    const platform = new Platform();
    const alarms = platform.restart();
    alarms.arm("a", 100);
    await alarms.wake(100, 50, async () => alarms.arm("a", 700));
    expect([...platform.rows]).toEqual([["a", 700]]);
    expect(platform.alarmMs).toBe(700);
  });
});
