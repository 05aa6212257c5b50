// What is done with a gradient: its length, and Adam's step.
import * as w from "./assembler.ts";
import { advance, VECTOR } from "./lstm-places.ts";

/** The sum of squares. */
export function squares(): w.WasmFunction {
  const locals = new w.Locals();
  const [from, end] = locals.take(2, "i32");
  const [value, sum] = locals.make(2, "v128");
  const body = w.seq(
    w.repeat(
      from,
      VECTOR,
      w.get(end),
      w.seq(w.set(value, w.load(w.get(from))), w.set(sum, w.add(w.get(sum), w.mul(w.get(value), w.get(value))))),
    ),
    w.addFloat(
      w.addFloat(w.lane(w.get(sum), 0), w.lane(w.get(sum), 1)),
      w.addFloat(w.lane(w.get(sum), 2), w.lane(w.get(sum), 3)),
    ),
  );
  return { name: "squares", params: locals.params, result: "f32", locals: locals.locals, body };
}

/** One step of Adam for all parameters. */
export function adam(): w.WasmFunction {
  const locals = new w.Locals();
  const [parameters, end, gradient, mean, square] = locals.take(5, "i32");
  const [scale, keepMean, addMean, keepSquare, addSquare, rate, root, tiny] = locals
    .take(8, "f32")
    .map((param) => w.splat(w.get(param))) as [w.Code, w.Code, w.Code, w.Code, w.Code, w.Code, w.Code, w.Code];
  const [slope, first, second] = locals.make(3, "v128");
  const body = w.repeat(
    parameters,
    VECTOR,
    w.get(end),
    w.seq(
      w.set(slope, w.mul(w.load(w.get(gradient)), scale)),
      w.set(first, w.add(w.mul(w.load(w.get(mean)), keepMean), w.mul(w.get(slope), addMean))),
      w.set(
        second,
        w.add(w.mul(w.load(w.get(square)), keepSquare), w.mul(w.mul(w.get(slope), w.get(slope)), addSquare)),
      ),
      w.store(w.get(mean), w.get(first)),
      w.store(w.get(square), w.get(second)),
      w.store(
        w.get(parameters),
        w.sub(
          w.load(w.get(parameters)),
          w.div(w.mul(w.get(first), rate), w.add(w.mul(w.sqrt(w.get(second)), root), tiny)),
        ),
      ),
      advance(...[gradient, mean, square].map((address) => [address, w.int(VECTOR)] as const)),
    ),
  );
  return { name: "adam", params: locals.params, result: null, locals: locals.locals, body };
}
