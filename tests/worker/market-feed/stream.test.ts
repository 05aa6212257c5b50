import { describe, expect, it } from "vitest";
import type { SnapshotFrame, TickFrame } from "../../../durable-objects/market-feed/stream-frame.ts";
import { afterOpen, CALL, chain, contractAt, evict, Listener, loadedFeed, quote, spot } from "./feed-fixtures.ts";

type Frame = SnapshotFrame | TickFrame | { readonly type: "error"; readonly code: string };

const strikes = Array.from({ length: 41 }, (_, index) => contractAt(23_500 + index * 50));
const FAR = contractAt(23_500);
const chainAt = (second: number, bid: number) =>
  chain(afterOpen(second), ...strikes.map((contract) => quote(contract, bid)));
const tape = [
  ...[0, 60, 120, 180].flatMap((second) => [
    spot(afterOpen(second), 2_450_000 + second),
    chainAt(second, 10_000 + second * 5),
  ]),
];

async function connect(feed: Awaited<ReturnType<typeof loadedFeed>>) {
  const response = await feed.fetch(new Request("https://feed/stream", { headers: { Upgrade: "websocket" } }));
  expect(response.status).toBe(101);
  const socket = response.webSocket;
  if (!socket) throw new Error("no socket");
  const frames: Frame[] = [];
  const waiting: (() => void)[] = [];
  socket.addEventListener("message", (message) => {
    frames.push(JSON.parse(String(message.data)) as Frame);
    for (const wake of waiting.splice(0)) wake();
  });
  socket.accept();
  const frame = async (index: number): Promise<Frame> => {
    while (frames[index] === undefined) await new Promise<void>((resolve) => waiting.push(resolve));
    return frames[index];
  };
  return { socket, frames, frame };
}

describe("the quote stream", () => {
  it("sends a snapshot of the strikes near the money first, then what changes, with decimal strings and a running count", async () => {
    const feed = await loadedFeed("stream", new Listener(), tape);
    await feed.playUntil(afterOpen(0));
    const { frame, socket } = await connect(feed);
    const snapshot = (await frame(0)) as SnapshotFrame;
    expect(snapshot).toMatchObject({
      type: "snapshot",
      sequence: 1,
      underlying: "NIFTY50",
      spot: "24500.00",
      vix: null,
    });
    expect(snapshot.quotes.length).toBe(25);
    expect(snapshot.quotes.find((one) => one.instrumentId === CALL.instrumentId)).toMatchObject({
      bid: "100.00",
      ask: "100.10",
      strike: "24500.00",
      source: "RECORDED",
    });
    await feed.playUntil(afterOpen(60));
    const tick = (await frame(1)) as TickFrame;
    expect(tick).toMatchObject({ type: "tick", sequence: 2, spot: "24500.60", bar: { close: "24500.60" } });
    expect(tick.quotes.length).toBe(25);
    socket.close();
  });

  it("adds the contracts a client asks for and refuses malformed and oversized requests", async () => {
    const feed = await loadedFeed("subscribe", new Listener(), tape);
    await feed.playUntil(afterOpen(0));
    const { frame, socket } = await connect(feed);
    await frame(0);
    socket.send(JSON.stringify({ subscribe: [FAR.instrumentId] }));
    expect(((await frame(1)) as SnapshotFrame).quotes.map((one) => one.instrumentId)).toContain(FAR.instrumentId);
    // Asking for the same again is answered by nothing.
    socket.send(JSON.stringify({ subscribe: [FAR.instrumentId] }));
    for (const [index, message] of [
      "no json",
      JSON.stringify({ subscribe: Array.from({ length: 51 }, (_, at) => `X${at}.NFO`) }),
      JSON.stringify({ subscribe: ["a b; drop"] }),
      "x".repeat(9_000),
    ].entries()) {
      socket.send(message);
      expect(await frame(2 + index)).toEqual({ type: "error", code: "MESSAGE_MALFORMED" });
    }
    socket.close();
  });

  it("coalesces a fast replay into a few frames", async () => {
    const feed = await loadedFeed("fast", new Listener(), tape);
    await feed.playUntil(afterOpen(0));
    const { frame, frames, socket } = await connect(feed);
    await frame(0);
    for (const second of [60, 120, 180]) await feed.playUntil(afterOpen(second));
    let last = 0;
    while (((await frame(last)) as TickFrame).spot !== "24501.80") last += 1;
    expect(frames.length).toBeLessThanOrEqual(3);
    socket.close();
  });

  it("outlives the object: after an eviction the socket goes on with a new snapshot and its subscription", async () => {
    const feed = await loadedFeed("hibernate", new Listener(), tape);
    await feed.playUntil(afterOpen(0));
    const { frame, socket } = await connect(feed);
    socket.send(JSON.stringify({ subscribe: [FAR.instrumentId] }));
    await frame(1);
    await evict(feed);
    await feed.playUntil(afterOpen(60));
    const snapshot = (await frame(2)) as SnapshotFrame;
    expect(snapshot).toMatchObject({ type: "snapshot", sequence: 1, spot: "24500.60" });
    expect(snapshot.quotes.map((one) => one.instrumentId)).toContain(FAR.instrumentId);
    socket.close();
  });

  it("refuses a request that is no upgrade", async () => {
    const feed = await loadedFeed("plain", new Listener(), tape);
    expect((await feed.fetch(new Request("https://feed/stream"))).status).toBe(426);
  });
});
