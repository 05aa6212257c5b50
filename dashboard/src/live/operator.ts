// Who looks: only a key without an account of its own can be an operator's; of those it is asked whether it may read operations.
import { useEffect, useState } from "preact/hooks";
import { call } from "../api.ts";
import { account } from "./model.ts";

/** A moment's patience: the account of a key that has one is on its way. */
const PATIENCE_MS = 2_000;

export function useMayOperate(): boolean {
  const [may, setMay] = useState(false);
  const hasAccount = account.value !== null;
  useEffect(() => {
    if (hasAccount) return setMay(false);
    let isShown = true;
    const timer = setTimeout(() => {
      call("GET", "/v1/operations/dead-letters?limit=1").then(
        () => isShown && setMay(true),
        () => {},
      );
    }, PATIENCE_MS);
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, [hasAccount]);
  return may;
}
