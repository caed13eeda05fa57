/**
 * Sums, differences, products and quotients of a few numbers in plain JavaScript, which is faster than calling the backend's
 * kernel.
 */
import * as tf from "@tensorflow/tfjs"
import { remembered } from "./Remembered.ts"
import { outputBeside, type WasmMemory } from "./WasmMemory.ts"

/** Size of the output up to which plain JavaScript is faster if the positions of the inputs must be computed. */
const few = 256

/** The same where they are in the places of the output, or one for all. */
const more = 2048

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

/** Plan of an operation for two shapes. */
interface Plan {
  readonly shape: ReadonlyArray<number>
  /** Undefined where the backend has its own kernel for it. */
  readonly blocks: readonly [Block, Block] | undefined
}

const planOf = (a: Array<number>, b: Array<number>): Plan => {
  const shape = tf.backend_util.assertAndGetBroadcastShape(a, b)
  const count = tf.util.sizeFromShape(shape)
  const [first, second] = [blockOf(a, shape), blockOf(b, shape)]
  if (first === undefined || second === undefined) return { shape, blocks: undefined }
  const isPlain = [first, second].every(({ size }) => size === 1 || size === count)
  const isFew = count > 0 && count <= (isPlain ? more : few)
  return { shape, blocks: isFew ? [first, second] : undefined }
}

const known = remembered<Plan>()

type Combine = (a: number, b: number) => number

/** The kernel that combines a few numbers of float32, rounded as the backend rounds them, and leaves everything else to the one before. */
const combining =
  (combine: Combine) =>
  (before: tf.KernelFunc): tf.KernelFunc =>
  (given) => {
    const { a, b } = given.inputs as Readonly<Record<"a" | "b", tf.TensorInfo>>
    if (a.dtype !== "float32" || b.dtype !== "float32") return before(given)
    const { blocks, shape } = known(`${a.shape.join()} ${b.shape.join()}`, () =>
      planOf(a.shape, b.shape),
    )
    if (blocks === undefined) return before(given)
    const [first, second] = blocks
    const { out, tensor, views } = outputBeside(given.backend as WasmMemory, shape, a, b)
    const [left, right] = views
    const count = out.length
    if (first.size === count && second.size === count) {
      for (let i = 0; i < count; i++) out[i] = combine(left[i]!, right[i]!)
    } else if (first.size === 1 && second.size === count) {
      const x = left[0]!
      for (let i = 0; i < count; i++) out[i] = combine(x, right[i]!)
    } else {
      for (let i = 0; i < count; i++) {
        const x = left[((i / first.every) | 0) % first.size]!
        const y = right[((i / second.every) | 0) % second.size]!
        out[i] = combine(x, y)
      }
    }
    return tensor
  }

export const sum = combining((a, b) => a + b)

export const difference = combining((a, b) => a - b)

export const product = combining((a, b) => a * b)

export const quotient = combining((a, b) => a / b)
