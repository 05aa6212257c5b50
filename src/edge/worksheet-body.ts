// Charges and settlement worksheets as the API shows them: every line in rupees.
import * as z from "zod";
import type { ChargeHeads, SettlementWorksheet } from "../core/settlement/worksheet.ts";
import { MarketDateOut, Rupees, rupees } from "./schemas.ts";

export const ChargesBody = z
  .object({
    brokerage: Rupees,
    stt: Rupees,
    exchange: Rupees,
    ipft: Rupees,
    sebi: Rupees,
    stamp: Rupees,
    gst: Rupees,
    total: Rupees,
  })
  .openapi("Charges");

export const chargesBody = (heads: ChargeHeads): z.infer<typeof ChargesBody> => ({
  brokerage: rupees(heads.brokeragePaise),
  stt: rupees(heads.sttPaise),
  exchange: rupees(heads.exchangePaise),
  ipft: rupees(heads.ipftPaise),
  sebi: rupees(heads.sebiPaise),
  stamp: rupees(heads.stampPaise),
  gst: rupees(heads.gstPaise),
  total: rupees(heads.totalPaise),
});

export const WorksheetBody = z
  .object({
    date: MarketDateOut,
    stage: z.enum(["PROVISIONAL", "FINAL"]),
    realised: Rupees.openapi({ description: "By fills, before charges." }),
    charges: Rupees,
    grossProfit: Rupees.openapi({ description: "Realised minus charges." }),
    lossBuffer: Rupees,
    feeSchedule: z.string(),
    feeRateBps: z.number().int(),
    fee: Rupees,
    feeShares: z.array(z.object({ party: z.string(), amount: Rupees })),
    gstOnFee: Rupees,
    taxLock: Rupees,
    net: Rupees,
    netToSavings: Rupees,
    roundingBuffer: Rupees,
    payout: Rupees.openapi({ description: "What PUSH moves: net to savings plus tax lock." }),
  })
  .openapi("SettlementWorksheet");

export const worksheetBody = (sheet: SettlementWorksheet): z.infer<typeof WorksheetBody> => ({
  date: sheet.date,
  stage: sheet.stage,
  realised: rupees(sheet.realisedPaise),
  charges: rupees(sheet.charges.totalPaise),
  grossProfit: rupees(sheet.grossProfitPaise),
  lossBuffer: rupees(sheet.lossBufferPaise),
  feeSchedule: sheet.feeSchedule,
  feeRateBps: sheet.feeRateBps,
  fee: rupees(sheet.feePaise),
  feeShares: sheet.feeShares.map((share) => ({ party: share.party, amount: rupees(share.amountPaise) })),
  gstOnFee: rupees(sheet.gstOnFeePaise),
  taxLock: rupees(sheet.taxLockPaise),
  net: rupees(sheet.netPaise),
  netToSavings: rupees(sheet.netToSavingsPaise),
  roundingBuffer: rupees(sheet.roundingBufferPaise),
  payout: rupees(sheet.payoutPaise),
});
