// Parameters of strategies and their values, as the API sends them.
export type Parameter =
  | {
      readonly kind: "NUMBER";
      readonly name: string;
      readonly description: string;
      readonly default: number;
      readonly min: number;
      readonly max: number;
    }
  | {
      readonly kind: "CHOICE";
      readonly name: string;
      readonly description: string;
      readonly default: string;
      readonly options: readonly string[];
    };

export type Values = Readonly<Record<string, string | number>>;
