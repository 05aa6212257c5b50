// The tag every order carries: which algorithm made it (SEBI's framework for retail algorithms: every order over an interface
// is an algo order). Below the exchange's threshold the broker's generic id stands for all of them; a registered id takes its
// place by origin. An adapter turns the generic tag into the broker's own.
import type { OrderOrigin } from "../order/order.ts";

export type RegisteredAlgoIds = Readonly<Partial<Record<OrderOrigin, string>>>;

export const algoIdOf = (origin: OrderOrigin, registered: RegisteredAlgoIds = {}): string =>
  registered[origin] ?? `GENERIC-${origin}`;
