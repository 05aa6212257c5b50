// The permanent account number: its shape, whom it names, and how it may be shown. Only the mask is ever kept; the number
// itself belongs to the onboarding and to no journal.

/** Fourth character, as the tax department assigns it. */
const HOLDERS = {
  P: "INDIVIDUAL",
  C: "COMPANY",
  H: "HUF",
  F: "FIRM",
  A: "ASSOCIATION",
  T: "TRUST",
  B: "BODY_OF_INDIVIDUALS",
  L: "LOCAL_AUTHORITY",
  J: "JURIDICAL_PERSON",
  G: "GOVERNMENT",
} as const;
export type PanHolder = (typeof HOLDERS)[keyof typeof HOLDERS];

/** Five letters, four digits, a letter (CMP-11, G-66). */
export const isPanFormat = (text: string): boolean => /^[A-Z]{5}[0-9]{4}[A-Z]$/.test(text);

/** Whom a number of the right shape names; null where its fourth letter names nobody. */
export function holderOfPan(text: string): PanHolder | null {
  const letter = text.charAt(3);
  return isPanFormat(text) && Object.hasOwn(HOLDERS, letter) ? HOLDERS[letter as keyof typeof HOLDERS] : null;
}

/** ABCxxxx34F: enough to recognise one's own. */
export const maskPan = (pan: string): string => `${pan.slice(0, 3)}xxxx${pan.slice(7)}`;
