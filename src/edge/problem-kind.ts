// What the registry of errors says of one code.

export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 426 | 429 | 500 | 503;

export interface ProblemKind {
  readonly status: ProblemStatus;
  readonly title: string;
  /** True when the very same request may succeed later. */
  readonly retryable: boolean;
  readonly meaning: string;
  readonly remedy: string;
}

/** One row of the registry. */
export const row = (
  status: ProblemStatus,
  title: string,
  meaning: string,
  remedy: string,
  retryable: boolean = false,
): ProblemKind => ({ status, title, retryable, meaning, remedy });
