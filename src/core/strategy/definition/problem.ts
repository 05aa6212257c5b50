// What is wrong with a definition: the field, the limit it met and what would pass.
export interface DefinitionProblem {
  /** Path within the definition, "entries.0.legs.1.ratio". */
  readonly field: string;
  readonly limit: number | null;
  readonly value: number | null;
  readonly message: string;
}
