// The account's stream and read models, into the model. Journal events carry whole paise, views decimal strings.
import { paiseOf } from "../money.ts";
import {
  type AccountModel,
  account,
  type BreakerSign,
  curve,
  dayPaise,
  type NoticeModel,
  notices,
  type OrderModel,
  orders,
  type SettlementModel,
  session,
  type VixDecisionModel,
} from "./model.ts";

interface WireView {
  readonly accountId: string;
  readonly displayName: string;
  readonly category: string;
  readonly at: string;
  readonly tradingState: string;
  readonly haltReason: string | null;
  readonly breakers?: readonly BreakerSign[];
  readonly capital: string;
  readonly cash: string;
  readonly savings: string;
  readonly day: {
    readonly date: string;
    readonly status: string;
    readonly realised: string;
    readonly charges: string;
    readonly vixCenti: number | null;
    readonly vixDecision?: VixDecisionModel | null;
    readonly endedBy?: string | null;
  } | null;
  readonly guardrails: {
    readonly tradesUsed: number;
    readonly tradesMax: number;
    readonly openTrades: number;
    readonly openTradesMax: number;
    readonly lossMax: string;
    readonly capacityBps: number;
  };
  readonly positions: readonly {
    readonly instrumentId: string;
    readonly underlying: string;
    readonly netUnits: number;
    readonly averagePrice: string;
    readonly cost: string;
    readonly openedAt: string;
    readonly stop: string | null;
    readonly target: string | null;
    readonly targets?: readonly { readonly price: string; readonly lots: number }[];
    readonly tightensAt: string | null;
    readonly timeExitAt: string | null;
  }[];
  readonly exitGroups: readonly {
    readonly groupId: string;
    readonly underlying: string | null;
    readonly instrumentIds: readonly string[];
    readonly stop: string | null;
    readonly target: string | null;
    readonly leaving: string | null;
  }[];
}

let curveDate = "";

/** Another day begins another curve, whichever answer is the first to tell of it. */
function curveIsOf(date: string): void {
  if (date === curveDate) return;
  curve.value = [];
  curveDate = date;
}

export function takeAccount(message: unknown): void {
  if (message === null || message === undefined) return;
  const view = message as WireView;
  curveIsOf(view.day?.date ?? "");
  account.value = {
    accountId: view.accountId,
    displayName: view.displayName,
    category: view.category,
    capitalPaise: paiseOf(view.capital) ?? 0,
    cashPaise: paiseOf(view.cash) ?? 0,
    savingsPaise: paiseOf(view.savings) ?? 0,
    realisedPaise: paiseOf(view.day?.realised) ?? 0,
    chargesPaise: paiseOf(view.day?.charges) ?? 0,
    dayStatus: view.day?.status ?? "",
    tradingState: view.tradingState,
    haltReason: view.haltReason,
    breakers: view.breakers ?? [],
    positions: view.positions.map((position) => ({
      instrumentId: position.instrumentId,
      underlying: position.underlying,
      units: position.netUnits,
      costPaise: paiseOf(position.cost) ?? 0,
      averagePaise: paiseOf(position.averagePrice),
      openedAtMs: Date.parse(position.openedAt),
      stopPaise: paiseOf(position.stop),
      targetPaise: paiseOf(position.target),
      parts: (position.targets ?? []).map(({ price, lots }) => ({ pricePaise: paiseOf(price), lots })),
      tightensPaise: paiseOf(position.tightensAt),
      timeExitAt: position.timeExitAt,
    })),
    exitGroups: view.exitGroups.map((group) => ({
      groupId: group.groupId,
      covers: group.underlying ?? (group.instrumentIds.length > 0 ? group.instrumentIds.join(", ") : "All positions"),
      stopPaise: paiseOf(group.stop),
      targetPaise: paiseOf(group.target),
      isLeaving: group.leaving !== null,
    })),
    capacity: view.guardrails.capacityBps / 10_000,
    vix: view.day?.vixCenti === null || view.day === null ? null : view.day.vixCenti / 100,
    vixDecision: view.day?.vixDecision ?? null,
    endedBy: view.day?.endedBy ?? null,
    tradesUsed: view.guardrails.tradesUsed,
    tradesMax: view.guardrails.tradesMax,
    openTrades: view.guardrails.openTrades,
    openTradesMax: view.guardrails.openTradesMax,
    dailyLossMaxPaise: paiseOf(view.guardrails.lossMax) ?? 0,
    settlement: account.value?.settlement ?? null,
  } satisfies AccountModel;
  extendCurve(session.value?.nowMs ?? Date.parse(view.at));
}

/** One more point of the day's curve; a point at the same instant replaces the one before. */
export function extendCurve(atMs: number | null): void {
  const paise = dayPaise.value;
  if (paise === null || atMs === null || account.value?.dayStatus === "") return;
  const points = curve.value;
  const last = points.at(-1);
  if (last !== undefined && atMs < last[0]) return;
  curve.value = last?.[0] === atMs ? [...points.slice(0, -1), [atMs, paise]] : [...points, [atMs, paise]];
}

