// The ledger: entries, the days' checkpoints, and the proof that an entry is under the one that sealed it.
import * as z from "zod";
import {
  findCheckpoint,
  findLedgerEntry,
  type LedgerRecord,
  leavesSealedOn,
  listLedgerEntries,
} from "../../adapters/read-models/ledger.ts";
import type { LedgerLine } from "../../core/ledger/entry.ts";
import { inclusionProof } from "../../core/ledger/merkle.ts";
import { answers, type EdgeApp, openAccountRoute, openRoute } from "../define-route.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem } from "../problem.ts";
import {
  AccountId,
  Instant,
  instant,
  MarketDateIn,
  MarketDateOut,
  Paging,
  pageOf,
  Rupees,
  rupees,
} from "../schemas.ts";

const EntryBody = z
  .object({
    sequence: z.number().int(),
    part: z.number().int(),
    kind: z.string().openapi({ example: "FILL" }),
    date: MarketDateOut,
    at: Instant,
    reference: z.string(),
    lines: z
      .array(z.object({ account: z.string(), amount: Rupees }))
      .openapi({ description: "Debit is positive, credit negative; the amounts sum to zero." }),
  })
  .openapi("LedgerEntry");

const CheckpointBody = z
  .object({ date: MarketDateOut, size: z.number().int(), root: z.string(), at: Instant })
  .openapi("Checkpoint");

const ProofBody = z
  .object({
    date: MarketDateOut.openapi({
      description: "Of the checkpoint: later than the entry's own where it was booked after its day was sealed.",
    }),
    root: z.string(),
    leaf: z.string().openapi({ description: "The entry as canonical JSON, exactly as it is hashed." }),
    index: z.number().int(),
    size: z.number().int(),
    siblings: z.array(z.string()).readonly(),
  })
  .openapi("InclusionProof");

const EntryQuery = Paging.extend({
  date: MarketDateIn.optional(),
  kind: z
    .string()
    .regex(/^[A-Z_]{1,32}$/)
    .optional(),
});

const ProofParams = z.object({
  accountId: AccountId,
  sequence: z.coerce.number().int().min(1),
  part: z.coerce.number().int().min(0),
});

export function openLedger(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/ledger/entries",
      operationId: "listLedgerEntries",
      tag: "Ledger",
      summary: "Ledger entries, newest first",
      scopes: ["ledger:read"],
      request: { query: EntryQuery },
      responses: { 200: answers(pageOf(EntryBody), "A page of entries.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const query = c.req.valid("query");
      const page = pageRequest(query, ["string", "number", "number"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      const rows = await listLedgerEntries(c.env.DB, c.var.accountId, query, page);
      return c.json(pageBody(c, rows, entryBody), 200);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/ledger/checkpoint/{date}",
      operationId: "getCheckpoint",
      tag: "Ledger",
      summary: "The Merkle root over a day's entries of all accounts",
      description: "Of all entries up to the date that no earlier checkpoint had sealed. Once made it never changes.",
      scopes: ["ledger:read"],
      request: { params: z.object({ date: MarketDateIn }) },
      responses: { 200: answers(CheckpointBody, "The checkpoint.") },
      errors: ["CHECKPOINT_NOT_FOUND"],
    },
    async (c) => {
      const found = await findCheckpoint(c.env.DB, c.req.valid("param").date);
      if (found === null) return problem(c, "CHECKPOINT_NOT_FOUND");
      const { atMs, ...checkpoint } = found;
      return c.json({ ...checkpoint, at: instant(atMs) }, 200);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/ledger/proof/{accountId}/{sequence}/{part}",
      operationId: "getInclusionProof",
      tag: "Ledger",
      summary: "Proof that an entry is under its checkpoint",
      description: "As in RFC 9162: hash the leaf, combine it with the siblings upwards, compare with the root.",
      scopes: ["ledger:read"],
      request: { params: ProofParams },
      responses: { 200: answers(ProofBody, "The proof.") },
      errors: ["LEDGER_ENTRY_NOT_FOUND", "CHECKPOINT_NOT_FOUND"],
    },
    async (c) => {
      const { accountId, sequence, part } = c.req.valid("param");
      const { kind, accountId: own } = c.var.principal;
      const entry =
        kind === "OPERATOR" || own === accountId ? await findLedgerEntry(c.env.DB, accountId, sequence, part) : null;
      if (entry === null) return problem(c, "LEDGER_ENTRY_NOT_FOUND");
      const { sealedOn } = entry;
      const checkpoint = sealedOn === null ? null : await findCheckpoint(c.env.DB, sealedOn);
      const leaves = checkpoint === null ? [] : await leavesSealedOn(c.env.DB, checkpoint.date);
      const index = leaves.findIndex(
        (leaf) => leaf.accountId === accountId && leaf.sequence === sequence && leaf.part === part,
      );
      if (checkpoint === null || index === -1) return problem(c, "CHECKPOINT_NOT_FOUND");
      const proof = inclusionProof(
        leaves.map(({ leaf }) => leaf),
        index,
      );
      return c.json({ date: checkpoint.date, root: checkpoint.root, leaf: entry.leaf, ...proof }, 200);
    },
  );
}

const entryBody = (row: LedgerRecord): z.infer<typeof EntryBody> => ({
  sequence: row.sequence,
  part: row.part,
  kind: row.kind,
  date: row.date,
  at: instant(row.atMs),
  reference: row.reference,
  lines: (JSON.parse(row.lines) as readonly LedgerLine[]).map((line) => ({
    account: line.account,
    amount: rupees(line.amountPaise),
  })),
});
