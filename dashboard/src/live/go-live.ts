// Brings the model to life: one look at what there is, then streams. Nothing polls; what the streams do not carry is asked
// for once, when a push says that it has changed.
import { call } from "../api.ts";
import { takeAccount, takeEntries, takeNotices, takeOrders, takeSettlements, takeTrades } from "./account-wire.ts";
import { takeMarketFrame, takeMarketView } from "./market-wire.ts";
import { account, type LinkState, links, problem, session, UNDERLYINGS, type Underlying } from "./model.ts";
import { takeSession, takeSignals } from "./session-wire.ts";
import { type LiveSocket, openLiveSocket } from "./socket.ts";

/** Read models follow the account's own stream by a moment. */
const READ_MODEL_DELAY_MS = 1_200;

export function goLive(): () => void {
  let sequence = 0;
  let refresh: ReturnType<typeof setTimeout> | undefined;
  const sockets: LiveSocket[] = [];
  const link = (name: string) => (state: LinkState) => {
    links.value = { ...links.value, [name]: state };
  };
  const readModels = (): void => {
    ask("/v1/notifications?limit=60", takeNotices);
    ask("/v1/settlements?limit=2", takeSettlements);
  };

  ask("/v1/sessions/current", (answer) => {
    takeSession(answer);
    ask("/v1/trades?limit=200", takeTrades);
  });
  ask("/v1/orders?limit=200", takeOrders);
  ask("/v1/signals?limit=12", takeSignals);
  readModels();
  const feeds = new Map<Underlying, LiveSocket>();
  for (const underlying of UNDERLYINGS) {
    ask(`/v1/market/${underlying}`, (answer) => takeMarketView(underlying, answer));
    const socket = openLiveSocket({
      path: () => `/v1/stream/market/${underlying}`,
      onMessage: (message) => takeMarketFrame(underlying, message),
      onState: link(underlying),
      onOpen: () => subscribe(underlying),
    });
    feeds.set(underlying, socket);
    sockets.push(socket);
  }
  const subscribe = (underlying: Underlying): void => {
    const held = (account.value?.positions ?? []).filter((position) => position.underlying === underlying);
    if (held.length > 0) feeds.get(underlying)?.send({ subscribe: held.map((position) => position.instrumentId) });
  };
  sockets.push(
    openLiveSocket({
      path: () => `/v1/stream/account?after=${sequence}`,
      onState: link("account"),
      onMessage: (message) => {
        sequence = Math.max(sequence, Number(message["sequence"] ?? 0));
        takeAccount(message["view"]);
        if (message["type"] === "events") takeEntries(message["entries"]);
        for (const underlying of UNDERLYINGS) subscribe(underlying);
        clearTimeout(refresh);
        refresh = setTimeout(readModels, READ_MODEL_DELAY_MS);
      },
    }),
    openLiveSocket({
      path: () => "/v1/stream/session",
      onState: link("session"),
      onMessage: (message) => {
        const before = session.value?.date;
        takeSession(message["view"] ?? message);
        if (message["signals"] !== undefined) takeSignals({ data: message["signals"] });
        if (before !== session.value?.date) ask("/v1/orders?limit=200", takeOrders);
      },
    }),
  );
  return () => {
    clearTimeout(refresh);
    for (const socket of sockets) socket.close();
  };
}

function ask(path: string, take: (answer: unknown) => void): void {
  call<unknown>("GET", path).then(take, (error: unknown) => {
    // A session that is not there yet is no news; anything else is.
    const status = (error as { problem?: { status?: number } }).problem?.status;
    if (status !== 404) problem.value = error instanceof Error ? error.message : String(error);
  });
}
