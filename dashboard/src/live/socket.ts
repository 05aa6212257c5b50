// A WebSocket that comes back: fresh ticket each time, growing waits with jitter, and the caller's own place to resume from.

import { call } from "../api.ts";
import type { LinkState } from "./model.ts";

export interface LiveSocket {
  close(): void;
  send(message: unknown): void;
}

const WAIT_MIN_MS = 500;
const WAIT_MAX_MS = 15_000;
const PING_EVERY_MS = 20_000;

export function openLiveSocket(options: {
  /** Path and query of the stream, e.g. "/v1/stream/account?after=12"; asked anew at each attempt. */
  readonly path: () => string;
  readonly onMessage: (message: Record<string, unknown>) => void;
  readonly onState: (state: LinkState) => void;
  readonly onOpen?: (send: (message: unknown) => void) => void;
}): LiveSocket {
  let socket: WebSocket | null = null;
  let closed = false;
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pinger: ReturnType<typeof setInterval> | undefined;

  const connect = async (): Promise<void> => {
    options.onState("CONNECTING");
    try {
      const { ticket } = await call<{ ticket: string }>("POST", "/v1/stream-tickets", {});
      if (closed) return;
      const path = options.path();
      const address = new URL(
        `${path}${path.includes("?") ? "&" : "?"}ticket=${encodeURIComponent(ticket)}`,
        location.href,
      );
      address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
      socket = new WebSocket(address);
    } catch {
      again();
      return;
    }
    socket.onopen = () => {
      attempts = 0;
      options.onState("LIVE");
      options.onOpen?.((message) => socket?.send(JSON.stringify(message)));
      pinger = setInterval(() => socket?.readyState === WebSocket.OPEN && socket.send("ping"), PING_EVERY_MS);
    };
    socket.onmessage = (event) => {
      if (event.data !== "pong") options.onMessage(JSON.parse(String(event.data)) as Record<string, unknown>);
    };
    socket.onclose = again;
  };

  const again = (): void => {
    clearInterval(pinger);
    if (closed) return;
    options.onState("LOST");
    attempts += 1;
    const wait = Math.min(WAIT_MAX_MS, WAIT_MIN_MS * 2 ** Math.min(attempts, 6)) * (0.5 + Math.random() / 2);
    clearTimeout(timer);
    timer = setTimeout(() => void connect(), wait);
  };

  void connect();
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
      clearInterval(pinger);
      socket?.close(1000);
    },
    send: (message) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
  };
}
