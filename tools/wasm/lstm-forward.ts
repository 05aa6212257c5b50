// The way forward through one step: of 32 windows at once, and of a single one.
import * as w from "./assembler.ts";
import { activation } from "./lstm-activation.ts";
import { advance, FLOAT, GATES, type MultiplyAdd, PAIR, ROW, VECTOR } from "./lstm-places.ts";

/** One step of all lanes: sums of the four gates of a unit, then its cell and its output. */
export function forward(multiplyAdd: MultiplyAdd): w.WasmFunction {
  const locals = new w.Locals();
  const [stack, next, weights, gates, cell, nextCell, tanhs, units, rows] = locals.take(9, "i32");
  const [unit, offset, row, from, weight, weightsOfUnit] = locals.make(6, "i32");
  const sums = locals.make(8, "v128");
  const [first, second, factor, changed] = locals.make(4, "v128");
  const { prepare, sigmoid, tanh } = activation(locals, multiplyAdd);
  const UNROLLED = 4;

  const products = Array.from({ length: UNROLLED }, (_, k) => [
    w.set(first, w.load(w.get(from), k * ROW)),
    w.set(second, w.load(w.get(from), k * ROW + VECTOR)),
    ...[0, 1, 2, 3].flatMap((gate) => [
      w.set(factor, w.loadSplat(w.get(weight), k * VECTOR + gate * FLOAT)),
      ...[first, second].map((vector, half) => {
        const sum = sums[gate * 2 + half] as number;
        return w.set(sum, multiplyAdd(w.get(factor), w.get(vector), w.get(sum)));
      }),
    ]),
  ]).flat();

  const cellOfHalf = (half: number): w.Code => {
    const [input, forget, candidate, output] = [0, 1, 2, 3].map(
      (gate) => sums[gate * 2 + half] as number,
    ) as unknown as readonly [number, number, number, number];
    const lanes = half * VECTOR;
    return w.seq(
      sigmoid(input, w.get(input)),
      sigmoid(forget, w.get(forget)),
      tanh(candidate, w.get(candidate)),
      sigmoid(output, w.get(output)),
      ...[input, forget, candidate, output].map((value, gate) =>
        w.store(w.addInt(w.get(gates), w.get(offset)), w.get(value), gate * ROW + lanes),
      ),
      w.set(
        changed,
        multiplyAdd(
          w.get(input),
          w.get(candidate),
          w.mul(w.get(forget), w.load(w.addInt(w.get(cell), w.get(offset)), lanes)),
        ),
      ),
      w.store(w.addInt(w.get(nextCell), w.get(offset)), w.get(changed), lanes),
      tanh(changed, w.get(changed)),
      w.store(w.addInt(w.get(tanhs), w.get(offset)), w.get(changed), lanes),
      w.store(w.addInt(w.get(next), w.get(offset)), w.mul(w.get(changed), w.get(output)), lanes),
    );
  };

  const body = w.seq(
    prepare,
    w.set(unit, w.int(0)),
    w.repeat(
      unit,
      1,
      w.get(units),
      w.seq(
        w.set(offset, w.int(0)),
        w.repeat(
          offset,
          PAIR,
          w.int(ROW),
          w.seq(
            ...sums.map((sum) => w.set(sum, w.floats(0))),
            w.set(from, w.addInt(w.get(stack), w.get(offset))),
            w.set(weight, w.get(weights)),
            w.set(row, w.int(0)),
            w.repeat(
              row,
              UNROLLED,
              w.get(rows),
              w.seq(...products, advance([from, w.int(UNROLLED * ROW)], [weight, w.int(UNROLLED * VECTOR)])),
            ),
            cellOfHalf(0),
            cellOfHalf(1),
          ),
        ),
        w.set(weightsOfUnit, w.mulInt(w.get(rows), w.int(VECTOR))),
        advance(
          [weights, w.get(weightsOfUnit)],
          [gates, w.int(GATES)],
          ...[next, cell, nextCell, tanhs].map((address) => [address, w.int(ROW)] as const),
        ),
      ),
    ),
  );
  return { name: "forward", params: locals.params, result: null, locals: locals.locals, body };
}

