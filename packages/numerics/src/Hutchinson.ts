/** Hutchinson's estimate of the trace of an operator given only by its products. */
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

interface Of {
  readonly dimension: number
  readonly seed: Seed
}

/**
 * The mean of z^T A z over probes of random signs (Hutchinson 1989), unbiased; the variance is 2 (|A|_F^2 - sum A_ii^2) / probes
 * for symmetric A.
 *
 * Probe i comes from `seed.child(i)`: the same seed gives common probes across calls. Throws InvalidInput on bad counts and on
 * products that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Seed } from "@nonconvex/numerics"
 * import * as Trace from "@nonconvex/numerics/Trace"
 * import * as Operator from "@nonconvex/numerics/Operator"
 *
 * const operator = Operator.fromSymmetric(Float64Array.of(2, 0, 0, 3), 2)
 * // of a diagonal matrix random signs give the trace at once
 * Trace.hutchinson(operator, { dimension: 2, probes: 4, seed: Seed.root(1) }).estimate // => 5
 * ```
 */
export function hutchinson(
  operator: Operator,
  options: Of & { readonly probes: number },
): TraceEstimate
/**
 * Hutchinson's estimate with probes added one by one, until (from the fourth on) the standard error is at most `errorBar` or
 * `maxProducts` are spent.
 */
export function hutchinson(operator: Operator, options: Of & Stop): StoppedTraceEstimate
export function hutchinson(
  operator: Operator,
  options: Of & (Stop | { readonly probes: number }),
): TraceEstimate {
  if ("probes" in options) {
    Require.count("Trace.hutchinson", "probes", options.probes)
    return sample(operator, options, options.probes, -1)
  }
  const { errorBar, maxProducts } = options
  Require.count("Trace.hutchinson", "maxProducts", maxProducts)
  if (!(errorBar >= 0)) invalid("Trace.hutchinson", "errorBar must be at least 0", { errorBar })
  const result = sample(operator, options, maxProducts, errorBar)
  const stopped: StoppedTraceEstimate = {
    ...result,
    status: result.standardError <= errorBar ? "converged" : "budget",
  }
  return stopped
}

/** Minimum number of samples for a reliable spread. */
const fewest = 4

const sample = (
  operator: Operator,
  { dimension, seed }: Of,
  limit: number,
  errorBar: number,
): TraceEstimate => {
  Require.count("Trace.hutchinson", "dimension", dimension, 0)
  const z = new Float64Array(dimension)
  const out = new Float64Array(dimension)
  const spread = new Spread()
  while (spread.count < limit && !(spread.count >= fewest && spread.standardError <= errorBar)) {
    Probes.draw(seed, spread.count, "signs", z)
    operator(z, out)
    const value = Vector.dot(z, out)
    if (!Number.isFinite(value)) {
      invalid("Trace.hutchinson", "the operator must return finite numbers", {
        probe: spread.count,
        value,
      })
    }
    spread.add(value)
  }
  const { mean: estimate, standardError, count } = spread
  return { estimate, standardError, probes: count, products: count }
}
