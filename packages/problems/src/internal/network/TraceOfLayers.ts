/** Exact trace of the Hessian of a piecewise linear network, layer by layer. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import type { Activation } from "../../network/Activation.ts"
import { activations, type Architecture } from "../../network/Architecture.ts"
import * as Memory from "./Memory.ts"
import { everyNode } from "./Placement.ts"
import { type OutputCurvature, outputFactors, type OutputFactors } from "./OutputFactors.ts"
import { shallowTraceIn } from "./ShallowTrace.ts"

/** The trace of a Hessian, whole and by layer. */
export interface ExactTrace {
  readonly trace: number
  /** The trace of each layer's block, in the order of `Architecture.parts`; they add up to `trace`. */
  readonly layers: Float64Array
}

/** Piece by piece. */
export const isLinear = (name: Activation): boolean =>
  name === "relu" || name === "relu6" || name === "identity"

/** Tests whether a network of this architecture is affine in the parameters of each layer, piece by piece. */
export const isPiecewiseLinear = (architecture: Architecture): boolean =>
  activations(architecture).every(isLinear) && !isCoupled(architecture)

/** Tests whether a layer divides or multiplies its inputs by each other: attention and layer normalisation. */
export const isCoupled = ({ nodes }: Architecture): boolean =>
  everyNode(nodes).some(({ _tag }) => _tag === "Attention" || _tag === "LayerNormalisation")

/**
 * Trace over the samples in `features`, in the given memory; see `exactTrace`.
 *
 * @internal
 */
export const traceIn = (
  kernels: Kernels.Kernels,
  memory: Memory.Memory,
  architecture: Architecture,
  features: Float64Array,
  loss: OutputCurvature,
): ((x: Float64Array) => ExactTrace) =>
  shallowTraceIn(kernels, architecture, features, loss) ??
  traceBySweeps(memory, architecture, features, loss)

const traceBySweeps = (
  memory: Memory.Memory,
  { inputs, outputs, parts }: Architecture,
  features: Float64Array,
  loss: OutputCurvature,
): ((x: Float64Array) => ExactTrace) => {
  const { capacity } = memory
  const size = features.length / inputs
  const places = new Map(parts.map(({ begin }, place) => [begin, place]))
  const known = new Map<Memory.Frame, OutputFactors>()
  const factorsOf = (frame: Memory.Frame): OutputFactors => {
    const found = known.get(frame) ?? outputFactors(loss, outputs, frame.output)
    known.set(frame, found)
    return found
  }
  return (x) => {
    const blocks = new Float64Array(parts.length)
    Memory.setParameters(memory, x)
    for (let start = 0; start < size; start += capacity) {
      const frame = memory.frame(Math.min(capacity, size - start))
      const factors = factorsOf(frame)
      frame.input.set(features.subarray(start * inputs, (start + frame.rows) * inputs))
      Memory.forward(frame)
      factors.prepare()
      for (let k = 0; k < outputs; k++) {
        factors.write(k)
        Memory.sweep(frame, ({ perSample }) => {
          if (perSample === undefined) return
          blocks[places.get(perSample.begin)!]! += perSample.squaredNorms(k === 0) / size
        })
      }
    }
    return { trace: blocks.reduce((sum, value) => sum + value, 0), layers: blocks }
  }
}
