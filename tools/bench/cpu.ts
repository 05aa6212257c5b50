// Processor time of the runtimes this process has started: what an order costs, whoever else uses the machine meanwhile.
import { readdirSync, readFileSync } from "node:fs";

/** Of a clock tick as /proc counts it. */
const MS_PER_TICK = 10;

/** Milliseconds by process id of every workerd below this process; empty where there is no /proc. */
export function workerdCpuMs(): ReadonlyMap<number, number> {
  const all = new Map<number, number>();
  for (const pid of processIds()) {
    const [name, parent, cpuMs] = statOf(pid);
    if (name === "workerd" && parent === process.pid) all.set(pid, cpuMs);
  }
  return all;
}

function processIds(): readonly number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function statOf(pid: number): readonly [name: string, parent: number, cpuMs: number] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name stands in brackets and may hold anything; the fields are counted from behind it.
    const end = text.lastIndexOf(")");
    const fields = text.slice(end + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    return [text.slice(text.indexOf("(") + 1, end), Number(fields[1]), ticks * MS_PER_TICK];
  } catch {
    // It has ended meanwhile.
    return ["", 0, 0];
  }
}
