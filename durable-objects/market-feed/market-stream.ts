// The hibernating quote stream: everyone gets a snapshot first and then at most four ticks a second, however fast the market
// is played. Sockets outlive the object in memory; what they subscribed to is kept with the socket.
import type { InstrumentId } from "../../src/core/instrument/contract.ts";
import type { HeldQuote } from "../../src/core/market/market-event.ts";
import type { QuoteBoard } from "../../src/core/market-feed/quote-board.ts";
import { type FrameSource, parseSubscribe, snapshotFrame, tickFrame } from "./stream-frame.ts";

const FRAME_INTERVAL_MS = 250;
const SOCKETS_MAX = 1_000;

/** The board to show, together with what the frames say about it; null before a session is loaded. */
export type StreamSource = { readonly board: QuoteBoard; readonly frame: FrameSource } | null;

interface Attachment {
  readonly subscribed: readonly InstrumentId[];
}

export class MarketStream {
  readonly #ctx: DurableObjectState;
  readonly #source: () => StreamSource;
  readonly #changed = new Set<InstrumentId>();
  /** Per socket, in memory only: a socket that is not in here has not had its snapshot from this instance yet. */
  #sequences = new WeakMap<WebSocket, number>();
  #lastFrameMs = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, source: () => StreamSource) {
    this.#ctx = ctx;
    this.#source = source;
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
    server.serializeAttachment({ subscribed: [] } satisfies Attachment);
    this.#sendSnapshot(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  receive(socket: WebSocket, message: string | ArrayBuffer): void {
    const subscribe = typeof message === "string" ? parseSubscribe(message) : null;
    if (subscribe === null) {
      send(socket, { type: "error", code: "MESSAGE_MALFORMED" });
      return;
    }
    const before = new Set(subscribedBy(socket));
    socket.serializeAttachment({ subscribed: subscribe.subscribe } satisfies Attachment);
    // What is asked for anew is told at once; dropping contracts, or asking again, needs no answer.
    if (subscribe.subscribe.some((instrumentId) => !before.has(instrumentId))) this.#sendSnapshot(socket);
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

  /** Notes that contracts were quoted, or that the index moved, and lets the sockets know soon. */
  changed(instrumentIds: Iterable<InstrumentId>): void {
    if (this.#ctx.getWebSockets().length === 0) return;
    for (const instrumentId of instrumentIds) this.#changed.add(instrumentId);
    if (this.#timer !== null) return;
    const waitMs = Math.max(0, this.#lastFrameMs + FRAME_INTERVAL_MS - Date.now());
    this.#timer = setTimeout(() => this.#sendTicks(), waitMs);
  }

  /** Another session begins: everyone gets a snapshot again. */
  restart(): void {
    this.#sequences = new WeakMap();
    this.#changed.clear();
    this.changed([]);
  }

  #sendTicks(): void {
    this.#timer = null;
    this.#lastFrameMs = Date.now();
    const source = this.#source();
    if (source === null) return;
    const near = new Set(source.board.nearQuotes().map((quote) => quote.instrumentId));
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const socket of this.#ctx.getWebSockets()) {
      const sequence = this.#sequences.get(socket);
      if (sequence === undefined) {
        this.#sendSnapshot(socket);
        continue;
      }
      const subscribed = new Set(subscribedBy(socket));
      const wanted = changed.filter((instrumentId) => near.has(instrumentId) || subscribed.has(instrumentId));
      this.#sequences.set(socket, sequence + 1);
      send(socket, tickFrame(source.frame, sequence + 1, heldQuotes(source.board, wanted)));
    }
  }

  #sendSnapshot(socket: WebSocket): void {
    const source = this.#source();
    if (source === null) return;
    const near = source.board.nearQuotes();
    const known = new Set(near.map((quote) => quote.instrumentId));
    const others = heldQuotes(
      source.board,
      subscribedBy(socket).filter((instrumentId) => !known.has(instrumentId)),
    );
    this.#sequences.set(socket, 1);
    send(socket, snapshotFrame(source.frame, 1, [...near, ...others]));
  }
}

const subscribedBy = (socket: WebSocket): readonly InstrumentId[] =>
  (socket.deserializeAttachment() as Attachment | null)?.subscribed ?? [];

const heldQuotes = (board: QuoteBoard, instrumentIds: readonly InstrumentId[]): HeldQuote[] =>
  instrumentIds.map((instrumentId) => board.quote(instrumentId)).filter((quote) => quote !== null);

function send(socket: WebSocket, frame: unknown): void {
  try {
    socket.send(JSON.stringify(frame));
  } catch {
    // The socket is closing; the platform tells so separately.
  }
}
