// What the mutation run changes and what it asks, by area: folders of src/core, and the tests of tests/core that state their
// guarantees. Asking these alone is quicker, and stricter: what only a test of some other part notices counts as alive.

interface Area {
  readonly sources: readonly string[];
  readonly tests: readonly string[];
  /** Tests that take longer than all the others together, or that start commands, which run the code as it is on disk. */
  readonly without: readonly string[];
}

export const AREAS: Readonly<Record<string, Area>> = {
  ledger: { sources: ["ledger"], tests: ["ledger/*"], without: [] },
  margin: { sources: ["margin"], tests: ["margin/*"], without: ["calc-baskets"] },
  // The rules of the check and their order, effective limits, circuit breaker and proof of flat; and all of compliance.
  risk: {
    sources: ["risk", "compliance"],
    tests: ["risk/*", "compliance/*", "account/breaker", "funds/attempts"],
    without: ["no-way-past"],
  },
};
