// What the live streams of all objects have in common: hibernating WebSockets, so many and no more, told what is new at a
// steady pace however fast it comes, and closed as their clients expect. What they are told is each stream's own.
import { STREAM_OWNER, STREAMS_OF_ONE_MAX } from "../src/ports/streams.ts";

export interface StreamPace {
  readonly socketsMax: number;
  /** Of one account, or of one key that belongs to none, so that nobody takes the places of all others. */
  readonly socketsOfOneMax: number;
  /** The shortest time between two pushes; what happens in between travels together. */
  readonly pushIntervalMs: number;
}

const POLICY_VIOLATION = 1008;
const NORMAL_CLOSURE = 1000;
/** They say that no code came, and must not be sent. */
const NEVER_SENT: ReadonlySet<number> = new Set([1005, 1006, 1015]);

export class StreamSockets {
  readonly #ctx: DurableObjectState;
  readonly #pace: StreamPace;
  readonly #push: () => void;
  #lastPushMs = 0;
  #isScheduled = false;

  /** The platform answers "ping" with "pong" by itself, without waking the object. */
  constructor(ctx: DurableObjectState, pace: StreamPace, push: () => void) {
    this.#ctx = ctx;
    this.#pace = pace;
    this.#push = push;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  get all(): readonly WebSocket[] {
    return this.#ctx.getWebSockets();
  }

  /** Answers an upgrade request and greets the socket. Who may ask was decided at the edge. */
  accept(request: Request, greet: (socket: WebSocket) => void): Response {
    if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
      return new Response("a WebSocket upgrade is expected here", { status: 426, headers: { Upgrade: "websocket" } });
    }
    const { socketsMax, socketsOfOneMax } = this.#pace;
    const owner = request.headers.get(STREAM_OWNER);
    if (owner !== null && this.#ctx.getWebSockets(owner).length >= socketsOfOneMax) {
      const headers = { "Retry-After": "5", [STREAMS_OF_ONE_MAX]: String(socketsOfOneMax) };
      return new Response("too many streams of one", { status: 429, headers });
    }
    if (this.all.length >= socketsMax) {
      return new Response("too many streams", { status: 503, headers: { "Retry-After": "5" } });
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server, owner === null ? [] : [owner]);
    greet(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Pushes soon, where anybody listens. */
  pushSoon(): void {
    if (this.#isScheduled || this.all.length === 0) return;
    this.#isScheduled = true;
    const waitMs = Math.max(0, this.#lastPushMs + this.#pace.pushIntervalMs - Date.now());
    setTimeout(() => {
      this.#isScheduled = false;
      this.#lastPushMs = Date.now();
      this.#push();
    }, waitMs);
  }

  /** Answers a client's close frame; without it the client would see an abnormal end. */
  close(socket: WebSocket, code: number): void {
    const isSendable = code >= NORMAL_CLOSURE && code < 5000 && !NEVER_SENT.has(code);
    try {
      socket.close(isSendable ? code : NORMAL_CLOSURE);
    } catch {
      // Already closed by the other side.
    }
  }
}

/** For streams that take no messages: their clients say nothing but "ping". */
export const refuseMessage = (socket: WebSocket): void =>
  socket.close(POLICY_VIOLATION, "this stream takes no messages");

/** False where the socket is on its way out; its client connects again and is told where things stand. */
export function sendFrame(socket: WebSocket, text: string): boolean {
  try {
    socket.send(text);
    return true;
  } catch {
    return false;
  }
}
