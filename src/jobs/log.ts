/** One line of JSON about something that went wrong and will be tried again or looked at by a person. */
export function logFailure(at: string, about: Readonly<Record<string, unknown>>, failure: unknown): void {
  console.error(JSON.stringify({ at, ...about, error: failure instanceof Error ? failure.message : String(failure) }));
}
