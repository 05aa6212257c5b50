// A holder: one person with one to six linked demat accounts. How many there may be follows from the category, unless an operator
// has set another figure, which is kept with its reason (C-27).
import type { Category } from "../account/profile.ts";

export const LINKED_ACCOUNTS_MAX = 6;

const BY_CATEGORY: Readonly<Record<Category, number>> = {
  NGD: 1,
  RESTRICTED: 2,
  SEMI_RESTRICTED: 2,
  REGULAR: 2,
  ADMIN: 6,
};

/** An override counts within 1 to 6 only. */
export const linkedAccountsMax = (category: Category, override: number | null): number =>
  override === null ? BY_CATEGORY[category] : Math.min(LINKED_ACCOUNTS_MAX, Math.max(1, Math.floor(override)));
