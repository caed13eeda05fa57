/**
 * Signal on one wire of a network in float32: its value, and the derivative of the loss with respect to it.
 *
 * If there is a gate the adjoint counts as 0 where the gate is not positive. The positive part of a sum is computed with the sum,
 * and backward with the reader of the adjoint. So neither needs its own pass over memory.
 */
export interface Signal {
  readonly value: Float32Array
  /** Empty where no one reads it, as that of the data. */
  adjoint: Float32Array
  gate: Float32Array | undefined
}

export const none = new Float32Array(0)

export const isConstant = ({ adjoint }: Signal): boolean => adjoint.length === 0
