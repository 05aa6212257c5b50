import { useRef, useState } from "preact/hooks";
import { call } from "../api.ts";
import { account, problem } from "../live/model.ts";

const WORD = "STOP";

/** Cancels everything, closes everything, and keeps the account closed. Asked for twice, by typing. */
export function KillSwitch() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState("");
  const halted = account.value?.tradingState === "HALTED";
  // What could not be left goes on being somebody's to ask for.
  const left = halted ? (account.value?.positions.length ?? 0) : 0;
  const stop = async (): Promise<void> => {
    dialog.current?.close();
    setTyped("");
    try {
      await call("POST", "/v1/account/halt", { reason: "Kill switch pressed on the dashboard" });
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  };
  return (
    <>
      <button
        type="button"
        class="button danger kill"
        disabled={halted && left === 0}
        onClick={() => dialog.current?.showModal()}
      >
        {halted ? (left === 0 ? "Stopped" : "Stopped · close again") : "■ Stop everything"}
      </button>
      <BreakerSigns />
      <dialog ref={dialog} aria-labelledby="kill-title">
        <h2 id="kill-title" style="font-size:18px">
          {halted ? "Close again?" : "Stop all trading?"}
        </h2>
        <p class="muted" style="margin-top:8px">
          {halted
            ? `One more exit is sent for each of the ${left} open positions. Look at the broker's terminal first: what is under way there may still deal, and what is sold twice is a short.`
            : "Open orders are cancelled, every position is sold at the market, and the account stays closed until an operator opens it again."}
        </p>
        <label>
          Type {WORD} to confirm
          <input
            class="field"
            value={typed}
            autocomplete="off"
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        <div class="actions">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Keep trading
          </button>
          <button
            type="button"
            class="button danger"
            disabled={typed.trim().toUpperCase() !== WORD}
            onClick={() => void stop()}
          >
            Stop everything
          </button>
        </div>
      </dialog>
    </>
  );
}

/** What is stopped, why, and how far it is from proven flat. */
function BreakerSigns() {
  const breakers = account.value?.breakers ?? [];
  if (breakers.length === 0) return null;
  return (
    <ul class="muted" role="status" style="list-style:none;margin:0;padding:0;font-size:12px">
      {breakers.map(({ scope, status, causes, checks, provenFlatAt }) => (
        <li key={scope} title={causes.map(({ detail }) => detail).join("; ")}>
          {scope} {status}: {causes.map(({ cause }) => cause).join(", ")} ·{" "}
          {provenFlatAt === null
            ? `not proven flat yet, ${checks} looks`
            : `proven flat ${provenFlatAt.slice(11, 19)} UTC`}
        </li>
      ))}
    </ul>
  );
}
