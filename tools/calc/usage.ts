// What the calculators say when they are asked in a way they do not understand.

export const USAGE = `usage: npm run -s calc -- charges --date YYYY-MM-DD --exchange NSE|BSE --units N --buy P --sell P --orders K
       [--within-state] [--json]
       npm run -s calc -- margin --file basket.json [--json]
       npm run -s calc -- payoff --file basket.json [--json]`;

export class UsageError extends Error {}
