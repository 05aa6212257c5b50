// The account's live stream: each socket remembers, in its attachment, the last sequence it was sent. A client that comes
// back says what it has seen and gets exactly what came after, or a snapshot when that is far back.
import type { JournalEntry } from "../../src/core/account/event.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { type AccountStreamMessage, type AccountView, accountView } from "../../src/core/account/view.ts";
import { refuseMessage, StreamSockets, sendFrame } from "../stream-sockets.ts";

export interface StreamDeps {
  readonly ctx: DurableObjectState;
  state(): AccountState;
  entries(afterSequence: number, limit: number): Iterable<JournalEntry>;
}

interface Attachment {
  readonly sentSequence: number;
}

const PACE = { socketsMax: 32, socketsOfOneMax: 32, pushIntervalMs: 100 };
const RESUME_EVENTS_MAX = 1_000;

export class AccountStream {
  readonly #deps: StreamDeps;
  readonly #sockets: StreamSockets;

  constructor(deps: StreamDeps) {
    this.#deps = deps;
    this.#sockets = new StreamSockets(deps.ctx, PACE, () => this.#push());
    // A push that was due when the object was evicted is made up for.
    this.changed();
  }

  /** `?after=<sequence>` resumes. Whoever gets here has been let in by the edge. */
  accept(request: Request): Response {
    const after = new URL(request.url).searchParams.get("after");
    const seen = after !== null && /^\d{1,15}$/.test(after) ? Number(after) : null;
    return this.#sockets.accept(request, (socket) => {
      if (seen === null || !this.#sendSince(socket, seen, true)) this.#sendSnapshot(socket);
    });
  }

  changed(): void {
    this.#sockets.pushSoon();
  }

  receive(socket: WebSocket): void {
    refuseMessage(socket);
  }

  close(socket: WebSocket, code: number): void {
    this.#sockets.close(socket, code);
  }

  #push(): void {
    const view = accountView(this.#deps.state());
    for (const socket of this.#sockets.all) {
      const { sentSequence } = (socket.deserializeAttachment() ?? { sentSequence: 0 }) as Attachment;
      if (!this.#sendSince(socket, sentSequence, false, view)) this.#sendSnapshot(socket, view);
    }
  }

  /** False when that is too far back, or is ahead of anything this account has written. */
  #sendSince(socket: WebSocket, after: number, evenIfNothing: boolean, view?: AccountView | null): boolean {
    const state = this.#deps.state();
    const behind = state.sequence - after;
    if (behind < 0 || behind > RESUME_EVENTS_MAX) return false;
    if (behind === 0 && !evenIfNothing) return true;
    this.#send(socket, {
      type: "events",
      sequence: state.sequence,
      view: view ?? accountView(state),
      entries: [...this.#deps.entries(after, RESUME_EVENTS_MAX)],
    });
    return true;
  }

  #sendSnapshot(socket: WebSocket, view: AccountView | null = accountView(this.#deps.state())): void {
    this.#send(socket, { type: "snapshot", sequence: this.#deps.state().sequence, view });
  }

  #send(socket: WebSocket, message: AccountStreamMessage): void {
    const isSent = sendFrame(socket, JSON.stringify(message));
    if (isSent) socket.serializeAttachment({ sentSequence: message.sequence } satisfies Attachment);
  }
}
