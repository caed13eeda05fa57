import * as Require from "@nonconvex/numerics/Require"
import type { Architecture } from "../../network/Architecture.ts"
import type { Loss } from "../../network/Loss.ts"
import type { LossStage } from "./LossStage.ts"
import { everyIndex } from "../../Samples.ts"
import * as Memory from "./Memory.ts"

const none = new Float64Array(0)

const isSame = (a: Float64Array, b: Float64Array): boolean => {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Product of the Hessian with v, which returns the form `v' A' A v` of the Gauss-Newton matrix. */
export type Product = (x: Float64Array, v: Float64Array, out: Float64Array) => number

/** The form of these rows, after the tangent of the loss. */
export const formOf = ({ output: { adjointTangent, tangent } }: Memory.Frame): number => {
  let sum = 0
  for (let i = 0; i < tangent.length; i++) sum += tangent[i]! * adjointTangent[i]!
  return sum
}

/**
 * Product with the Hessian of the mean loss over all samples. It stores values and adjoints of every sample. Therefore only
 * the first of several products at one point passes the samples forward and the losses backward. The others pass only their
 * tangents. Changes of the targets are noticed, changes of the features are not.
 *
 * The results equal those of the batches of `memory` bit for bit, because the sums are the same in the same order.
 */
export const linearisedIn = (
  memory: Memory.Memory,
  { dimension, inputs }: Architecture,
  features: Float64Array,
  endOf: (frame: Memory.Frame) => LossStage,
  { targets = none }: Loss,
): Product => {
  const { capacity, parameters } = memory
  const size = features.length / inputs
  const weight = 1 / size
  const all = everyIndex(size)
  const make = () => {
    const parts: Array<{ readonly frame: Memory.Frame; readonly end: LossStage }> = []
    for (let start = 0; start < size; start += capacity) {
      const rows = features.subarray(start * inputs, Math.min(size, start + capacity) * inputs)
      const frame = memory.keep(rows)
      parts.push({ frame, end: endOf(frame) })
    }
    return { parts, point: new Float64Array(dimension).fill(Number.NaN), aims: targets.slice() }
  }
  // laid out by the first product: who asks for none has no need of it
  let made: ReturnType<typeof make> | undefined

  return (x, v, out) => {
    Require.length("network", "v", v.length, dimension)
    Require.length("network", "out", out.length, dimension)
    Memory.setParameters(memory, x)
    const { aims, parts, point } = (made ??= make())
    if (!isSame(point, x) || !isSame(aims, targets)) {
      // not that of any point until all parts have it
      point.fill(Number.NaN)
      let start = 0
      for (const { end, frame } of parts) {
        Memory.forward(frame)
        end.evaluate(all, start, weight)
        Memory.sweep(frame)
        start += frame.rows
      }
      point.set(x)
      aims.set(targets)
    }
    parameters.tangent.set(v)
    parameters.adjointTangent.fill(0)
    let form = 0
    for (const { end, frame } of parts) {
      Memory.forwardTangent(frame)
      end.evaluateTangent(weight)
      form += formOf(frame)
      Memory.backwardTangent(frame)
    }
    out.set(parameters.adjointTangent)
    return form
  }
}
