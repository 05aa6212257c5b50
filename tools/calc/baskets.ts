// npm run -s calc -- margin|payoff --file basket.json [--json]
//
// The file is the body of POST /v1/calculators/margin or /payoff, and the answer is that route's. docs/examples has baskets.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type * as z from "zod";
import { CHARGES_FROM } from "../../src/core/charges/charge-rates.ts";
import { type BasketRefusal, MarginQuestion, PayoffQuestion } from "../../src/edge/basket-question.ts";
import { type MarginAnswer, marginAnswer } from "../../src/edge/margin-body.ts";
import { type PayoffAnswer, payoffAnswer } from "../../src/edge/payoff-body.ts";
import { UsageError } from "./usage.ts";

/** What to print. */
export function marginCommand(argv: readonly string[]): string {
  const { question, isJson } = questionFrom(MarginQuestion, argv);
  const answer = marginAnswer(question);
  if (!answer.ok) throw refused(answer.error);
  return isJson ? JSON.stringify(answer.value, null, 2) : marginTable(answer.value);
}

export function payoffCommand(argv: readonly string[]): string {
  const { question, isJson } = questionFrom(PayoffQuestion, argv);
  if (question.date < CHARGES_FROM)
    throw new UsageError(`date: must not lie before ${CHARGES_FROM}: no rates are known`);
  const answer = payoffAnswer(question);
  if (!answer.ok) throw refused(answer.error);
  return isJson ? JSON.stringify(answer.value, null, 2) : payoffTable(answer.value);
}

const refused = ({ field, detail }: BasketRefusal): UsageError => new UsageError(`${field}: ${detail}`);

function questionFrom<T extends z.ZodType>(
  schema: T,
  argv: readonly string[],
): { readonly question: z.output<T>; readonly isJson: boolean } {
  const { file, json } = flagsOf(argv);
  if (file === undefined) throw new UsageError("--file is missing");
  const parsed = schema.safeParse(contentOf(file));
  if (parsed.success) return { question: parsed.data, isJson: json };
  const [first] = parsed.error.issues;
  throw new UsageError(`${first?.path.join(".") || "basket"}: ${first?.message ?? "does not fit"}`);
}

function flagsOf(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: { file: { type: "string" }, json: { type: "boolean", default: false } },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const NAME_WIDTH = 18;
const AMOUNT_WIDTH = 18;
const row = (name: string, ...amounts: readonly string[]): string =>
  [name.padEnd(NAME_WIDTH), ...amounts.map((amount) => amount.padStart(AMOUNT_WIDTH))].join("").trimEnd();

function marginTable({ label, requirement, before, increase, increaseWithCushion, legs }: MarginAnswer): string {
  const parts = Object.keys(requirement) as (keyof typeof requirement)[];
  return [
    row("", "before ₹", "with the trade ₹"),
    ...parts.map((part) => row(part, before[part], requirement[part])),
    row("increase", "", increase),
    row("  with cushion", "", increaseWithCushion),
    "",
    ...legs.map((leg) => `${leg.side} ${leg.units} ${leg.instrumentId} at ${leg.price}: alone ${leg.alone}`),
    label,
  ].join("\n");
}

function payoffTable(answer: PayoffAnswer): string {
  return [
    row("first expiry", answer.firstExpiry),
    row("net premium", answer.netPremium),
    row("entry charges", answer.entryCharges),
    row("max profit", answer.maxProfit ?? "unbounded"),
    row("max loss", answer.maxLoss ?? "unbounded"),
    row("breakevens", ...answer.breakevens),
    row("P(profit), model", `${(answer.profitProbabilityBps / 100).toFixed(1)} %`),
    "",
    row("spot ₹", "at expiry ₹", "closed ₹"),
    ...answer.points.map((point) => row(point.spot, point.atExpiry, point.closed)),
    answer.label,
  ].join("\n");
}
