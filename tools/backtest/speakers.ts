// Whose views a run on the command line has: the model that comes with the project, one that was trained beside it, or the rules.
import path from "node:path";
import type { OpenedModel } from "../../src/adapters/models/model-manifest.ts";
import type { Importances } from "../../src/core/backtest/report/html-report.ts";
import { type Speakers, speakersOf } from "../../src/core/backtest/signal-source.ts";
import { istInstant } from "../../src/core/kernel/time.ts";
import { chosenModels, GUIDED, type ModelRecord, RULES } from "../../src/core/prediction/registry.ts";
import { projectRoot } from "../build.ts";
import { WrongArgument } from "../command-line.ts";
import { readModel, SHIPPED_FOLDER } from "../models/model-files.ts";

/** Where `npm run train` puts what it makes. */
export const TRAINED_FOLDER: string = path.join(projectRoot, ".wrangler/models");

export interface ChosenSpeakers {
  readonly speakers: Speakers;
  /** Whether any of them is asked with features of the day. */
  readonly takeFeatures: boolean;
  /** What the models' forests look at, by model. */
  readonly importances: readonly Importances[];
}

export function chosenSpeakers(choice: string): ChosenSpeakers {
  const opened = choice === RULES ? [] : openedModels(choice === GUIDED ? [SHIPPED_FOLDER] : undefined);
  const models = chosenModels(opened.map(recordOf), choice);
  if (models === null) {
    const known = [GUIDED, RULES, ...opened.map(({ manifest }) => manifest.id)].join(", ");
    throw new WrongArgument(`--predictor ${choice} is not known; there are ${known}`);
  }
  const modelOf = new Map(opened.map(({ manifest, model }) => [manifest.id, model]));
  const speaking = models.flatMap(({ id, toDate }) => {
    const model = modelOf.get(id);
    return model === undefined ? [] : [{ id, toDate, model }];
  });
  const importances = opened.map(({ manifest: { id, figures } }) => ({ model: id, shares: figures.importances }));
  return { speakers: speakersOf(speaking), takeFeatures: speaking.length > 0, importances };
}

function openedModels(folders: readonly string[] = [SHIPPED_FOLDER, TRAINED_FOLDER]): readonly OpenedModel[] {
  const opened = folders.map((folder) => readModel(folder)).filter((model) => model !== null);
  return opened.filter(({ manifest }, at) => opened.findIndex((other) => other.manifest.id === manifest.id) === at);
}

/** The model that comes with the code is the promoted one, as a platform that has no other takes it; others are on probation. */
function recordOf({ manifest }: OpenedModel, at: number): ModelRecord {
  const { id, fromDate, toDate, bytesSha256, dataSha256, codeSha256 } = manifest;
  const trainedAtMs = istInstant(toDate, "15:30");
  const known = { id, fromDate, toDate, bytesSha256, dataSha256, codeSha256, trainedAtMs };
  return at === 0
    ? { ...known, state: "PROMOTED", promotedAtMs: trainedAtMs }
    : { ...known, state: "SHADOW", promotedAtMs: null };
}
