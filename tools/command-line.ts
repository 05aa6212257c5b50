// What every command says of a command line or of data that it cannot work with: one line on stderr and exit code 2. Anything else
// that goes wrong is a fault of ours, and keeps its stack.
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { isMarketDate, type MarketDate } from "../src/core/kernel/time.ts";
import { DataUnusable } from "./history-folder.ts";

/** A command line that cannot be followed. The message is for people. */
export class WrongArgument extends Error {
  override readonly name = "WrongArgument";
}

/** From here on, whatever the command throws. */
export function tellFaults(command: string): void {
  process.on("uncaughtException", (fault) => {
    if (!(fault instanceof WrongArgument || fault instanceof DataUnusable)) {
      console.error(fault);
      process.exit(1);
    }
    process.stderr.write(`${command}: ${fault.message.replaceAll(/\s*\n\s*/g, " ")}\n`);
    process.exit(2);
  });
}

/** The options of a command line that has nothing else. */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  options: Options,
  argv: readonly string[] = process.argv.slice(2),
) {
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw new WrongArgument(error instanceof Error ? error.message : String(error));
  }
}

/** The options that the command line itself holds, defaults not among them. */
export function namesGiven(options: ParseArgsOptionsConfig, argv: readonly string[]): ReadonlySet<string> {
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  return new Set(tokens.flatMap((token) => (token.kind === "option" ? [token.name] : [])));
}

export function dateOption(name: string, text: string): MarketDate {
  if (isMarketDate(text)) return text;
  throw new WrongArgument(`--${name} takes a date as YYYY-MM-DD, not "${text}"`);
}

/** `from` and `to` where they were given; an empty range is no range. */
export function windowOption({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): {
  readonly from?: MarketDate;
  readonly to?: MarketDate;
} {
  const window = {
    ...(from === undefined ? {} : { from: dateOption("from", from) }),
    ...(to === undefined ? {} : { to: dateOption("to", to) }),
  };
  if (window.from !== undefined && window.to !== undefined && window.from > window.to) {
    throw new WrongArgument(`the range is empty: --from ${from} lies after --to ${to}`);
  }
  return window;
}

export function wholeOption(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new WrongArgument(`--${name} takes a whole number from ${min} to ${max}, not "${text}"`);
}
