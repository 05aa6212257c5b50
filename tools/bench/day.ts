// A whole day's replay for 1 and for 100 users: market minutes per wall second, and what a further user costs.
import { runDay } from "../day.ts";

export interface DayBench {
  readonly name: "day";
  readonly cases: readonly {
    readonly users: number;
    readonly wallMs: number;
    readonly marketMinutesPerSecond: number;
  }[];
  /** Wall time of 100 users ÷ wall time of one. */
  readonly hundredToOne: number;
}

export async function benchDay(progress: (line: string) => void): Promise<DayBench> {
  const cases = [];
  for (const users of [1, 100]) {
    const report = await runDay({ session: "2025-08-29", users, category: "RESTRICTED", seed: 1 });
    if (!report.ok) throw new Error(`the day with ${users} users broke an invariant`);
    const wallMs = Number(report["wallMs"]);
    const marketMinutesPerSecond = Math.round((Number(report["minutes"]) * 10_000) / wallMs) / 10;
    progress(`${users} users: ${wallMs} ms, ${marketMinutesPerSecond} market minutes a second`);
    cases.push({ users, wallMs, marketMinutesPerSecond });
  }
  const [one, hundred] = cases;
  return { name: "day", cases, hundredToOne: Math.round(((hundred?.wallMs ?? 0) / (one?.wallMs ?? 1)) * 100) / 100 };
}
