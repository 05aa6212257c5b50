// POST ?batches=n with the saved state of a training, or with nothing to begin: trains so many batches and answers the state
// after them; after the last, the network.
import lstmModule from "../../../src/adapters/compute/lstm.wasm";
import { wasmLstmKernel } from "../../../src/adapters/compute/wasm-lstm-kernel.ts";
import { lstmToBytes } from "../../../src/core/prediction/lstm/lstm-bytes.ts";
import type { LstmModel } from "../../../src/core/prediction/lstm/lstm-model.ts";
import { LstmTrainer } from "../../../src/core/prediction/lstm/lstm-trainer.ts";
import { lstmTask } from "../lstm-task.ts";

export default {
  async fetch(request: Request): Promise<Response> {
    const training = lstmTask(wasmLstmKernel(lstmModule));
    const saved = new Uint8Array(await request.arrayBuffer());
    const resumed = saved.length === 0 ? null : LstmTrainer.resume(training, saved);
    if (resumed !== null && !resumed.ok) return Response.json(resumed.error, { status: 422 });
    const trainer = resumed === null ? new LstmTrainer(training) : resumed.value;
    const { end } = trainer.run(Number(new URL(request.url).searchParams.get("batches")));
    return new Response(end === null ? trainer.save() : lstmToBytes(trainer.model() as LstmModel), {
      headers: { end: end ?? "" },
    });
  },
};
