// The dataset of a data folder, as models learn from it and are judged on it.
import type { MarketDate } from "../../src/core/kernel/time.ts";
import { type BuiltDataset, buildDataset } from "../../src/core/prediction/builder/build-dataset.ts";
import { readDatasetSources } from "../dataset-sources.ts";

export interface DatasetQuery {
  readonly from?: MarketDate;
  readonly to?: MarketDate;
  /** Outcomes of trades take most of the time. */
  readonly outcomes?: boolean;
}

export interface FolderDataset extends BuiltDataset {
  /** Sentences about what the folder lacks. */
  readonly lacks: readonly string[];
  readonly repairs: number;
}

export function readDataset(folder: string, { from, to, outcomes = true }: DatasetQuery = {}): FolderDataset {
  const window = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const { sources, lacks, repairs } = readDatasetSources(folder, window);
  return { ...buildDataset({ ...sources, outcomes }), lacks, repairs: repairs.length };
}
