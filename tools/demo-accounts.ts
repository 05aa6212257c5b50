// The traders of a replay. The first is always the same; further ones differ in category capital, drawn from the seed, so
// that a run with many users is not one user many times. Same count, category and seed: the same traders.

import { ladderOf } from "../src/core/account/category.ts";
import { type Category, isCategory } from "../src/core/account/profile.ts";
import { formatRupees, type Paise } from "../src/core/kernel/money.ts";
import type { AccountSeed } from "./api-client.ts";
import { mulberry32 } from "./seeded.ts";

/** Paper capital of the demo trader (C-46): ₹1,00,000. */
const DEMO_CAPITAL = "100000.00";
const DEMO_SAVINGS = 500_000;

/** `capitalRupees`: of the first trader, whose savings are then at least as much. */
export function demoAccounts(
  count: number,
  category: Category,
  seed: number,
  capitalRupees: number | null = null,
): AccountSeed[] {
  const random = mulberry32(seed);
  const ladder = ladderOf(category);
  return Array.from({ length: count }, (_, index) => {
    const level = ladder[Math.floor(random() * ladder.length)] as Paise;
    return {
      accountId: `U${String(index + 1).padStart(3, "0")}`,
      displayName: index === 0 ? "Demo trader" : `Replay trader ${index + 1}`,
      category,
      capital: index > 0 ? formatRupees(level) : capitalRupees === null ? DEMO_CAPITAL : capitalRupees.toFixed(2),
      savings: Math.max(DEMO_SAVINGS, index > 0 ? 0 : (capitalRupees ?? 0)).toFixed(2),
    };
  });
}

export function parseCategory(text: string): Category {
  const name = text.toUpperCase().replaceAll("-", "_");
  if (!isCategory(name)) throw new Error(`unknown category "${text}"`);
  return name;
}
