// Calls under way side by side, so that one that hangs keeps nothing back but what it is about. Each has the keys of that, and
// nothing under one of them is taken up again before it has ended. What failed is not tried again here, and a moment after that
// it is ending: what can wait is no longer begun, so that whoever waits for the end hears of the failure and decides when to try
// again. Live markets only.

/** So long a call may have its slot to itself: what comes meanwhile is handed over with one call, and not with many. */
const SLOT_MS = 250;
const MOMENT_MS = 1_000;

export class Lanes {
  readonly #taken = new Set<string>();
  readonly #resting = new Set<string>();
  #failure: { readonly error: unknown } | null = null;
  #isEnding = false;
  #underWay = 0;
  #isWoken = false;
  #wakeUp: (() => void) | null = null;

  isFree(key: string): boolean {
    return !this.#taken.has(key);
  }

  /** Since a moment after the first failure: what is begun now must be worth it that who waits goes on waiting. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  isIdle(): boolean {
    return this.#underWay === 0;
  }

  /** What the first that failed has failed with. */
  get failure(): { readonly error: unknown } | null {
    return this.#failure;
  }

  /** `slot` is free again once the call has ended, or hangs. */
  start(keys: readonly string[], run: () => Promise<void>, slot?: string): void {
    for (const key of keys) this.#taken.add(key);
    const leaveSlot = slot === undefined ? () => undefined : this.#inSlot(slot);
    this.#underWay += 1;
    run()
      .then(
        () => {
          for (const key of keys) if (!this.#resting.has(key)) this.#taken.delete(key);
        },
        (error: unknown) => this.#failed(error),
      )
      .finally(() => {
        this.#underWay -= 1;
        leaveSlot();
        this.wake();
      });
  }

  /** What is under way under these keys has come to nothing, and may be taken up again after a moment. */
  rest(keys: readonly string[]): void {
    if (keys.length === 0) return;
    for (const key of keys) this.#resting.add(key);
    setTimeout(() => {
      for (const key of keys) {
        this.#resting.delete(key);
        this.#taken.delete(key);
      }
      this.wake();
    }, MOMENT_MS);
  }

  /** Resolves when something has ended or may be taken up, or when somebody has said that there is more. */
  async next(): Promise<void> {
    if (!this.#isWoken) await new Promise<void>((resolve) => (this.#wakeUp = resolve));
    this.#isWoken = false;
    this.#wakeUp = null;
  }

  wake(): void {
    this.#isWoken = true;
    this.#wakeUp?.();
  }

  #failed(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = { error };
    setTimeout(() => {
      this.#isEnding = true;
    }, MOMENT_MS);
  }

  #inSlot(slot: string): () => void {
    this.#taken.add(slot);
    let isLeft = false;
    const leave = (): void => {
      if (isLeft) return;
      isLeft = true;
      clearTimeout(timer);
      this.#taken.delete(slot);
      this.wake();
    };
    const timer = setTimeout(leave, SLOT_MS);
    return leave;
  }
}
