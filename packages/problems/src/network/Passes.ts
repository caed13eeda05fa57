import type { Architecture } from "./Architecture.ts"
import { dense } from "./Dense.ts"
import { elementwise } from "./Elementwise.ts"
import type { Operation } from "./Operation.ts"
import { signal, type Signal } from "./Signal.ts"

/** A network laid out in memory for batches of at most `capacity` rows. */
export interface Passes {
  readonly parameters: Signal
  readonly input: Signal
  readonly output: Signal
  /** The stages from input to output. */
  readonly operations: ReadonlyArray<Operation>
}

export const passes = (architecture: Architecture, capacity: number): Passes => {
  const { activation, layers, widths } = architecture
  const parameters = signal(architecture.dimension)
  const input = signal(capacity * widths[0]!)
  const operations: Array<Operation> = []
  let current = input
  layers.forEach((layer, l) => {
    const affine = signal(capacity * layer.outputs)
    operations.push(dense(layer, parameters, current, affine, { first: l === 0 }))
    current = affine
    if (l === layers.length - 1) return
    const active = signal(capacity * layer.outputs)
    operations.push(elementwise(activation, affine, active, layer.outputs))
    current = active
  })
  return { parameters, input, output: current, operations }
}

export const forward = ({ operations }: Passes, rows: number): void => {
  for (let k = 0; k < operations.length; k++) operations[k]!.forward(rows)
}

export const forwardTangent = ({ operations }: Passes, rows: number): void => {
  for (let k = 0; k < operations.length; k++) operations[k]!.forwardTangent(rows)
}

/** Adds the gradient of these rows to the parameters' adjoint. */
export const backward = ({ operations }: Passes, rows: number): void => {
  for (let k = operations.length - 1; k >= 0; k--) {
    operations[k]!.accumulate(rows)
    operations[k]!.backward(rows)
  }
}

/** Adds the Hessian-vector product of these rows to the tangent of the parameters' adjoint. */
export const backwardTangent = ({ operations }: Passes, rows: number): void => {
  for (let k = operations.length - 1; k >= 0; k--) {
    operations[k]!.backwardTangent(rows)
    operations[k]!.backward(rows)
  }
}
