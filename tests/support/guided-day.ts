// The views and the history of a platform that has the model of the code and the days that come with the project.
import type { MarketDate } from "../../src/core/kernel/time.ts";
import { GUIDED } from "../../src/core/prediction/registry.ts";
import { chosenSpeakers } from "../../tools/backtest/speakers.ts";
import { folderHistories } from "../../tools/dataset-sources.ts";
import { SHIPPED_HISTORY } from "../../tools/give-history.ts";

export const guidedOn = (date: MarketDate) => ({
  signals: chosenSpeakers(GUIDED).speakers(date),
  history: folderHistories(SHIPPED_HISTORY, { from: date, to: date })(date),
});
