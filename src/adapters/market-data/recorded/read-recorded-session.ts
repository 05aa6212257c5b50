// Reads one recorded session from a folder in the documented format and lays it out as one time-ordered tape of market facts
// per underlying, in the very form in which a live feed delivers them.
//
// The rules, so that a replay means the same to everybody:
// - One-minute index bars are used where there are any, else three-minute ones; other intervals are ignored.
// - India VIX goes on every tape. At one instant index prints come before chains.
// - Premiums come from `<symbol>-chain`, else `<symbol>-chain15`, else `INDEXOPT-1m`; without them they are modelled from the
//   index; without an index the underlying is not there at all.
// - Strikes around the day's index range and the two nearest expiries are kept.
// - Volume and open interest are converted to units, prices to paise without floats, a last price of 0 to "never traded".
// - What lies outside the session's hours is left out, with a remark. Holes in chains are left to the stale-quote guard.
import { EXCHANGE_OF, UNDERLYINGS, type Underlying } from "../../../core/instrument/contract.ts";
import { OPTION_SYMBOL_OF } from "../../../core/instrument/contract-tables.ts";
import { type TradingSession, tradingSessionOf } from "../../../core/instrument/trading-calendar.ts";
import type { Result } from "../../../core/kernel/result.ts";
import { formatIstTime, MS_PER_MINUTE } from "../../../core/kernel/time.ts";
import { MODELLED_CADENCE_MS } from "../../../core/market/index-prints.ts";
import type { ChainSnapshot, IndexName, MarketEvent } from "../../../core/market/market-event.ts";
import type { ChainCoverage, RecordedSession, SessionUnderlying } from "../../../core/market/recorded-session.ts";
import { type IndexSeries, readIndexBars } from "./index-bars.ts";
import { type ModelChain, modelledSnapshots } from "./modelled-chain.ts";
import { readOptionBars } from "./option-bars.ts";
import { type RecordedChain, readOptionChain } from "./option-chain.ts";
import { strikeReach } from "./option-rows.ts";
import { type RecordingRefusal, refusalAsValue, refuse } from "./refusal.ts";
import { findTable, readMeta, type SessionFolder, type SessionMeta } from "./session-folder.ts";

export interface RecordedTapes {
  readonly session: RecordedSession;
  readonly tapes: Readonly<Record<Underlying, readonly MarketEvent[]>>;
}

export interface ReadingOptions {
  readonly modelChain: ModelChain;
  /** How far beyond the day's index range strikes are kept. */
  readonly reachBps?: number;
}

/** Six percent: farther out there is nothing that an intraday strategy for one lot would buy. */
const REACH_BPS = 600;
/** More than this many cadences between two snapshots is worth a remark. */
const HOLE_CADENCES = 2;

interface UnderlyingTape {
  readonly about: SessionUnderlying;
  readonly events: readonly MarketEvent[];
  readonly remarks: readonly string[];
}

/** Everything the reading of one underlying needs from the rest of the folder. */
interface Surroundings {
  readonly folder: SessionFolder;
  readonly meta: SessionMeta;
  readonly session: TradingSession;
  readonly vix: IndexSeries | null;
  readonly options: ReadingOptions;
}

/** Reads and checks a whole session. Nothing of a session that is refused is usable. */
export const readRecordedSession = (
  folder: SessionFolder,
  options: ReadingOptions,
): Promise<Result<RecordedTapes, RecordingRefusal>> => refusalAsValue(() => read(folder, options));

async function read(folder: SessionFolder, options: ReadingOptions): Promise<RecordedTapes> {
  const meta = await readMeta(folder);
  const calendar = tradingSessionOf(meta.date, { evidence: "RECORDING" });
  if (!calendar.ok) return refuse("NOT_A_TRADING_DAY", "meta.json", null, calendar.error.reason);
  const session = calendar.value;
  const vix = await readIndex(folder, "INDIAVIX", session);
  const surroundings: Surroundings = { folder, meta, session, vix, options };
  const tapes = {
    NIFTY50: await tapeOf("NIFTY50", surroundings),
    BANKNIFTY: await tapeOf("BANKNIFTY", surroundings),
    SENSEX: await tapeOf("SENSEX", surroundings),
  };
  if (UNDERLYINGS.every((underlying) => tapes[underlying].about.chain === "NONE")) {
    return refuse("NO_UNDERLYING", "meta.json", null, "the folder has no index with premiums, recorded or modelled");
  }
  return {
    session: {
      date: meta.date,
      source: meta.source,
      openMs: session.openMs,
      closeMs: session.closeMs,
      hasVix: vix !== null,
      previousVixCenti: meta.previousClose.INDIAVIX ?? null,
      underlyings: UNDERLYINGS.map((underlying) => tapes[underlying].about),
      remarks: [
        ...meta.missingFiles.map((file) => `${file}: named by meta.json, but not in the folder.`),
        ...(vix === null ? ["India VIX is not in the recording."] : droppedRemarks("INDIAVIX", vix)),
        ...UNDERLYINGS.flatMap((underlying) => tapes[underlying].remarks),
      ],
    },
    tapes: { NIFTY50: tapes.NIFTY50.events, BANKNIFTY: tapes.BANKNIFTY.events, SENSEX: tapes.SENSEX.events },
  };
}

