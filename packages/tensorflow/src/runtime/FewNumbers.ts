/** Sums, differences, products and quotients of a few numbers in plain JavaScript: a call of the backend's own kernel takes longer than they do. */
import * as tf from "@tensorflow/tfjs"
import { outputBeside, type WasmMemory } from "./WasmMemory.ts"

/** Numbers of the output from which on the backend's own kernel takes less time. */
const few = 256

/** Number i of the output has number `floor(i / every) % size` of an input. */
interface Block {
  readonly every: number
  readonly size: number
}

/** Undefined where the lengths that an input shares with the output are not next to each other. */
const blockOf = (shape: ReadonlyArray<number>, out: ReadonlyArray<number>): Block | undefined => {
  const lengthAt = (axis: number): number => shape[axis - out.length + shape.length] ?? 1
  let [every, size, axis] = [1, 1, out.length - 1]
  for (; axis >= 0 && lengthAt(axis) === 1; axis--) every *= out[axis]!
  for (; axis >= 0 && lengthAt(axis) === out[axis]; axis--) size *= out[axis]!
  for (; axis >= 0; axis--) if (lengthAt(axis) !== 1) return undefined
  return { every, size }
}

type Combine = (a: number, b: number) => number

/** The kernel that combines a few numbers of float32, rounded as the backend rounds them, and leaves everything else to the one before. */
const combining =
  (combine: Combine) =>
  (before: tf.KernelFunc): tf.KernelFunc =>
  (given) => {
    const { a, b } = given.inputs as Readonly<Record<"a" | "b", tf.TensorInfo>>
    if (a.dtype !== "float32" || b.dtype !== "float32") return before(given)
    const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape)
    const count = tf.util.sizeFromShape(shape)
    const [first, second] = [blockOf(a.shape, shape), blockOf(b.shape, shape)]
    if (count === 0 || count > few || first === undefined || second === undefined)
      return before(given)
    const { out, tensor, views } = outputBeside(given.backend as WasmMemory, shape, a, b)
    const [left, right] = views
    for (let i = 0; i < count; i++) {
      const x = left[((i / first.every) | 0) % first.size]!
      const y = right[((i / second.every) | 0) % second.size]!
      out[i] = combine(x, y)
    }
    return tensor
  }

/** By the names of the kernels. */
export const ofFewNumbers: Readonly<Record<string, (before: tf.KernelFunc) => tf.KernelFunc>> = {
  Add: combining((a, b) => a + b),
  Multiply: combining((a, b) => a * b),
  RealDiv: combining((a, b) => a / b),
  Sub: combining((a, b) => a - b),
}
