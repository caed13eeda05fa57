/**
 * Signal on one wire of a network. It has its value, the derivative of the loss with respect to it, and the derivatives of both
 * along a direction in parameter space.
 *
 * The first two are used for gradients, all four for Hessian-vector products (Pearlmutter 1994). The parameters are a signal
 * too: their adjoint is the gradient, their tangent the direction v, and their adjoint's tangent H v.
 */
export interface Signal {
  readonly value: Float64Array
  readonly adjoint: Float64Array
  readonly tangent: Float64Array
  readonly adjointTangent: Float64Array
}

/** Makes arrays of zeros, in the memory of the kernels where these read no other. */
export type Space = (length: number) => Float64Array

/** Makes arrays of JavaScript. */
export const plain: Space = (length) => new Float64Array(length)

export const signal = (length: number, space = plain): Signal => ({
  value: space(length),
  adjoint: space(length),
  tangent: space(length),
  adjointTangent: space(length),
})

/** Elements from `begin` up to `end`, as views. */
export const slice = (
  { adjoint, adjointTangent, tangent, value }: Signal,
  begin: number,
  end: number,
): Signal => ({
  value: value.subarray(begin, end),
  adjoint: adjoint.subarray(begin, end),
  tangent: tangent.subarray(begin, end),
  adjointTangent: adjointTangent.subarray(begin, end),
})

/** A value and an adjoint that are not shared. */
export const own = (length: number, space: Space): Pick<Signal, "adjoint" | "value"> => ({
  value: space(length),
  adjoint: space(length),
})

/** For signals that share the values of another. */
export const adjoints = (length: number, space: Space): Signal => ({
  value: none,
  adjoint: space(length),
  tangent: none,
  adjointTangent: space(length),
})

const none = new Float64Array(0)

/** Data: a value that does not depend on parameters and has no adjoint. */
export const constant = (value: Float64Array): Signal => ({
  value,
  adjoint: none,
  tangent: none,
  adjointTangent: none,
})

export const isConstant = ({ adjoint, value }: Signal): boolean =>
  adjoint.length === 0 && value.length > 0
