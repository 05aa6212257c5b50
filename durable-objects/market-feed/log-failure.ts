// One line of JSON per failure of a feed.
export function logFailure(at: string, error: unknown, of: Readonly<Record<string, unknown>> = {}): void {
  console.error(JSON.stringify({ at, ...of, error: String(error) }));
}
