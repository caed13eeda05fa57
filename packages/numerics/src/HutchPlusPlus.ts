/**
 * Hutch++: the exact trace on a sketched range, plus Hutchinson's estimate for the rest.
 *
 * Source: Meyer, Musco, Musco and Woodruff, "Hutch++: optimal stochastic trace estimation" (2021), algorithm 1. A relative error
 * epsilon for positive semidefinite A takes O(1 / epsilon) products, where Hutchinson takes O(1 / epsilon^2).
 */
import { invalid } from "./InvalidInput.ts"
import type { Operator } from "./Operator.ts"
import * as Probes from "./internal/Probes.ts"
import type { Seed } from "./Seed.ts"
import * as Sketch from "./internal/Sketch.ts"
import { Spread, type StoppedTraceEstimate, type TraceEstimate } from "./internal/TraceEstimate.ts"
import * as Vector from "./Vector.ts"

/**
 * Estimate from `products` products (at least 6): one third each for the sketch, its range, and probes of the rest.
 *
 * Unbiased. The standard error comes from the spread of the probes of the rest. Throws InvalidInput on bad counts and on products
 * that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Seed } from "@nonconvex/numerics"
 * import * as Trace from "@nonconvex/numerics/Trace"
 * import * as Operator from "@nonconvex/numerics/Operator"
 *
 * const operator = Operator.fromSymmetric(Float64Array.of(2, 0, 0, 3), 2)
 * Trace.hutchPlusPlus(operator, { dimension: 2, products: 6, seed: Seed.root(1) }).estimate // => 5
 * ```
 */
export function hutchPlusPlus(operator: Operator, options: Sketch.Options): TraceEstimate
/** Hutch++ with more and more products until the standard error is at most `errorBar`. */
export function hutchPlusPlus(
  operator: Operator,
  options: Sketch.OptionsUntil,
): StoppedTraceEstimate
export function hutchPlusPlus(
  operator: Operator,
  options: Sketch.Options | Sketch.OptionsUntil,
): TraceEstimate {
  const operation = "Trace.hutchPlusPlus"
  const begin = () => estimator(operation, operator, options.dimension, options.seed)
  return "products" in options
    ? Sketch.once(operation, options, fewest, begin)
    : Sketch.repeated(operation, options, fewest, 2 * fewest, begin)
}

/** Fewest products: two each for the sketch, its range and the rest. */
const fewest = 6

const estimator = (
  operation: string,
  operator: Operator,
  n: number,
  seed: Seed,
): Sketch.Estimator => {
  const sketch = Probes.cached(operator, n, seed.child("sketch"), "signs")
  let spent = 0
  return (products) => {
    const size = Math.min(n, Math.floor(products / 3))
    const probes = Array.from({ length: size }, (_, i) => sketch(i))
    const { basis: range } = Sketch.range(operation, probes, n)
    const out = new Float64Array(n)
    let captured = 0
    for (const q of range) {
      operator(q, out)
      captured += Vector.dot(q, out)
    }
    const spread = new Spread()
    const z = new Float64Array(n)
    const count = Math.max(2, products - 2 * size)
    for (let i = 0; i < count; i++) {
      Probes.draw(seed.child("rest"), i, "signs", z)
      for (let pass = 0; pass < 2; pass++) {
        for (const q of range) Vector.axpy(-Vector.dot(q, z), q, z)
      }
      operator(z, out)
      spread.add(Vector.dot(z, out))
    }
    const estimate = captured + spread.mean
    if (!Number.isFinite(estimate)) {
      invalid(operation, "the operator must return finite numbers", { estimate })
    }
    // The sketch is drawn once; range and rest change with its size.
    spent += range.length + count
    return {
      estimate,
      standardError: spread.standardError,
      probes: size + count,
      products: spent + size,
    }
  }
}
