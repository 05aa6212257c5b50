// The live quote stream: everyone gets a snapshot first and then at most four ticks a second, however fast the market is
// played. Sockets outlive the object in memory; what they subscribed to is kept with the socket.
import type { InstrumentId } from "../../src/core/instrument/contract.ts";
import type { HeldQuote } from "../../src/core/market/market-event.ts";
import type { QuoteBoard } from "../../src/core/market-feed/quote-board.ts";
import { StreamSockets, sendFrame } from "../stream-sockets.ts";
import { type FrameSource, parseSubscribe, snapshotFrame, tickFrame } from "./stream-frame.ts";

const PACE = { socketsMax: 1_000, socketsOfOneMax: 20, pushIntervalMs: 250 };

/** The board to show, together with what the frames say about it; null before a session is loaded. */
export type StreamSource = { readonly board: QuoteBoard; readonly frame: FrameSource } | null;

interface Attachment {
  readonly subscribed: readonly InstrumentId[];
}

export class MarketStream {
  readonly #sockets: StreamSockets;
  readonly #source: () => StreamSource;
  readonly #changed = new Set<InstrumentId>();
  /** Per socket, in memory only: a socket that is not in here has not had its snapshot from this instance yet. */
  #sequences = new WeakMap<WebSocket, number>();

  constructor(ctx: DurableObjectState, source: () => StreamSource) {
    this.#source = source;
    this.#sockets = new StreamSockets(ctx, PACE, () => this.#sendTicks());
  }

  accept(request: Request): Response {
    return this.#sockets.accept(request, (socket) => {
      socket.serializeAttachment({ subscribed: [] } satisfies Attachment);
      this.#sendSnapshot(socket);
    });
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

  close(socket: WebSocket, code: number): void {
    this.#sockets.close(socket, code);
  }

  /** Notes that contracts were quoted, or that the index moved, and lets the sockets know soon. */
  changed(instrumentIds: Iterable<InstrumentId>): void {
    if (this.#sockets.all.length === 0) return;
    for (const instrumentId of instrumentIds) this.#changed.add(instrumentId);
    this.#sockets.pushSoon();
  }

  /** Another session begins: everyone gets a snapshot again. */
  restart(): void {
    this.#sequences = new WeakMap();
    this.#changed.clear();
    this.changed([]);
  }

  #sendTicks(): void {
    const source = this.#source();
    if (source === null) return;
    const near = new Set(source.board.nearQuotes().map((quote) => quote.instrumentId));
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const socket of this.#sockets.all) {
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

const send = (socket: WebSocket, frame: unknown): boolean => sendFrame(socket, JSON.stringify(frame));
