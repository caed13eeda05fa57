/**
 * Signal on one wire of a network in float32: its value, and the derivative of the loss with respect to it.
 *
 * With a gate, the adjoint counts as 0 where the gate is not positive. The positive part of a sum is computed together with
 * the sum and, backward, by the reader of the adjoint. Neither therefore needs its own pass over memory.
 */
export interface Signal {
  readonly value: Float32Array
  /** Empty if it is never read, as for the data. */
  adjoint: Float32Array
  gate: Float32Array | undefined
}

export const none = new Float32Array(0)

export const isConstant = ({ adjoint }: Signal): boolean => adjoint.length === 0
