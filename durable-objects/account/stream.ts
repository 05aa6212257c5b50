// The account's live stream: hibernating WebSockets that each remember, in their attachment, the last sequence they were
// sent. A client that comes back says what it has seen and gets exactly what came after, or a snapshot when that is far back.
import type { JournalEntry } from "../../src/core/account/event.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { type AccountStreamMessage, type AccountView, accountView } from "../../src/core/account/view.ts";

export interface StreamDeps {
  readonly ctx: DurableObjectState;
  state(): AccountState;
  entries(afterSequence: number, limit: number): Iterable<JournalEntry>;
}

interface Attachment {
  readonly sentSequence: number;
}

const PUSH_INTERVAL_MS = 100;
const RESUME_EVENTS_MAX = 1_000;
const SOCKETS_MAX = 32;
const POLICY_VIOLATION = 1008;

export class AccountStream {
  readonly #deps: StreamDeps;
  #lastPushMs = 0;
  #scheduled = false;

  constructor(deps: StreamDeps) {
    this.#deps = deps;
    deps.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    // A push that was due when the object was evicted is made up for.
    this.schedule();
  }

  /** `?after=<sequence>` resumes. Whoever gets here has been let in by the edge. */
  upgrade(request: Request): Response {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return new Response("expected a WebSocket upgrade", { status: 426, headers: { upgrade: "websocket" } });
    }
    const { ctx } = this.#deps;
    if (ctx.getWebSockets().length >= SOCKETS_MAX) {
      return new Response("too many streams", { status: 503, headers: { "retry-after": "5" } });
    }
    const after = new URL(request.url).searchParams.get("after");
    const { 0: client, 1: server } = new WebSocketPair();
    ctx.acceptWebSocket(server);
    const seen = after !== null && /^\d{1,15}$/.test(after) ? Number(after) : null;
    if (seen === null || !this.#sendSince(server, seen, true)) this.#sendSnapshot(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Pushes what is new, at most ten times a second; what happens in between travels together. */
  schedule(): void {
    if (this.#scheduled || this.#deps.ctx.getWebSockets().length === 0) return;
    this.#scheduled = true;
    const waitMs = Math.max(0, this.#lastPushMs + PUSH_INTERVAL_MS - Date.now());
    setTimeout(() => {
      this.#scheduled = false;
      this.#lastPushMs = Date.now();
      this.#push();
    }, waitMs);
  }

  /** Clients say nothing but "ping", which the platform answers by itself. */
  message(socket: WebSocket): void {
    socket.close(POLICY_VIOLATION, "this stream takes no messages");
  }

  /** Answers the client's close frame; without it the client would see an abnormal end. */
  close(socket: WebSocket, code: number, reason: string): void {
    // 1005, 1006 and 1015 are never sent: they say that no code came.
    const sendable = code >= 1000 && code < 5000 && code !== 1005 && code !== 1006 && code !== 1015;
    try {
      socket.close(sendable ? code : 1000, sendable ? reason : "");
    } catch {
      // Already closed by the other side.
    }
  }

  #push(): void {
    const view = accountView(this.#deps.state());
    for (const socket of this.#deps.ctx.getWebSockets()) {
      const { sentSequence } = (socket.deserializeAttachment() ?? { sentSequence: 0 }) as Attachment;
      try {
        if (!this.#sendSince(socket, sentSequence, false, view)) this.#sendSnapshot(socket, view);
      } catch {
        // The socket is on its way out; its client resumes with what it has seen.
      }
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
    socket.send(JSON.stringify(message));
    socket.serializeAttachment({ sentSequence: message.sequence } satisfies Attachment);
  }
}