interface WireTrade {
  readonly date: string;
  readonly at: string;
  readonly realised: string;
  readonly charges: string;
}

/** GET /v1/trades: the part of the curve from before this page was opened, as far as it was realised. */
export function takeTrades(answer: unknown): void {
  const view = session.value;
  if (view === null || view.date === null || view.openMs === null) return;
  curveIsOf(view.date);
  const firstLiveMs = curve.value[0]?.[0] ?? Number.POSITIVE_INFINITY;
  if (view.openMs >= firstLiveMs) return;
  let paise = 0;
  const earlier: (readonly [number, number])[] = [[view.openMs, 0]];
  for (const trade of [...(answer as { data: readonly WireTrade[] }).data].reverse()) {
    const atMs = Date.parse(trade.at);
    if (trade.date !== view.date || atMs >= firstLiveMs) continue;
    const before = paise;
    paise += (paiseOf(trade.realised) ?? 0) - (paiseOf(trade.charges) ?? 0);
    // Fills of one order share their instant, and a chart wants each instant once.
    if (earlier.at(-1)?.[0] === atMs) earlier.pop();
    else earlier.push([atMs - 1, before]);
    earlier.push([atMs, paise]);
  }
  curve.value = [...earlier, ...curve.value];
}

interface WireTerms {
  readonly clientOrderId: string;
  readonly contract: { readonly instrumentId: string };
  readonly side: string;
  readonly quantityUnits: number;
  readonly limitPricePaise: number;
  readonly purpose: string;
  readonly exitReason: string | null;
}

interface WireEvent {
  readonly type: string;
  readonly atMs: number;
  /** All of them of an order; of a replacement only what it can change. */
  readonly terms?: Pick<WireTerms, "quantityUnits" | "limitPricePaise"> & Partial<WireTerms>;
  readonly clientOrderId?: string;
  readonly reason?: string;
  readonly request?: string;
  /** The answer to asking back what was given up: it stays as it ended. */
  readonly isRecall?: true;
  readonly denial?: { readonly code: string; readonly detail: string };
  readonly fill?: { readonly units: number; readonly pricePaise: number };
}

const words = (code: string): string => code.toLowerCase().replaceAll("_", " ");
const noteOf = (purpose: string, exitReason: string | null): string =>
  exitReason === null ? words(purpose) : `exit: ${words(exitReason)}`;

const workingStatus = (filledUnits: number): string => (filledUnits > 0 ? "PARTIALLY_FILLED" : "ACCEPTED");

export function takeEntries(message: unknown): void {
  const byId = new Map(orders.value.map((order) => [order.clientOrderId, order]));
  for (const { event } of message as readonly { readonly event: WireEvent }[]) {
    if (event.type === "DAY_OPENED") byId.clear();
    const order = orderAfter(byId, event);
    if (order !== null) byId.set(order.clientOrderId, order);
  }
  show([...byId.values()]);
}

function orderAfter(byId: ReadonlyMap<string, OrderModel>, event: WireEvent): OrderModel | null {
  if (event.type === "ORDER_SUBMITTED" || event.type === "ORDER_DENIED") {
    return event.terms === undefined ? null : orderFrom(event.terms as WireTerms, event);
  }
  const before = byId.get(event.clientOrderId ?? "");
  if (before === undefined) return null;
  switch (event.type) {
    case "ORDER_ACCEPTED":
      return before.status === "SUBMITTED" ? { ...before, status: "ACCEPTED" } : before;
    case "ORDER_FILLED": {
      const { units = 0, pricePaise = 0 } = event.fill ?? {};
      const filledUnits = before.filledUnits + units;
      const value = (before.filledUnits > 0 ? (before.pricePaise ?? 0) : 0) * before.filledUnits + pricePaise * units;
      return {
        ...before,
        filledUnits,
        pricePaise: filledUnits === 0 ? before.pricePaise : Math.round(value / filledUnits),
        status: filledUnits >= before.units ? "FILLED" : "PARTIALLY_FILLED",
      };
    }
    case "CANCEL_REQUESTED":
      return { ...before, status: "PENDING_CANCEL" };
    case "ORDER_CANCELED":
      return { ...before, status: "CANCELED", note: event.reason ? words(event.reason) : before.note };
    case "ORDER_REJECTED":
      return { ...before, status: "REJECTED", note: event.reason ? words(event.reason) : before.note };
    case "ORDER_EXPIRED":
      return { ...before, status: "EXPIRED" };
    case "ORDER_OUTCOME_UNKNOWN":
      return event.request === "SUBMIT" ? { ...before, status: "UNKNOWN" } : null;
    case "REPLACE_REQUESTED":
      return { ...before, status: "PENDING_REPLACE" };
    case "REPLACE_REJECTED":
    case "CANCEL_REJECTED":
      if (event.isRecall === true) return null;
      return { ...before, status: workingStatus(before.filledUnits), note: words(event.reason ?? event.type) };
    case "ORDER_REPLACED": {
      const units = event.terms?.quantityUnits ?? before.units;
      const status = before.filledUnits >= units ? "FILLED" : workingStatus(before.filledUnits);
      return { ...before, units, status: before.status === "PENDING_CANCEL" ? before.status : status };
    }
    default:
      return null;
  }
}

