// The way back: from the losses of the outputs to the gradient of every weight.
import * as w from "./assembler.ts";
import { advance, FLOAT, GATES, type MultiplyAdd, PAIR, ROW, VECTOR } from "./lstm-places.ts";

/** From what the outputs and cells of a step have done to the loss: what the sums of its gates have. Written over the gates. */
export function gatesBack(): w.WasmFunction {
  const locals = new w.Locals();
  const [gates, cell, tanhs, hiddenLoss, cellLoss, units] = locals.take(6, "i32");
  const [unit, offset] = locals.make(2, "i32");
  const [input, forget, candidate, output, tanh, hidden, inner] = locals.make(7, "v128");
  const here = (base: number): w.Code => w.addInt(w.get(base), w.get(offset));
  /** The slope of the logistic function where it has this value. */
  const slope = (value: number): w.Code => w.mul(w.get(value), w.sub(w.floats(1), w.get(value)));
  const slopeOfTanh = (value: number): w.Code => w.sub(w.floats(1), w.mul(w.get(value), w.get(value)));
  const body = w.seq(
    w.set(unit, w.int(0)),
    w.repeat(
      unit,
      1,
      w.get(units),
      w.seq(
        w.set(offset, w.int(0)),
        w.repeat(
          offset,
          VECTOR,
          w.int(ROW),
          w.seq(
            ...[input, forget, candidate, output].map((value, gate) => w.set(value, w.load(here(gates), gate * ROW))),
            w.set(tanh, w.load(here(tanhs))),
            w.set(hidden, w.load(here(hiddenLoss))),
            w.set(inner, w.add(w.load(here(cellLoss)), w.mul(w.mul(w.get(hidden), w.get(output)), slopeOfTanh(tanh)))),
            w.store(here(gates), w.mul(w.mul(w.get(inner), w.get(candidate)), slope(input))),
            w.store(here(gates), w.mul(w.mul(w.get(inner), w.load(here(cell))), slope(forget)), ROW),
            w.store(here(gates), w.mul(w.mul(w.get(inner), w.get(input)), slopeOfTanh(candidate)), 2 * ROW),
            w.store(here(gates), w.mul(w.mul(w.get(hidden), w.get(tanh)), slope(output)), 3 * ROW),
            w.store(here(cellLoss), w.mul(w.get(inner), w.get(forget))),
          ),
        ),
        advance(
          [gates, w.int(GATES)],
          ...[cell, tanhs, hiddenLoss, cellLoss].map((address) => [address, w.int(ROW)] as const),
        ),
      ),
    ),
  );
  return { name: "gatesBack", params: locals.params, result: null, locals: locals.locals, body };
}

/** What the outputs of the step before have done to the loss: four rows of the stack and eight lanes at a time. */
export function hiddenBack(multiplyAdd: MultiplyAdd): w.WasmFunction {
  const locals = new w.Locals();
  const [gates, weights, hiddenLoss, units, hiddenRows, rows] = locals.take(6, "i32");
  const [row, offset, unit, from, weight] = locals.make(5, "i32");
  const sums = locals.make(8, "v128");
  const [first, second, factor] = locals.make(3, "v128");
  const products = [0, 1, 2, 3].flatMap((gate) => [
    w.set(first, w.load(w.get(from), gate * ROW)),
    w.set(second, w.load(w.get(from), gate * ROW + VECTOR)),
    ...[0, 1, 2, 3].flatMap((k) => [
      w.set(factor, w.loadSplat(w.get(weight), k * VECTOR + gate * FLOAT)),
      ...[first, second].map((vector, half) => {
        const sum = sums[k * 2 + half] as number;
        return w.set(sum, multiplyAdd(w.get(factor), w.get(vector), w.get(sum)));
      }),
    ]),
  ]);
  const body = w.seq(
    w.set(row, w.int(0)),
    w.repeat(
      row,
      4,
      w.get(hiddenRows),
      w.seq(
        w.set(offset, w.int(0)),
        w.repeat(
          offset,
          PAIR,
          w.int(ROW),
          w.seq(
            ...sums.map((sum) => w.set(sum, w.floats(0))),
            w.set(from, w.addInt(w.get(gates), w.get(offset))),
            w.set(weight, w.get(weights)),
            w.set(unit, w.int(0)),
            w.repeat(
              unit,
              1,
              w.get(units),
              w.seq(...products, advance([from, w.int(GATES)], [weight, w.mulInt(w.get(rows), w.int(VECTOR))])),
            ),
            ...sums.map((sum, index) =>
              w.store(
                w.addInt(w.get(hiddenLoss), w.get(offset)),
                w.get(sum),
                Math.floor(index / 2) * ROW + (index % 2) * VECTOR,
              ),
            ),
          ),
        ),
        advance([weights, w.int(4 * VECTOR)], [hiddenLoss, w.int(4 * ROW)]),
      ),
    ),
  );
  return { name: "hiddenBack", params: locals.params, result: null, locals: locals.locals, body };
}

