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

/** Largest accepted epsilon; beyond it a guarantee is nominal, since an attacker's odds may grow by e^100. */
export const largestEpsilon = 100

/** Smallest accepted delta; below it, log delta leaves the range in which the accounting was checked. */
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

/**
 * Maximum number of rows of a data set, and therefore of one person. An entry of their sum in units of the noise grid stays
 * below 2^52.
 */
export const mostRows = 2 ** 24

/** Requires a number of rows of one person from 1 to 2^24, default 1. Throws InvalidInput. */
export const requireRowsPerPerson = (operation: string, rows = 1): number => {
  Require.count(operation, "the rows per person", rows, 1, mostRows)
  return rows
}

/** Maximum number of columns of a release; its matrix then takes 512 MiB. */
export const largestDimension = 8192

/** Requires a dimension from 1 to `largestDimension`. Throws InvalidInput. */
export const requireDimension = (operation: string, dimension: number): void =>
  Require.count(operation, "dimension", dimension, 1, largestDimension)
