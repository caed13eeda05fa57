/** Hutchinson's estimate of the trace of an operator that is known only by its products. */
import { invalid } from "./InvalidInput.ts"
import * as Probes from "./internal/Probes.ts"
import {
  Spread,
  type Stop,
  type StoppedTraceEstimate,
  type TraceEstimate,
} from "./internal/TraceEstimate.ts"
import type { Operator } from "./Operator.ts"
import * as Require from "./Require.ts"
import type { Seed } from "./Seed.ts"
import * as Vector from "./Vector.ts"

/**
 * The mean of z^T A z over probes of random signs (Hutchinson 1989), unbiased; the variance is 2 (|A|_F^2 - sum A_ii^2) / probes
 * for symmetric A.
 *
 * Probe i comes from `seed.child(i)`: the same seed gives common probes across calls. Throws InvalidInput on bad counts and on
 * products that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Operator, Seed, Trace } from "@nonconvex/numerics"
 *
 * const operator = Operator.fromSymmetric(Float64Array.of(2, 0, 0, 3), 2)
 * // of a diagonal matrix random signs give the trace at once
 * Trace.hutchinson(operator, { dimension: 2, probes: 4, seed: Seed.root(1) }).estimate // => 5
 * ```
 */
export const hutchinson = (
  operator: Operator,
  options: { readonly dimension: number; readonly probes: number; readonly seed: Seed },
): TraceEstimate => {
  const { dimension, probes, seed } = options
  Require.count("Trace.hutchinson", "probes", probes)
  const { estimate, standardError } = sample(
    "Trace.hutchinson",
    operator,
    dimension,
    seed,
    probes,
    -1,
  )
  return { estimate, standardError, probes, products: probes }
}

/**
 * Hutchinson's estimate with probes added one by one, from the fourth on until the standard error is at most `errorBar` or
 * `maxProducts` are spent. Throws as hutchinson.
 */
export const hutchinsonUntil = (
  operator: Operator,
  options: { readonly dimension: number; readonly seed: Seed } & Stop,
): StoppedTraceEstimate => {
  const { dimension, seed, errorBar, maxProducts } = options
  Require.count("Trace.hutchinsonUntil", "maxProducts", maxProducts)
  if (!(errorBar >= 0))
    invalid("Trace.hutchinsonUntil", "errorBar must be at least 0", { errorBar })
  const result = sample("Trace.hutchinsonUntil", operator, dimension, seed, maxProducts, errorBar)
  const status = result.standardError <= errorBar ? "converged" : "budget"
  return { ...result, status }
}

/** Least number of samples whose spread is reliable enough to stop. */
const fewest = 4

const sample = (
  operation: string,
  operator: Operator,
  dimension: number,
  seed: Seed,
  limit: number,
  errorBar: number,
): TraceEstimate => {
  Require.count(operation, "dimension", dimension, 0)
  const z = new Float64Array(dimension)
  const out = new Float64Array(dimension)
  const spread = new Spread()
  while (spread.count < limit && !(spread.count >= fewest && spread.standardError <= errorBar)) {
    Probes.draw(seed, spread.count, "signs", z)
    operator(z, out)
    const value = Vector.dot(z, out)
    if (!Number.isFinite(value)) {
      invalid(operation, "the operator must return finite numbers", { probe: spread.count, value })
    }
    spread.add(value)
  }
  const { mean: estimate, standardError, count } = spread
  return { estimate, standardError, probes: count, products: count }
}
