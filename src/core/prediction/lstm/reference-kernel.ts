// The kernel in plain TypeScript, in double precision: slow, and the yardstick for the fast ones. Each loop is the formula.
import { adamCorrection, type LstmKernel } from "./lstm-kernel.ts";
import { BATCH_LANES, GATE_COUNT, type LstmLayout } from "./lstm-layout.ts";
import { prepareMemory } from "./lstm-memory.ts";

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

export function referenceKernel(layout: LstmLayout): LstmKernel {
  const memory = new Float64Array(layout.floats);
  prepareMemory(layout, memory);
  const { steps } = layout.shape;
  return {
    name: "reference-f64",
    layout,
    memory,
    forward: () => {
      for (let step = 0; step < steps; step += 1) forwardStep(layout, memory, step);
    },
    backward: () => {
      memory.fill(0, layout.gradient, layout.gradient + layout.head);
      memory.fill(0, layout.cellLoss, layout.cellLoss + layout.unitsPadded * BATCH_LANES);
      for (let step = steps - 1; step >= 0; step -= 1) {
        gatesBack(layout, memory, step);
        weightsBack(layout, memory, step);
        hiddenBack(layout, memory, step);
      }
    },
    squaredNorm: () => {
      const gradient = memory.subarray(layout.gradient, layout.gradient + layout.parameterFloats);
      return gradient.reduce((sum, slope) => sum + slope * slope, 0);
    },
    adam: ({ scale, rate, meanDecay, squareDecay, epsilon, count }) => {
      for (let at = 0; at < layout.parameterFloats; at += 1) {
        const slope = scale * (memory[layout.gradient + at] as number);
        const mean = meanDecay * (memory[layout.means + at] as number) + (1 - meanDecay) * slope;
        const square = squareDecay * (memory[layout.squares + at] as number) + (1 - squareDecay) * slope * slope;
        memory[layout.means + at] = mean;
        memory[layout.squares + at] = square;
        const step = (rate * mean) / adamCorrection(meanDecay, count);
        const root = Math.sqrt(square / adamCorrection(squareDecay, count)) + epsilon;
        memory[layout.parameters + at] = (memory[layout.parameters + at] as number) - step / root;
      }
    },
    forwardOne: () => {
      for (let step = 0; step < steps; step += 1) forwardStepOfOne(layout, memory, step);
    },
  };
}

function forwardStep(layout: LstmLayout, memory: Float64Array, step: number): void {
  const { shape, rows, parameters, stack, gates, cells, tanhs } = layout;
  const sums = new Float64Array(GATE_COUNT);
  for (let unit = 0; unit < shape.units; unit += 1) {
    for (let lane = 0; lane < BATCH_LANES; lane += 1) {
      sums.fill(0);
      for (let row = 0; row < rows; row += 1) {
        const value = memory[stack + (step * rows + row) * BATCH_LANES + lane] as number;
        const weight = parameters + (unit * rows + row) * GATE_COUNT;
        for (let gate = 0; gate < GATE_COUNT; gate += 1)
          sums[gate] = (sums[gate] as number) + (memory[weight + gate] as number) * value;
      }
      const at = (step * shape.units + unit) * BATCH_LANES + lane;
      const [input, forget, candidate, output] = activated(sums);
      [input, forget, candidate, output].forEach((value, gate) => {
        memory[gates + ((step * shape.units + unit) * GATE_COUNT + gate) * BATCH_LANES + lane] = value;
      });
      const cell = input * candidate + forget * (memory[cells + at] as number);
      memory[cells + at + shape.units * BATCH_LANES] = cell;
      memory[tanhs + at] = Math.tanh(cell);
      memory[stack + ((step + 1) * rows + unit) * BATCH_LANES + lane] = output * Math.tanh(cell);
    }
  }
}

function activated(sums: Float64Array): readonly [number, number, number, number] {
  const [input, forget, candidate, output] = sums as unknown as [number, number, number, number];
  return [sigmoid(input), sigmoid(forget), Math.tanh(candidate), sigmoid(output)];
}

