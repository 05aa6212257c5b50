// An answer of the API that is asked for again when the account or the market's minute has moved on: one question at a time, at
// most one every few seconds, and only while a component shows it. A fast replay moves on many times within one answer, so a
// question that is under way is never given up for a newer one. What was shown before stays until the next answer is there.
import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../api.ts";
import { account, session } from "./model.ts";

export interface Resource<T> {
  readonly data: T | null;
  readonly failure: string | null;
}

const PAUSE_MS = 3_000;
const MINUTE_MS = 60_000;
const NOTHING = { data: null, failure: null };

export function useResource<T>(path: string): Resource<T> {
  const [state, setState] = useState<Resource<T>>(NOTHING);
  const move = useRef<() => void>(() => {});
  useEffect(() => {
    setState(NOTHING);
    let isShown = true;
    let isUnderWay = false;
    let hasMoved = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      [isUnderWay, hasMoved] = [true, false];
      const next = await call<T>("GET", path).then(
        (data) => () => ({ data, failure: null }),
        (error: unknown) => (before: Resource<T>) => ({ ...before, failure: messageOf(error) }),
      );
      if (!isShown) return;
      setState(next);
      timer = setTimeout(() => {
        isUnderWay = false;
        if (hasMoved) void ask();
      }, PAUSE_MS);
    };
    move.current = () => {
      hasMoved = true;
      if (!isUnderWay) void ask();
    };
    void ask();
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, [path]);
  const view = account.value;
  const minute = Math.floor((session.value?.nowMs ?? 0) / MINUTE_MS);
  useEffect(() => move.current(), [minute, view?.cashPaise, view?.positions.map(({ units }) => units).join()]);
  return state;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
