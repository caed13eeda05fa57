import type { Kernels } from "@nonconvex/numerics"
import type { Architecture } from "./Architecture.ts"
import { dense } from "./Dense.ts"
import { elementwise } from "./Elementwise.ts"
import { signal, type Signal, slice } from "./Signal.ts"
import type { Stage } from "./Stage.ts"

/** A network laid out in memory for batches of up to `capacity` rows. */
export interface Memory {
  readonly capacity: number
  readonly parameters: Signal
  /** The network on exactly `rows` rows; made at the first call with that number, over the same memory as all others. */
  readonly frame: (rows: number) => Frame
}

/** A network on a fixed number of rows. */
export interface Frame {
  readonly rows: number
  readonly input: Float64Array
  readonly output: Signal
  /** From input to output. */
  readonly stages: ReadonlyArray<Stage>
}

export const memory = (
  kernels: Kernels.Kernels,
  architecture: Architecture,
  capacity: number,
): Memory => {
  const { activation, layers, widths } = architecture
  const parameters = signal(architecture.dimension)
  const inputs = new Float64Array(capacity * widths[0]!)
  // before and after the activation of each layer; the last has none
  const affine = layers.map(({ outputs }) => signal(capacity * outputs))
  const active = layers.slice(1).map(({ inputs: width }) => signal(capacity * width))
  const empty = new Float64Array(0)

  const make = (rows: number): Frame => {
    const input = inputs.subarray(0, rows * widths[0]!)
    const stages: Array<Stage> = []
    let current: Signal = { value: input, adjoint: empty, tangent: empty, adjointTangent: empty }
    for (const [l, layer] of layers.entries()) {
      const before = slice(affine[l]!, 0, rows * layer.outputs)
      stages.push(dense(kernels, layer, parameters, current, before, { rows, first: l === 0 }))
      current = before
      if (l === layers.length - 1) break
      const after = slice(active[l]!, 0, rows * layer.outputs)
      stages.push(elementwise(kernels, activation, before, after))
      current = after
    }
    return { rows, input, output: current, stages }
  }
  const frames = new Map<number, Frame>()
  return {
    capacity,
    parameters,
    frame: (rows) => {
      const known = frames.get(rows)
      if (known !== undefined) return known
      const frame = make(rows)
      frames.set(rows, frame)
      return frame
    },
  }
}

export const forward = ({ stages }: Frame): void => {
  for (let k = 0; k < stages.length; k++) stages[k]!.forward()
}

export const forwardTangent = ({ stages }: Frame): void => {
  for (let k = 0; k < stages.length; k++) stages[k]!.forwardTangent()
}

/** Adds the gradient of these rows to the parameters' adjoint. */
export const backward = ({ stages }: Frame): void => {
  for (let k = stages.length - 1; k >= 0; k--) {
    stages[k]!.accumulate()
    stages[k]!.backward()
  }
}

/** Adds the Hessian-vector product of these rows to the tangent of the parameters' adjoint. */
export const backwardTangent = ({ stages }: Frame): void => {
  for (let k = stages.length - 1; k >= 0; k--) {
    stages[k]!.backwardTangent()
    stages[k]!.backward()
  }
}
