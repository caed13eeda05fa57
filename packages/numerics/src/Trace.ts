/** Traces of operators that are known only by their products. */
import { requireCount } from "./InvalidInput.ts"
import type { Operator } from "./Operator.ts"
import * as RandomStream from "./RandomStream.ts"
import type { Seed } from "./Seed.ts"
import * as Vector from "./Vector.ts"

/** An estimate and its error bar. */
export interface TraceEstimate {
  readonly estimate: number
  /** One standard deviation of the estimate, from the spread of the probes; Infinity where one probe shows no spread. */
  readonly standardError: number
  /** Probes used. */
  readonly probes: number
}

/** The exact trace by `dimension` products with the unit vectors. Throws InvalidInput on a negative or fractional dimension. */
export const exact = (operator: Operator, dimension: number): number => {
  requireCount("Trace.exact", "dimension", dimension)
  const unit = new Float64Array(dimension)
  const out = new Float64Array(dimension)
  let sum = 0
  for (let i = 0; i < dimension; i++) {
    unit[i] = 1
    operator(unit, out)
    unit[i] = 0
    sum += out[i]!
  }
  return sum
}

/**
 * The mean of z^T A z over Rademacher probes (Hutchinson 1989), unbiased; the variance is 2 (|A|_F^2 - sum A_ii^2) / probes for
 * symmetric A.
 *
 * Probe i comes from `seed.child(i)`: the same seed gives common probes across calls. Throws InvalidInput on bad counts.
 */
export const hutchinson = (
  operator: Operator,
  options: { readonly dimension: number; readonly probes: number; readonly seed: Seed },
): TraceEstimate => {
  const { dimension, probes, seed } = options
  requireCount("Trace.hutchinson", "dimension", dimension)
  requireCount("Trace.hutchinson", "probes", probes, 1)
  const z = new Float64Array(dimension)
  const out = new Float64Array(dimension)
  let mean = 0
  let squares = 0
  for (let i = 0; i < probes; i++) {
    RandomStream.make(seed.child(i)).fillRademacher(z)
    operator(z, out)
    const sample = Vector.dot(z, out)
    const delta = sample - mean
    mean += delta / (i + 1)
    squares += delta * (sample - mean)
  }
  const standardError = probes === 1 ? Infinity : Math.sqrt(squares / (probes - 1) / probes)
  return { estimate: mean, standardError, probes }
}
