// Answers that do not come. A call that is never answered must not keep an account from everything else it has to do, and a
// question that changes nothing may be asked again beside the one that is still open. Live markets only: in a replay the line
// does not break, and no wall clock may decide anything.

/** An answer that has not come by then is as good as lost. */
export const ANSWER_MS = 2_500;
const ASKED_AGAIN_MS = 500;
const ASKED_MOST = 5;

/** Rejects when the answer is not there in time. What was asked for may still happen. */
export async function inTime<T>(answer: Promise<T>, withinMs: number = ANSWER_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${withinMs} ms`)), withinMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The first answer to a question that may be asked any number of times: asked again at once when it was lost, and after a
 * moment when it has not been answered. Rejects with the last failure when nothing came of any.
 */
export function askedAgain<T>(ask: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let [asked, lost, isOver] = [0, 0, false];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (tell: () => void): void => {
      isOver = true;
      clearTimeout(timer);
      tell();
    };
    const once = (): void => {
      clearTimeout(timer);
      asked += 1;
      const isLast = asked === ASKED_MOST;
      timer = setTimeout(() => {
        if (!isLast) once();
        else end(() => reject(new Error(`no answer, asked ${asked} times`)));
      }, ASKED_AGAIN_MS);
      ask().then(
        (answer) => end(() => resolve(answer)),
        (error: unknown) => {
          lost += 1;
          if (isOver) return;
          if (asked < ASKED_MOST) once();
          else if (lost === asked) end(() => reject(error));
        },
      );
    };
    once();
  });
}
