// The contracts of one recording, made once each from the dated tables.
import type { OptionContract, Underlying } from "../../../core/instrument/contract.ts";
import { contractOf } from "../../../core/instrument/contract-tables.ts";
import type { MarketDate } from "../../../core/kernel/time.ts";
import type { ContractKey } from "./option-rows.ts";
import { refuse } from "./refusal.ts";

export class ContractBook {
  readonly #contracts = new Map<string, OptionContract>();
  readonly #underlying: Underlying;
  readonly #tradeDate: MarketDate;
  readonly #file: string;

  constructor(underlying: Underlying, tradeDate: MarketDate, file: string) {
    this.#underlying = underlying;
    this.#tradeDate = tradeDate;
    this.#file = file;
  }

  /** The contract's terms; refused, with the line that named its expiry, where the tables do not know them. */
  contractOf(key: ContractKey, line: number | null): OptionContract {
    const id = idOf(key);
    const known = this.#contracts.get(id);
    if (known !== undefined) return known;
    const contract = contractOf({ underlying: this.#underlying, ...key }, this.#tradeDate);
    if (!contract.ok) return refuse("CONTRACT_UNKNOWN", this.#file, line, contract.error.reason);
    this.#contracts.set(id, contract.value);
    return contract.value;
  }
}

export const idOf = (key: ContractKey): string => `${key.expiry}/${key.strikePaise}/${key.optionType}`;
