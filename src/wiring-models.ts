// The part of the composition root that models need: it is apart because only a Worker loads WebAssembly and bytes like modules.
import lstmModule from "./adapters/compute/lstm.wasm";
import { wasmLstmKernel } from "./adapters/compute/wasm-lstm-kernel.ts";
import type { MakeLstmKernel } from "./core/prediction/lstm/lstm-kernel.ts";

/** What multiplies for the networks. */
export const lstmKernel = (): MakeLstmKernel => wasmLstmKernel(lstmModule);
