import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { marketDate } from "../../../../src/core/kernel/time.ts";
import { buildDataset } from "../../../../src/core/prediction/builder/build-dataset.ts";
import { readDatasetSources } from "../../../../tools/dataset-sources.ts";
import { DATA_FOLDER } from "../../../../tools/history-folder.ts";

const [from, to] = [marketDate("2024-01-01"), marketDate("2024-02-15")];

describe.skipIf(!existsSync(DATA_FOLDER))(
  "the developer data of six weeks (skipped where the data folder is absent)",
  () => {
    test("gives features in the units they claim", () => {
      const { sources, lacks } = readDatasetSources(DATA_FOLDER, { from, to });
      expect(lacks).toContain("no bars of SENSEX");
      const { dataset } = buildDataset({ ...sources, outcomes: false });
      expect(dataset.rows).toBeGreaterThan(2 * 24 * 25);
      const figures = (name: string): Float64Array =>
        (dataset.columns[dataset.features.indexOf(name)] as Float64Array).filter((value) => !Number.isNaN(value));
      const deviation = (name: string): number => {
        const values = figures(name);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      };
      const middle = (name: string): number => figures(name).sort()[figures(name).length >> 1] ?? Number.NaN;
      // Moves in volatilities deviate by about one of them, whatever their horizon.
      for (const name of [
        "return1",
        "return5",
        "return10",
        "return20",
        "returnSinceOpen",
        "gap",
        "previousDayReturn",
      ]) {
        expect(deviation(name), name).toBeGreaterThan(0.4);
        expect(deviation(name), name).toBeLessThan(2.5);
      }
      for (const name of ["atrRatio", "volatilityRatio", "recentVolatilityRatio", "vixPremium", "dayRange"]) {
        expect(middle(name), name).toBeGreaterThan(0.3);
        expect(middle(name), name).toBeLessThan(3);
      }
      expect(middle("vix")).toBeGreaterThan(11);
      expect(middle("vix")).toBeLessThan(18);
      expect(middle("spVix")).toBeGreaterThan(11);
      expect(middle("spVix")).toBeLessThan(18);
      expect(middle("realisedVolatility")).toBeGreaterThan(5);
      expect(middle("realisedVolatility")).toBeLessThan(40);
      // NIFTY50's weekly and BANKNIFTY's: never more than a week.
      expect(Math.max(...figures("daysToExpiry"))).toBeLessThan(8);
      const shares = [0, 1, 2].map((label) => dataset.direction.filter((each) => each === label).length / dataset.rows);
      for (const share of shares) expect(share).toBeGreaterThan(0.2);
    });
  },
);
