// The instructions of the LSTM kernels: `src/core/prediction/lstm/lstm-kernel.ts` says what each computes, the layout file
// where its numbers are. The batch lies in the lanes, 32 windows side by side, so that one weight is multiplied with four
// windows at once; eight sums are held in registers at a time.
import * as w from "./assembler.ts";
import { activation } from "./lstm-activation.ts";
import { gatesBack, hiddenBack, weightsBack } from "./lstm-backward.ts";
import { forward, forwardOne } from "./lstm-forward.ts";
import { type MultiplyAdd, VECTOR } from "./lstm-places.ts";
import { adam, squares } from "./lstm-step.ts";

export function lstmModule(multiplyAdd: MultiplyAdd): Uint8Array<ArrayBuffer> {
  return w.assemble([
    forward(multiplyAdd),
    gatesBack(),
    hiddenBack(multiplyAdd),
    weightsBack(multiplyAdd),
    squares(),
    adam(),
    forwardOne(multiplyAdd),
    activations(multiplyAdd),
  ]);
}

/** The activations by themselves, so that their error can be measured: sigmoids in place, tanhs `apart` bytes further on. */
function activations(multiplyAdd: MultiplyAdd): w.WasmFunction {
  const locals = new w.Locals();
  const [from, end, apart] = locals.take(3, "i32");
  const [value, result] = locals.make(2, "v128");
  const { prepare, sigmoid, tanh } = activation(locals, multiplyAdd);
  const body = w.seq(
    prepare,
    w.repeat(
      from,
      VECTOR,
      w.get(end),
      w.seq(
        w.set(value, w.load(w.get(from))),
        sigmoid(result, w.get(value)),
        w.store(w.get(from), w.get(result)),
        tanh(result, w.get(value)),
        w.store(w.addInt(w.get(from), w.get(apart)), w.get(result)),
      ),
    ),
  );
  return { name: "activations", params: locals.params, result: null, locals: locals.locals, body };
}
