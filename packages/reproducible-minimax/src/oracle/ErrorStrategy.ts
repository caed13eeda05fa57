/**
 * Strategies by which an adversary uses the permitted error of an inexact oracle (Zhang et al. 2023, Definition 1:
 * adversarial at every query).
 */
import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Vector from "@nonconvex/numerics/Vector"

/** Writes an error of norm at most 1 for the exact answer `value` at `z`; `inexact` scales it to delta. */
export interface ErrorStrategy {
  (z: Float64Array, value: Float64Array, error: Float64Array): void
  /** Stream from which it draws, if any; after restoring it, the strategy continues identically. */
  readonly stream?: RandomStream.RandomStream
  /** The unit vector along which it errs at every query, if that is always the same. */
  readonly direction?: Float64Array
}

/**
 * The same unit vector, along `direction`, at every query. Two runs with opposite directions differ by 2 delta at every query, the largest
 * distance between two oracles of one problem.
 */
export const constant = (direction: Float64Array): ErrorStrategy => {
  const unit = direction.slice()
  Vector.normalise(unit)
  return Object.assign(
    (_: Float64Array, __: Float64Array, error: Float64Array): void => error.set(unit),
    { direction: unit },
  )
}

/** Away from `center` if `sign` is 1, towards it if -1. */
export const radial =
  (center: Float64Array, sign: 1 | -1): ErrorStrategy =>
  (z, _, error) => {
    for (let i = 0; i < z.length; i++) error[i] = sign * (z[i]! - center[i]!)
    Vector.normalise(error)
  }

/** The signs of `z - reference`: the error of each coordinate has the same size. */
export const signs =
  (reference: Float64Array): ErrorStrategy =>
  (z, _, error) => {
    const each = 1 / Math.sqrt(z.length)
    for (let i = 0; i < z.length; i++) error[i] = z[i]! >= reference[i]! ? each : -each
  }

/** A new direction of `stream` for each query, uniform on the sphere. */
export const random = (stream: RandomStream.RandomStream): ErrorStrategy =>
  Object.assign(
    (_: Float64Array, __: Float64Array, error: Float64Array) => stream.fillSphere(error),
    { stream },
  )

/** Against the answer: a small gradient seems smaller still. */
export const damping: ErrorStrategy = (_, value, error) => {
  for (let i = 0; i < value.length; i++) error[i] = -value[i]!
  Vector.normalise(error)
}

/** The answer turned by a right angle in each pair of coordinates: makes the iterates circle. */
export const turning: ErrorStrategy = (_, value, error) => {
  error.fill(0)
  for (let i = 0; i + 1 < value.length; i += 2) {
    error[i] = -value[i + 1]!
    error[i + 1] = value[i]!
  }
  Vector.normalise(error)
}
