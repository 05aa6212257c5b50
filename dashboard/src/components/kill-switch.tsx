import { useRef, useState } from "preact/hooks";
import { call } from "../api.ts";
import { account, problem } from "../live/model.ts";

const WORD = "STOP";

/** Cancels everything, closes everything, and keeps the account closed. Asked for twice, by typing. */
export function KillSwitch() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState("");
  const halted = account.value?.tradingState === "HALTED";
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
      <button type="button" class="button danger kill" disabled={halted} onClick={() => dialog.current?.showModal()}>
        {halted ? "Stopped" : "■ Stop everything"}
      </button>
      <dialog ref={dialog} aria-labelledby="kill-title">
        <h2 id="kill-title" style="font-size:18px">
          Stop all trading?
        </h2>
        <p class="muted" style="margin-top:8px">
          Open orders are cancelled, every position is sold at the market, and the account stays closed until an
          operator opens it again.
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