const orderFrom = (terms: WireTerms, event: WireEvent): OrderModel => ({
  clientOrderId: terms.clientOrderId,
  atMs: event.atMs,
  side: terms.side,
  instrumentId: terms.contract.instrumentId,
  units: terms.quantityUnits,
  filledUnits: 0,
  pricePaise: terms.limitPricePaise,
  purpose: terms.purpose,
  status: event.type === "ORDER_DENIED" ? "DENIED" : "SUBMITTED",
  note: event.denial?.detail ?? noteOf(terms.purpose, terms.exitReason),
});

interface WireOrder {
  readonly clientOrderId: string;
  readonly createdAt: string;
  readonly side: string;
  readonly instrumentId: string;
  readonly quantityUnits: number;
  readonly filledUnits: number;
  readonly averagePrice?: string | null;
  readonly limitPrice?: string | null;
  readonly status: string;
  readonly purpose: string;
  readonly exitReason: string | null;
  readonly denialCode?: string | null;
  readonly denial?: { readonly detail: string } | null;
  readonly rejectReason?: string | null;
  readonly slices?: number | null;
}

/**
 * GET /v1/orders. A sliced order is shown by its slices, as the stream tells it; one that was denied has none and shows itself.
 * What the stream has told since then is newer and stays. */
export function takeOrders(answer: unknown): void {
  const known = new Set(orders.value.map((order) => order.clientOrderId));
  const date = session.value?.date;
  const older = (answer as { data: readonly WireOrder[] }).data
    .filter((order) => !known.has(order.clientOrderId) && !(order.slices && order.slices > 0))
    .map((order) => ({
      clientOrderId: order.clientOrderId,
      atMs: Date.parse(order.createdAt),
      side: order.side,
      instrumentId: order.instrumentId,
      units: order.quantityUnits,
      filledUnits: order.filledUnits,
      pricePaise: paiseOf(order.averagePrice ?? order.limitPrice),
      purpose: order.purpose,
      status: order.status,
      note: noteAfter(order),
    }))
    .filter((order) => !date || istDate(order.atMs) === date);
  show([...orders.value, ...older]);
}

/** What would pass, for an order that was denied; the code alone where that is all that is known. */
function noteAfter({ denial, denialCode, rejectReason, purpose, exitReason }: WireOrder): string {
  const code = denialCode ?? rejectReason ?? null;
  return denial?.detail ?? (code === null ? noteOf(purpose, exitReason) : words(code));
}

const istDate = (atMs: number): string => new Date(atMs + 19_800_000).toISOString().slice(0, 10);
const show = (all: readonly OrderModel[]): void => {
  orders.value = [...all].sort((a, b) => b.atMs - a.atMs || (a.clientOrderId < b.clientOrderId ? 1 : -1)).slice(0, 400);
};

interface WireNotice {
  readonly id?: string;
  readonly sequence?: number;
  readonly kind?: string;
  readonly at: string;
  readonly title: string;
  readonly body: string;
  readonly priority: string;
}

export function takeNotices(answer: unknown): void {
  notices.value = (answer as { data: readonly WireNotice[] }).data.map(
    (notice): NoticeModel => ({
      id: notice.id ?? `${notice.sequence}/${notice.kind}`,
      atMs: Date.parse(notice.at),
      title: notice.title,
      body: notice.body,
      priority: notice.priority,
    }),
  );
}

interface WireSettlement {
  readonly date: string;
  readonly stage: string;
  readonly realised: string;
  readonly charges: string;
  readonly grossProfit: string;
  readonly fee: string;
  readonly gstOnFee: string;
  readonly taxLock: string;
  readonly netToSavings: string;
  readonly roundingBuffer: string;
  readonly payout: string;
}

export function takeSettlements(answer: unknown): void {
  const today = session.value?.date;
  const rows = (answer as { data: readonly WireSettlement[] }).data.filter((row) => !today || row.date === today);
  const row = rows.find((candidate) => candidate.stage === "FINAL") ?? rows[0];
  if (account.value === null) return;
  account.value = { ...account.value, settlement: row === undefined ? null : sheetOf(row) };
}

const sheetOf = (row: WireSettlement): SettlementModel => {
  const line = (label: string, rupees: string, sign: 1 | -1 = 1, total = false) => ({
    label,
    paise: (paiseOf(rupees) ?? 0) * sign,
    ...(total ? { total } : {}),
  });
  return {
    stage: row.stage,
    lines: [
      line("Realised by fills", row.realised),
      line("Charges", row.charges, -1),
      line("Gross profit", row.grossProfit, 1, true),
      line("Platform fee", row.fee, -1),
      line("GST on the fee", row.gstOnFee, -1),
      line("Set aside for tax", row.taxLock),
      line("Net to savings", row.netToSavings),
      line("Stays as rounding buffer", row.roundingBuffer),
      line("Paid out (net + tax lock)", row.payout, 1, true),
    ],
  };
};