function gatesBack(layout: LstmLayout, memory: Float64Array, step: number): void {
  const { shape, gates, cells, tanhs, hiddenLoss, cellLoss } = layout;
  for (let unit = 0; unit < shape.units; unit += 1) {
    for (let lane = 0; lane < BATCH_LANES; lane += 1) {
      const gateAt = gates + (step * shape.units + unit) * GATE_COUNT * BATCH_LANES + lane;
      const [input, forget, candidate, output] = [0, 1, 2, 3].map(
        (gate) => memory[gateAt + gate * BATCH_LANES] as number,
      ) as [number, number, number, number];
      const here = unit * BATCH_LANES + lane;
      const cellBefore = memory[cells + step * shape.units * BATCH_LANES + here] as number;
      const tanh = memory[tanhs + step * shape.units * BATCH_LANES + here] as number;
      const hidden = memory[hiddenLoss + here] as number;
      const inner = (memory[cellLoss + here] as number) + hidden * output * (1 - tanh * tanh);
      memory[gateAt] = inner * candidate * input * (1 - input);
      memory[gateAt + BATCH_LANES] = inner * cellBefore * forget * (1 - forget);
      memory[gateAt + 2 * BATCH_LANES] = inner * input * (1 - candidate * candidate);
      memory[gateAt + 3 * BATCH_LANES] = hidden * tanh * output * (1 - output);
      memory[cellLoss + here] = inner * forget;
    }
  }
}

function weightsBack(layout: LstmLayout, memory: Float64Array, step: number): void {
  const { shape, rows, gradient, stack, gates } = layout;
  for (let unit = 0; unit < shape.units; unit += 1) {
    for (let row = 0; row < rows; row += 1) {
      const values = stack + (step * rows + row) * BATCH_LANES;
      for (let gate = 0; gate < GATE_COUNT; gate += 1) {
        const losses = gates + ((step * shape.units + unit) * GATE_COUNT + gate) * BATCH_LANES;
        const at = gradient + (unit * rows + row) * GATE_COUNT + gate;
        let sum = memory[at] as number;
        for (let lane = 0; lane < BATCH_LANES; lane += 1)
          sum += (memory[losses + lane] as number) * (memory[values + lane] as number);
        memory[at] = sum;
      }
    }
  }
}

function hiddenBack(layout: LstmLayout, memory: Float64Array, step: number): void {
  const { shape, rows, parameters, gates, hiddenLoss } = layout;
  for (let row = 0; row < shape.units; row += 1) {
    for (let lane = 0; lane < BATCH_LANES; lane += 1) {
      let sum = 0;
      for (let unit = 0; unit < shape.units; unit += 1) {
        for (let gate = 0; gate < GATE_COUNT; gate += 1) {
          const loss = memory[gates + ((step * shape.units + unit) * GATE_COUNT + gate) * BATCH_LANES + lane] as number;
          sum += loss * (memory[parameters + (unit * rows + row) * GATE_COUNT + gate] as number);
        }
      }
      memory[hiddenLoss + row * BATCH_LANES + lane] = sum;
    }
  }
}

function forwardStepOfOne(layout: LstmLayout, memory: Float64Array, step: number): void {
  const { shape, rows, parameters, single, singleCells } = layout;
  if (step === 0) memory.fill(0, singleCells, singleCells + shape.units);
  const sums = new Float64Array(GATE_COUNT);
  for (let unit = 0; unit < shape.units; unit += 1) {
    sums.fill(0);
    for (let row = 0; row < rows; row += 1) {
      const value = memory[single + step * rows + row] as number;
      const weight = parameters + (unit * rows + row) * GATE_COUNT;
      for (let gate = 0; gate < GATE_COUNT; gate += 1)
        sums[gate] = (sums[gate] as number) + (memory[weight + gate] as number) * value;
    }
    const [input, forget, candidate, output] = activated(sums);
    const cell = input * candidate + forget * (memory[singleCells + unit] as number);
    memory[singleCells + unit] = cell;
    memory[single + (step + 1) * rows + unit] = output * Math.tanh(cell);
  }
}
