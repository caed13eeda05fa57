/**
 * Which oracles and methods a kernel knows. What is known is known of a function, and not of the object that has it: whoever puts another function in its place gets
 * plain steps.
 */
import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import type { BilinearForm } from "@nonconvex/problems/BilinearGame"
import type { QuadraticForm } from "@nonconvex/problems/QuadraticForm"
import type { Scheme } from "../methods/Scheme.ts"
import type { ErrorStrategy } from "../oracle/ErrorStrategy.ts"
import type { Problem } from "../problem/Problem.ts"

/** What an oracle adds to its answers: the same at each query, or fresh numbers of a stream. */
export type Errors =
  | { readonly kind: "constant"; readonly error: Float64Array }
  | {
      readonly kind: "normal"
      readonly stream: RandomStream.RandomStream
      readonly deviation: number
    }

/** The oracle of a bilinear game: what is added to its exact answer comes in this order. */
export interface KnownOracle {
  readonly form: BilinearForm
  readonly errors?: Errors
  readonly pull?: { readonly strength: number; readonly center: Float64Array }
}

const notes = <Key extends object, What>() => {
  const known = new WeakMap<Key, What>()
  return {
    of: (key: Key): What | undefined => known.get(key),
    note: <Noted extends Key>(key: Noted, what: What | undefined): Noted => {
      if (what !== undefined) known.set(key, what)
      return key
    },
  }
}

export const oracles = notes<Problem["operator"], KnownOracle>()

/** The oracle of a quadratic: what is added to its exact answer comes in this order. */
export interface KnownGradient {
  readonly form: QuadraticForm
  readonly error?: Float64Array
  readonly pull?: { readonly strength: number; readonly center: Float64Array }
}

export const gradients = notes<Problem["operator"], KnownGradient>()

/** Gradient descent without a mean: the length of its steps, and of accelerated descent the momentum of step t. */
export const descents = notes<
  Scheme<never>["step"],
  { readonly step: number; readonly momentum?: (t: number) => number }
>()

/** The unit vector of a strategy that errs along it at every query. */
export const directions = notes<ErrorStrategy, Float64Array>()

/** The length of the steps of projected descent with a mean, or of extragradient. */
export const schemes = notes<
  Scheme<never>["step"],
  { readonly isExtra: boolean; readonly step: number }
>()
