// Answers that do not come, or not in time, and questions that are asked again.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ANSWER_MS, askedAgain, inTime } from "../../../durable-objects/account/in-time.ts";

const never = <T>(): Promise<T> => new Promise<T>(() => {});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("an answer that is waited for", () => {
  it("is passed on, and so is its failure; nothing is left running after either", async () => {
    await expect(inTime(Promise.resolve("yes"))).resolves.toBe("yes");
    await expect(inTime(Promise.reject(new Error("502")))).rejects.toThrow("502");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("counts as lost when it has not come in time", async () => {
    const waited = expect(inTime(never())).rejects.toThrow(`no answer within ${ANSWER_MS} ms`);
    await vi.advanceTimersByTimeAsync(ANSWER_MS);
    await waited;
  });
});

describe("a question that may be asked again", () => {
  it("is asked once when it is answered at once", async () => {
    const ask = vi.fn(async () => "book");
    await expect(askedAgain(ask)).resolves.toBe("book");
    expect(ask).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is asked again at once when it was lost", async () => {
    const ask = vi.fn(async () => "book").mockRejectedValueOnce(new Error("lost"));
    await expect(askedAgain(ask)).resolves.toBe("book");
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("is asked again beside the one that hangs, and the first answer of any counts", async () => {
    let late: (book: string) => void = () => {};
    const ask = vi
      .fn<() => Promise<string>>()
      .mockImplementationOnce(() => new Promise((resolve) => (late = resolve)))
      .mockImplementationOnce(never);
    const answered = askedAgain(ask);
    await vi.advanceTimersByTimeAsync(500);
    expect(ask).toHaveBeenCalledTimes(2);
    late("book");
    await expect(answered).resolves.toBe("book");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("is given up when every one of five was lost, or none was answered", async () => {
    const lost = vi.fn(() => Promise.reject(new Error("502")));
    await expect(askedAgain(lost)).rejects.toThrow("502");
    expect(lost).toHaveBeenCalledTimes(5);
    const hangs = vi.fn(never);
    const given = expect(askedAgain(hangs)).rejects.toThrow("asked 5 times");
    await vi.advanceTimersByTimeAsync(2_500);
    await given;
    expect(hangs).toHaveBeenCalledTimes(5);
    expect(vi.getTimerCount()).toBe(0);
  });
});