/** What every weight has done to the loss, over all steps and lanes: the four gates of a unit and two rows at a time. */
export function weightsBack(multiplyAdd: MultiplyAdd): w.WasmFunction {
  const locals = new w.Locals();
  const [gates, stack, gradient, units, rows, steps] = locals.take(6, "i32");
  const [unit, row, step, from, values] = locals.make(5, "i32");
  const sums = locals.make(8, "v128");
  const losses = locals.make(4, "v128");
  const [value, low, high] = locals.make(3, "v128");
  const products = Array.from({ length: ROW / VECTOR }, (_, index) => index * VECTOR).flatMap((lanes) => [
    ...losses.map((loss, gate) => w.set(loss, w.load(w.get(from), gate * ROW + lanes))),
    ...[0, 1].flatMap((k) => [
      w.set(value, w.load(w.get(values), k * ROW + lanes)),
      ...losses.map((loss, gate) => {
        const sum = sums[k * 4 + gate] as number;
        return w.set(sum, multiplyAdd(w.get(loss), w.get(value), w.get(sum)));
      }),
    ]),
  ]);
  /** The sums over the lanes of four vectors, side by side. */
  const sumOfLanes = (k: number): w.Code => {
    const [a, b, c, d] = sums.slice(k * 4).map((sum) => w.get(sum)) as [w.Code, w.Code, w.Code, w.Code];
    return w.seq(
      w.set(low, w.add(w.pick(a, b, [0, 4, 1, 5]), w.pick(a, b, [2, 6, 3, 7]))),
      w.set(high, w.add(w.pick(c, d, [0, 4, 1, 5]), w.pick(c, d, [2, 6, 3, 7]))),
      w.store(
        w.get(gradient),
        w.add(w.pick(w.get(low), w.get(high), [0, 1, 4, 5]), w.pick(w.get(low), w.get(high), [2, 3, 6, 7])),
        k * VECTOR,
      ),
    );
  };
  const body = w.seq(
    w.set(unit, w.int(0)),
    w.repeat(
      unit,
      1,
      w.get(units),
      w.seq(
        w.set(row, w.int(0)),
        w.repeat(
          row,
          2,
          w.get(rows),
          w.seq(
            ...sums.map((sum) => w.set(sum, w.floats(0))),
            w.set(from, w.get(gates)),
            w.set(values, w.addInt(w.get(stack), w.mulInt(w.get(row), w.int(ROW)))),
            w.set(step, w.int(0)),
            w.repeat(
              step,
              1,
              w.get(steps),
              w.seq(
                ...products,
                advance([from, w.mulInt(w.get(units), w.int(GATES))], [values, w.mulInt(w.get(rows), w.int(ROW))]),
              ),
            ),
            sumOfLanes(0),
            sumOfLanes(1),
            advance([gradient, w.int(2 * VECTOR)]),
          ),
        ),
        advance([gates, w.int(GATES)]),
      ),
    ),
  );
  return { name: "weightsBack", params: locals.params, result: null, locals: locals.locals, body };
}
