// Days to settle, in rupees, for the tests of settlement and of everything that follows from it.
import { FEE_SCHEDULES, type FeeSchedule } from "../../../src/core/fees/fee-schedule.ts";
import { type Paise, paise, parseRupees } from "../../../src/core/kernel/money.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import { type SettlementInput, settle } from "../../../src/core/settlement/settle.ts";
import type { ChargeHeads, SettlementWorksheet } from "../../../src/core/settlement/worksheet.ts";

export const rupees = (text: string): Paise => {
  const parsed = parseRupees(text);
  if (!parsed.ok) throw new Error(`not an amount: ${text}`);
  return parsed.value;
};

export const chargeHeads = (perHeadPaise: readonly number[]): ChargeHeads => {
  const [brokerage = 0, stt = 0, exchange = 0, ipft = 0, sebi = 0, stamp = 0, gst = 0] = perHeadPaise;
  return {
    brokeragePaise: paise(brokerage),
    sttPaise: paise(stt),
    exchangePaise: paise(exchange),
    ipftPaise: paise(ipft),
    sebiPaise: paise(sebi),
    stampPaise: paise(stamp),
    gstPaise: paise(gst),
    totalPaise: paise(brokerage + stt + exchange + ipft + sebi + stamp + gst),
  };
};

export const NO_CHARGES = chargeHeads([]);

/** The golden examples of settlement are older than the GST line: they hold for a schedule whose GST is nil. */
export const withoutGst = (schedule: FeeSchedule): FeeSchedule => ({ ...schedule, gstBps: 0 });

/** A schedule that asks one rate of everybody, without GST. */
export const flatWithoutGst = (rateBps: number): FeeSchedule => {
  const flat = [{ fromDay: 0, rateBps }];
  return {
    ...withoutGst(FEE_SCHEDULES["beta-2025"]),
    rates: { NGD: flat, RESTRICTED: flat, SEMI_RESTRICTED: flat, REGULAR: flat, ADMIN: flat },
  };
};

export const settleDay = (input: Partial<SettlementInput>): SettlementWorksheet =>
  settle({
    date: marketDate("2025-08-29"),
    stage: "PROVISIONAL",
    realisedPaise: rupees("5000"),
    charges: NO_CHARGES,
    category: "RESTRICTED",
    activatedOn: marketDate("2025-01-01"),
    feeSchedule: "v9",
    ...input,
  });
