// The books of a run on index units, by double entry in whole paise: every deal is posted so that the five accounts sum to
// nothing, before and after. Assets and expenses count positive, capital and gains negative.
import { assert } from "../../kernel/assert.ts";

export interface IndexBalances {
  readonly cashPaise: number;
  /** What is held, at what it was dealt for; negative for a short. */
  readonly holdingsPaise: number;
  readonly chargesPaise: number;
  readonly capitalPaise: number;
  /** Negative when gains exceed losses, as income is. */
  readonly resultPaise: number;
}

export class IndexBooks {
  #cash: number;
  #holdings = 0;
  #charges = 0;
  readonly #capital: number;
  #result = 0;

  constructor(capitalPaise: number) {
    assert(Number.isSafeInteger(capitalPaise), "capital is whole paise");
    this.#cash = capitalPaise;
    this.#capital = -capitalPaise;
  }

  /** Units come in (positive value) or are sold short (negative) for what they are worth. */
  open(signedValuePaise: number, chargesPaise: number): void {
    this.#holdings += signedValuePaise;
    this.#cash -= signedValuePaise + chargesPaise;
    this.#charges += chargesPaise;
    this.#check();
  }

  /** What was opened for one value goes for another. */
  close(signedCostPaise: number, signedValuePaise: number, chargesPaise: number): void {
    this.#holdings -= signedCostPaise;
    this.#cash += signedValuePaise - chargesPaise;
    this.#charges += chargesPaise;
    this.#result -= signedValuePaise - signedCostPaise;
    this.#check();
  }

  /** What there would be if what is held were worth this. */
  equityPaise(signedValuePaise: number): number {
    return this.#cash + signedValuePaise;
  }

  get balances(): IndexBalances {
    return {
      cashPaise: this.#cash,
      holdingsPaise: this.#holdings,
      chargesPaise: this.#charges,
      capitalPaise: this.#capital,
      resultPaise: this.#result,
    };
  }

  #check(): void {
    const sum = this.#cash + this.#holdings + this.#charges + this.#capital + this.#result;
    assert(sum === 0 && Number.isSafeInteger(this.#cash), `the books are off by ${sum} paise`);
  }
}