async function tapeOf(underlying: Underlying, around: Surroundings): Promise<UnderlyingTape> {
  const { folder, session, vix, meta, options } = around;
  const index = await readIndex(folder, underlying, session);
  const vixPrints = vix?.prints ?? [];
  if (index === null) {
    const remark = `${underlying}: no index bars, so it cannot be traded in this session.`;
    return finish(underlying, "NONE", 0, meta, vixPrints, [remark]);
  }
  const chain = await readChain(underlying, around, index);
  const remarks = [...droppedRemarks(underlying, index), ...(chain?.remarks ?? [])];
  const prints = [...vixPrints, ...index.prints];
  if (chain !== null && chain.snapshots.length > 0) {
    const cadenceMs = medianGapMs(chain.snapshots);
    const events = inOrder([...prints, ...chain.snapshots]);
    return finish(underlying, "RECORDED", cadenceMs, meta, events, [
      ...remarks,
      ...coverageRemarks(underlying, chain.snapshots, cadenceMs, session),
    ]);
  }
  const previousCenti = meta.previousClose.INDIAVIX ?? null;
  const modelled = modelledSnapshots(
    underlying,
    session,
    index.prints,
    { prints: vixPrints, previousCenti },
    options.modelChain,
  );
  if (modelled.length === 0) {
    return finish(underlying, "NONE", 0, meta, inOrder(prints), [
      ...remarks,
      `${underlying}: no premiums are recorded and none could be modelled, so it cannot be traded in this session.`,
    ]);
  }
  return finish(underlying, "MODELLED", MODELLED_CADENCE_MS, meta, inOrder([...prints, ...modelled]), [
    ...remarks,
    `${underlying}: no premiums are recorded on ${EXCHANGE_OF[underlying]}; they are modelled once a minute and marked so.`,
  ]);
}

async function readIndex(
  folder: SessionFolder,
  index: IndexName,
  session: TradingSession,
): Promise<IndexSeries | null> {
  for (const minutes of [1, 3]) {
    const table = await findTable(folder, [`${index}-${minutes}m`], session.date);
    if (table !== null) return readIndexBars(table, index, minutes * MS_PER_MINUTE, session);
  }
  return null;
}

async function readChain(
  underlying: Underlying,
  around: Surroundings,
  index: IndexSeries,
): Promise<RecordedChain | null> {
  const { folder, session, options } = around;
  const reach = strikeReach(index.bars, options.reachBps ?? REACH_BPS);
  const symbol = OPTION_SYMBOL_OF[underlying];
  const chain = await findTable(folder, [`${symbol}-chain`, `${symbol}-chain15`], session.date);
  if (chain !== null) return readOptionChain(chain, underlying, session, reach);
  const bars = await findTable(folder, ["INDEXOPT-1m"], session.date);
  return bars === null ? null : readOptionBars(bars, underlying, session, reach);
}

const finish = (
  underlying: Underlying,
  chain: ChainCoverage,
  quoteCadenceMs: number,
  meta: SessionMeta,
  events: readonly MarketEvent[],
  remarks: readonly string[],
): UnderlyingTape => ({
  about: {
    underlying,
    chain,
    quoteCadenceMs,
    previousClosePaise: meta.previousClose[underlying] ?? null,
    events: events.length,
  },
  events,
  remarks,
});

/** By time; at one instant VIX, then the index, then chains. The sort is stable, so each source keeps its own order. */
function inOrder(events: readonly MarketEvent[]): MarketEvent[] {
  const rank = (event: MarketEvent): number =>
    event.kind === "CHAIN_SNAPSHOT" ? 2 : event.index === "INDIAVIX" ? 0 : 1;
  return events.toSorted((a, b) => a.atMs - b.atMs || rank(a) - rank(b));
}

/** The lower median of the gaps; one minute when there is a single snapshot. */
function medianGapMs(snapshots: readonly ChainSnapshot[]): number {
  const gaps = gapsOf(snapshots).map((gap) => gap.lengthMs);
  return gaps.toSorted((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? MS_PER_MINUTE;
}

const gapsOf = (snapshots: readonly ChainSnapshot[]) =>
  snapshots.slice(1).map((snapshot, before) => {
    const fromMs = snapshots[before]?.atMs ?? snapshot.atMs;
    return { fromMs, lengthMs: snapshot.atMs - fromMs };
  });

function coverageRemarks(
  underlying: Underlying,
  snapshots: readonly ChainSnapshot[],
  cadenceMs: number,
  session: TradingSession,
): string[] {
  const remarks: string[] = [];
  const [first, last] = [snapshots[0], snapshots.at(-1)];
  if (first && first.atMs - session.openMs > HOLE_CADENCES * cadenceMs) {
    remarks.push(`${underlying}: premiums start at ${formatIstTime(first.atMs)}.`);
  }
  if (last && session.closeMs - last.atMs > HOLE_CADENCES * cadenceMs) {
    remarks.push(`${underlying}: premiums end at ${formatIstTime(last.atMs)}.`);
  }
  const holes = gapsOf(snapshots).filter((gap) => gap.lengthMs > HOLE_CADENCES * cadenceMs);
  if (holes.length > 0) {
    const longest = holes.reduce((a, b) => (b.lengthMs > a.lengthMs ? b : a));
    const minutes = Math.round(longest.lengthMs / MS_PER_MINUTE);
    remarks.push(
      `${underlying}: ${holes.length} holes between snapshots, the longest ${minutes} min from ${formatIstTime(longest.fromMs)}.`,
    );
  }
  return remarks;
}

const droppedRemarks = (index: IndexName, series: IndexSeries): string[] =>
  series.droppedOutsideSession === 0
    ? []
    : [`${index}: ${series.droppedOutsideSession} bars outside the session's hours are left out.`];
