// The LSTM kernel in WebAssembly with four floats at a time. The module is compiled when the Worker is built, because a Worker
// may not compile one while it runs; `npm run lstm-wasm` writes it. Every kernel has a memory and an instance of its own.
import { adamCorrection, type LstmKernel, type MakeLstmKernel } from "../../core/prediction/lstm/lstm-kernel.ts";
import { BATCH_LANES, GATE_COUNT, type LstmLayout } from "../../core/prediction/lstm/lstm-layout.ts";
import { prepareMemory } from "../../core/prediction/lstm/lstm-memory.ts";

type Run = (...numbers: readonly number[]) => void;

interface LstmExports {
  readonly forward: Run;
  readonly gatesBack: Run;
  readonly hiddenBack: Run;
  readonly weightsBack: Run;
  readonly squares: (from: number, end: number) => number;
  readonly adam: Run;
  readonly forwardOne: Run;
}

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
const PAGE = 65_536;

export function wasmLstmKernel(module: WebAssembly.Module): MakeLstmKernel {
  return (layout) => {
    const pages = Math.ceil((layout.floats * FLOAT) / PAGE);
    const room = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = new WebAssembly.Instance(module, { env: { memory: room } });
    const memory = new Float32Array(room.buffer, 0, layout.floats);
    prepareMemory(layout, memory);
    return kernelOf(exports as unknown as LstmExports, layout, memory);
  };
}

function kernelOf(wasm: LstmExports, layout: LstmLayout, memory: Float32Array): LstmKernel {
  const { shape, rows, unitsPadded } = layout;
  const { steps, units } = shape;
  const byte = (offset: number): number => offset * FLOAT;
  const stackAt = (step: number): number => byte(layout.stack + step * rows * BATCH_LANES);
  const ofUnits = (from: number, step: number): number => byte(from + step * units * BATCH_LANES);
  const gatesAt = (step: number): number => byte(layout.gates + step * units * GATE_COUNT * BATCH_LANES);
  const gradient = byte(layout.gradient);
  const weights = byte(layout.parameters);
  return {
    name: "wasm-f32",
    layout,
    memory,
    forward: () => {
      for (let step = 0; step < steps; step += 1)
        wasm.forward(
          stackAt(step),
          stackAt(step + 1),
          weights,
          gatesAt(step),
          ofUnits(layout.cells, step),
          ofUnits(layout.cells, step + 1),
          ofUnits(layout.tanhs, step),
          units,
          rows,
        );
    },
    backward: () => {
      const [hiddenLoss, cellLoss] = [byte(layout.hiddenLoss), byte(layout.cellLoss)];
      memory.fill(0, layout.cellLoss, layout.cellLoss + unitsPadded * BATCH_LANES);
      for (let step = steps - 1; step >= 0; step -= 1) {
        const [cell, tanhs] = [ofUnits(layout.cells, step), ofUnits(layout.tanhs, step)];
        wasm.gatesBack(gatesAt(step), cell, tanhs, hiddenLoss, cellLoss, units);
        if (step > 0) wasm.hiddenBack(gatesAt(step), weights, hiddenLoss, units, unitsPadded, rows);
      }
      wasm.weightsBack(gatesAt(0), stackAt(0), gradient, units, rows, steps);
    },
    squaredNorm: () => wasm.squares(gradient, gradient + byte(layout.parameterFloats)),
    adam: ({ scale, rate, meanDecay, squareDecay, epsilon, count }) => {
      const moments = [byte(layout.means), byte(layout.squares)];
      const decays = [meanDecay, 1 - meanDecay, squareDecay, 1 - squareDecay];
      const step = rate / adamCorrection(meanDecay, count);
      const root = 1 / Math.sqrt(adamCorrection(squareDecay, count));
      const end = weights + byte(layout.parameterFloats);
      wasm.adam(weights, end, gradient, ...moments, scale, ...decays, step, root, epsilon);
    },
    forwardOne: () => {
      memory.fill(0, layout.singleCells, layout.singleCells + unitsPadded);
      for (let step = 0; step < steps; step += 1)
        wasm.forwardOne(
          byte(layout.single + step * rows),
          byte(layout.single + (step + 1) * rows),
          weights,
          byte(layout.singleGates),
          byte(layout.singleCells),
          units,
          unitsPadded,
          rows,
        );
    },
  };
}
