// The API as the dashboard uses it: bearer key in memory and, if the user wants, in this tab's session storage.
import { signal } from "@preact/signals";

const KEY_STORAGE = "aurumharmony.key";

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** What is wrong with which field, where the API says so. */
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}

export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

export const apiKey = signal<string | null>(keyFromAddress() ?? sessionStorage.getItem(KEY_STORAGE));

/** `#key=…` lets the start command hand the demo key over; it is taken out of the address at once. */
function keyFromAddress(): string | null {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key === null) return null;
  history.replaceState(null, "", location.pathname);
  sessionStorage.setItem(KEY_STORAGE, key);
  return key;
}

export function signIn(key: string): void {
  sessionStorage.setItem(KEY_STORAGE, key);
  apiKey.value = key;
}

export function signOut(): void {
  sessionStorage.removeItem(KEY_STORAGE);
  apiKey.value = null;
}

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body);
  if (!response.ok) throw await problemOf(response);
  return (await response.json().catch(() => ({}))) as T;
}

/** Has the browser keep what a path answers as a file. */
export async function download(path: string, name: string): Promise<void> {
  const response = await send("GET", path);
  if (!response.ok) throw await problemOf(response);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

const send = (method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(path, {
    method,
    headers: {
      authorization: `Bearer ${apiKey.value ?? ""}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

async function problemOf(response: Response): Promise<ProblemError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return new ProblemError({
    status: response.status,
    code: problem.code ?? "UNKNOWN",
    title: problem.title ?? response.statusText,
    detail: problem.detail ?? "",
    errors: problem.errors ?? [],
  });
}
