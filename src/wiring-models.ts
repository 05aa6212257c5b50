// The part of the composition root that models need: it is apart because only a Worker loads WebAssembly and bytes like modules.
import lstmModule from "./adapters/compute/lstm.wasm";
import { wasmLstmKernel } from "./adapters/compute/wasm-lstm-kernel.ts";
import type { ModelManifest } from "./adapters/models/model-manifest.ts";
import promotedBytes from "./adapters/models/promoted.bin";
import promotedManifest from "./adapters/models/promoted.json" with { type: "json" };
import type { MakeLstmKernel } from "./core/prediction/lstm/lstm-kernel.ts";

/** What multiplies for the networks. */
export const lstmKernel = (): MakeLstmKernel => wasmLstmKernel(lstmModule);

/** The model that comes with the code: the one that speaks until the platform has promoted another. */
export const shippedModel = (): { readonly manifest: ModelManifest; readonly bytes: Uint8Array<ArrayBuffer> } => ({
  manifest: promotedManifest as unknown as ModelManifest,
  bytes: new Uint8Array(promotedBytes),
});