/** One step of a single window: here the four gates of a unit lie side by side, and later four units. */
export function forwardOne(multiplyAdd: MultiplyAdd): w.WasmFunction {
  const locals = new w.Locals();
  const [stack, next, weights, gates, cell, units, unitsPadded, rows] = locals.take(8, "i32");
  const [unit, row, from, into] = locals.make(4, "i32");
  const sums = locals.make(4, "v128");
  const [low, high, other, top] = locals.make(4, "v128");
  const { prepare, sigmoid, tanh } = activation(locals, multiplyAdd);
  const UNROLLED = 4;
  const [a, b, c, d] = sums.map((sum) => w.get(sum)) as [w.Code, w.Code, w.Code, w.Code];
  const gatesOfUnits = w.seq(
    w.set(unit, w.int(0)),
    w.set(into, w.get(gates)),
    w.repeat(
      unit,
      1,
      w.get(units),
      w.seq(
        ...sums.map((sum) => w.set(sum, w.floats(0))),
        w.set(from, w.get(stack)),
        w.set(row, w.int(0)),
        w.repeat(
          row,
          UNROLLED,
          w.get(rows),
          w.seq(
            ...sums.map((sum, k) =>
              w.set(
                sum,
                multiplyAdd(w.load(w.get(weights), k * VECTOR), w.loadSplat(w.get(from), k * FLOAT), w.get(sum)),
              ),
            ),
            advance([from, w.int(UNROLLED * FLOAT)], [weights, w.int(UNROLLED * VECTOR)]),
          ),
        ),
        w.store(w.get(into), w.add(w.add(a, b), w.add(c, d))),
        advance([into, w.int(VECTOR)]),
      ),
    ),
  );
  const [input, forget, candidate, output] = sums;
  /** Turns the gates of four units into four units of each gate. */
  const turn = w.seq(
    ...sums.map((sum, index) => w.set(sum, w.load(w.get(into), index * VECTOR))),
    w.set(low, w.pick(a, b, [0, 4, 1, 5])),
    w.set(high, w.pick(c, d, [0, 4, 1, 5])),
    w.set(other, w.pick(a, b, [2, 6, 3, 7])),
    w.set(top, w.pick(c, d, [2, 6, 3, 7])),
    w.set(input, w.pick(w.get(low), w.get(high), [0, 1, 4, 5])),
    w.set(forget, w.pick(w.get(low), w.get(high), [2, 3, 6, 7])),
    w.set(candidate, w.pick(w.get(other), w.get(top), [0, 1, 4, 5])),
    w.set(output, w.pick(w.get(other), w.get(top), [2, 3, 6, 7])),
  );
  const cellsOfUnits = w.seq(
    w.set(unit, w.int(0)),
    w.set(into, w.get(gates)),
    w.set(from, w.get(gates)),
    w.repeat(
      unit,
      4,
      w.get(unitsPadded),
      w.seq(
        turn,
        sigmoid(input, w.get(input)),
        sigmoid(forget, w.get(forget)),
        tanh(candidate, w.get(candidate)),
        sigmoid(output, w.get(output)),
        w.set(low, multiplyAdd(w.get(input), w.get(candidate), w.mul(w.get(forget), w.load(w.get(cell))))),
        w.store(w.get(cell), w.get(low)),
        tanh(low, w.get(low)),
        // Over the gates of units that are done with.
        w.store(w.get(from), w.mul(w.get(low), w.get(output))),
        advance([into, w.int(4 * VECTOR)], [from, w.int(VECTOR)], [cell, w.int(VECTOR)]),
      ),
    ),
  );
  // One by one, because behind the last unit the stack goes on with the features.
  const outputs = w.seq(
    w.set(unit, w.int(0)),
    w.set(from, w.get(gates)),
    w.repeat(
      unit,
      1,
      w.get(units),
      w.seq(w.storeFloat(w.get(next), w.loadFloat(w.get(from))), advance([from, w.int(FLOAT)], [next, w.int(FLOAT)])),
    ),
  );
  const body = w.seq(prepare, gatesOfUnits, cellsOfUnits, outputs);
  return { name: "forwardOne", params: locals.params, result: null, locals: locals.locals, body };
}
