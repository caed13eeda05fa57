/** Privacy target, and its neighbouring relation. */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import * as Schema from "effect/Schema"

/**
 * Neighbouring relation. `"replace"` exchanges one row (the paper's relation; the number of rows is public). `"add-remove"` adds
 * or removes one row (the number of rows is private).
 */
export const Neighbours = Schema.Literals(["replace", "add-remove"])
export type Neighbours = typeof Neighbours.Type

/** (epsilon, delta)-differential privacy: P(A(M) in S) <= e^epsilon P(A(M') in S) + delta for all neighbours and events. */
export interface Target {
  readonly epsilon: number
  readonly delta: number
}

/** Above this epsilon a guarantee is one in name only: an attacker's odds may grow by e^100. */
export const largestEpsilon = 100

/** Below this delta its logarithm leaves the range in which the accounting was checked. */
export const smallestDelta = 1e-300

/** Requires 0 < epsilon <= 100 and `least` <= delta < 1 (default 1e-300). Throws InvalidInput. */
export const requireTarget = (
  operation: string,
  { delta, epsilon }: Target,
  least = smallestDelta,
): void => {
  if (!(epsilon > 0 && epsilon <= largestEpsilon)) {
    invalid(operation, `epsilon must be positive and at most ${largestEpsilon}; try 1`, { epsilon })
  }
  if (!(delta >= least && delta < 1)) {
    invalid(operation, `delta must be at least ${least} and below 1; try 1e-6`, { delta })
  }
}

/** The most rows of a data set, and so of one person. An entry of their sum in units of the noise grid stays below 2^52. */
export const mostRows = 2 ** 24

/** Requires a number of rows of one person from 1 to 2^24, default 1. Throws InvalidInput. */
export const requireRowsPerPerson = (operation: string, rows = 1): number => {
  Require.count(operation, "the rows per person", rows, 1, mostRows)
  return rows
}

/** The most columns of a release, whose matrix has 512 MiB then. */
export const largestDimension = 8192

/** Requires a dimension from 1 to `largestDimension`. Throws InvalidInput. */
export const requireDimension = (operation: string, dimension: number): void =>
  Require.count(operation, "dimension", dimension, 1, largestDimension)
