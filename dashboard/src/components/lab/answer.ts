// An answer of the API that is asked for when its component is shown, again when somebody says so, and, where it changes by
// itself, every few seconds. What was shown before stays until the next answer is there.
import { useCallback, useEffect, useState } from "preact/hooks";
import { call, ProblemError } from "../../api.ts";

export interface Answer<T> {
  readonly data: T | null;
  readonly failure: string | null;
  /** HTTP status of the failure; 0 where there was no answer at all. */
  readonly status: number | null;
  readonly reload: () => void;
}

type State<T> = Omit<Answer<T>, "reload"> & { readonly path: string | null };

/** `path` null: nothing is asked for. `everyMs` null: only when told to. */
export function useAnswer<T>(path: string | null, everyMs: number | null = null): Answer<T> {
  const [state, setState] = useState<State<T>>({ path, data: null, failure: null, status: null });
  const [count, setCount] = useState(0);
  const reload = useCallback(() => setCount((before) => before + 1), []);
  useEffect(() => {
    if (path === null) return;
    let isShown = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const next = await call<T>("GET", path).then(
        (data): State<T> => ({ path, data, failure: null, status: null }),
        (error: unknown): Omit<State<T>, "data"> => ({
          path,
          failure: sentenceOf(error),
          status: error instanceof ProblemError ? error.problem.status : 0,
        }),
      );
      if (!isShown) return;
      setState((before) => ({ data: before.path === path ? before.data : null, ...next }));
      if (everyMs !== null) timer = setTimeout(() => void ask(), everyMs);
    };
    void ask();
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, [path, everyMs, count]);
  const isOfPath = state.path === path;
  return {
    data: isOfPath ? state.data : null,
    failure: isOfPath ? state.failure : null,
    status: isOfPath ? state.status : null,
    reload,
  };
}

/** What went wrong in one line, with the fields the API names. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof ProblemError)) return error instanceof Error ? error.message : String(error);
  const { detail, title, errors } = error.problem;
  const fields = errors.map(({ field, message }) => `${field}: ${message}`).filter((each) => !detail.includes(each));
  return [detail === "" ? title : detail, ...fields].join(" · ");
}

export interface Doing {
  readonly isBusy: boolean;
  readonly failure: string | null;
  /** One thing at a time; `then` runs when it was done. */
  readonly run: <T>(what: () => Promise<T>, then: (answer: T) => void) => void;
}

/** Something a button does: busy while it is under way, and a sentence when it was refused. */
export function useDoing(): Doing {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const run = <T>(what: () => Promise<T>, then: (answer: T) => void): void => {
    if (isBusy) return;
    setBusy(true);
    setFailure(null);
    what()
      .then(then, (error: unknown) => setFailure(sentenceOf(error)))
      .finally(() => setBusy(false));
  };
  return { isBusy, failure, run };
}
