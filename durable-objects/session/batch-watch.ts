// The batches of account work that the clock waits for. Reports may come before anyone waits, twice, or never; the last is
// what the time limit is for.

export type BatchResult =
  | { readonly kind: "DONE" }
  | { readonly kind: "FAILED"; readonly reason: string }
  | { readonly kind: "SILENCE" };

export class BatchWatch {
  /** Reports of the job that is running, by batch id. */
  readonly #reported = new Map<string, string | null>();
  #wake: (() => void) | null = null;
  #waitingFor: readonly string[] = [];

  get waitingFor(): readonly string[] {
    return this.#waitingFor;
  }

  /** Forgets the reports of the job before. */
  begin(): void {
    this.#reported.clear();
  }

  report(batchId: string, failure: string | null): void {
    this.#reported.set(batchId, failure);
    this.#wake?.();
  }

  /** Waits until all batches have been reported, or until none has been for `silenceMs`. */
  async wait(batchIds: readonly string[], silenceMs: number): Promise<BatchResult> {
    try {
      for (;;) {
        const open = batchIds.filter((batchId) => !this.#reported.has(batchId));
        this.#waitingFor = open;
        if (open.length === 0) return this.#result(batchIds);
        if (!(await this.#nextReport(silenceMs))) return { kind: "SILENCE" };
      }
    } finally {
      this.#waitingFor = [];
    }
  }

  #result(batchIds: readonly string[]): BatchResult {
    const reasons = batchIds.flatMap((batchId) => this.#reported.get(batchId) ?? []);
    return reasons.length === 0 ? { kind: "DONE" } : { kind: "FAILED", reason: reasons.join("; ") };
  }

  #nextReport(silenceMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#wake = null;
        resolve(false);
      }, silenceMs);
      this.#wake = () => {
        this.#wake = null;
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
