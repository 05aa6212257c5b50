// The session's live stream: everyone gets the whole view first and then whenever it changes, at most four times a second,
// however fast the market is played.
import type { Signal } from "../../src/core/prediction/signal.ts";
import type { SessionView } from "../../src/ports/objects.ts";
import { refuseMessage, StreamSockets, sendFrame } from "../stream-sockets.ts";
import { sessionFrame } from "./stream-frame.ts";

const PACE = { socketsMax: 1_000, socketsOfOneMax: 20, pushIntervalMs: 250 };

export class SessionStream {
  readonly #sockets: StreamSockets;
  readonly #view: () => SessionView;
  /** Made since the last frame. */
  #signals: readonly Signal[] = [];

  constructor(ctx: DurableObjectState, view: () => SessionView) {
    this.#view = view;
    this.#sockets = new StreamSockets(ctx, PACE, () => this.#push());
  }

  accept(request: Request): Response {
    return this.#sockets.accept(request, (socket) => sendFrame(socket, this.#frame([])));
  }

  get hasListeners(): boolean {
    return this.#sockets.all.length > 0;
  }

  /** Lets the listeners know soon that the view has changed. */
  changed(signals: readonly Signal[] = []): void {
    if (!this.hasListeners) return;
    this.#signals = [...this.#signals, ...signals];
    this.#sockets.pushSoon();
  }

  receive(socket: WebSocket): void {
    refuseMessage(socket);
  }

  close(socket: WebSocket, code: number): void {
    this.#sockets.close(socket, code);
  }

  #push(): void {
    const frame = this.#frame(this.#signals);
    this.#signals = [];
    for (const socket of this.#sockets.all) sendFrame(socket, frame);
  }

  #frame(signals: readonly Signal[]): string {
    return JSON.stringify(sessionFrame(this.#view(), signals));
  }
}
