// The session's hibernating stream: everyone gets the whole view first and then whenever it changes, at most four times a
// second, however fast the market is played.
import type { Signal } from "../../src/core/prediction/signal.ts";
import type { SessionView } from "../../src/ports/objects.ts";
import { sessionFrame } from "./stream-frame.ts";

const FRAME_INTERVAL_MS = 250;
const SOCKETS_MAX = 1_000;
const POLICY_VIOLATION = 1008;

export class SessionStream {
  readonly #ctx: DurableObjectState;
  readonly #view: () => SessionView;
  /** Made since the last frame. */
  #signals: readonly Signal[] = [];
  #lastFrameMs = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, view: () => SessionView) {
    this.#ctx = ctx;
    this.#view = view;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** Answers an upgrade request. Who may ask was decided at the edge. */
  accept(request: Request): Response {
    if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
      return new Response("a WebSocket upgrade is expected here", { status: 426, headers: { Upgrade: "websocket" } });
    }
    if (this.#ctx.getWebSockets().length >= SOCKETS_MAX) {
      return new Response("too many streams", { status: 503, headers: { "Retry-After": "5" } });
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server);
    send(server, JSON.stringify(sessionFrame(this.#view(), [])));
    return new Response(null, { status: 101, webSocket: client });
  }

  get hasListeners(): boolean {
    return this.#ctx.getWebSockets().length > 0;
  }

  /** Lets the listeners know soon that the view has changed. */
  changed(signals: readonly Signal[] = []): void {
    if (!this.hasListeners) return;
    this.#signals = [...this.#signals, ...signals];
    if (this.#timer !== null) return;
    const waitMs = Math.max(0, this.#lastFrameMs + FRAME_INTERVAL_MS - Date.now());
    this.#timer = setTimeout(() => this.#push(), waitMs);
  }

  /** Clients say nothing but "ping", which the platform answers by itself. */
  receive(socket: WebSocket): void {
    socket.close(POLICY_VIOLATION, "this stream takes no messages");
  }

  /** Answers a client's close frame; without it the client would see an abnormal end. */
  close(socket: WebSocket, code: number): void {
    // 1005, 1006 and 1015 say that no code came; they must not be sent back.
    const isSendable = code >= 1000 && code < 5000 && ![1005, 1006, 1015].includes(code);
    try {
      socket.close(isSendable ? code : 1000);
    } catch {
      // Already closed by the other side.
    }
  }

  #push(): void {
    this.#timer = null;
    this.#lastFrameMs = Date.now();
    const frame = JSON.stringify(sessionFrame(this.#view(), this.#signals));
    this.#signals = [];
    for (const socket of this.#ctx.getWebSockets()) send(socket, frame);
  }
}

function send(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // The socket is on its way out; its client connects again and gets the whole view.
  }
}
