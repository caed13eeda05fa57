/** Vectors of exact values, and of what a program came to. */
import * as Value from "./Value.ts"

const whole: Value.Value = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }

/**
 * A float64 that a program came to, taken as it is; all numbers where it is not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Exact } from "@nonconvex/evidence"
 *
 * Exact.toText(Exact.computed(0.75)) // => "3/4"
 * Exact.interval(Exact.computed(Number.NaN)) // => { low: -Infinity, high: Infinity }
 * ```
 */
export const computed = (value: number): Value.Value =>
  Number.isFinite(value) ? Value.of(value) : whole

/**
 * The entries of a float64 vector, each as `computed` takes it.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Exact } from "@nonconvex/evidence"
 *
 * Exact.vector(Float64Array.of(0.5, 3)).map(Exact.toText) // => ["1/2", "3"]
 * ```
 */
export const vector = (x: Float64Array): ReadonlyArray<Value.Value> => Array.from(x, computed)

/**
 * The inner product of two vectors of one length.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Exact } from "@nonconvex/evidence"
 *
 * const [x, y] = [Float64Array.of(0.5, 1), Float64Array.of(1, -3)].map(Exact.vector)
 * Exact.toText(Exact.dot(x!, y!)) // => "-5/2"
 * ```
 */
export const dot = (x: ReadonlyArray<Value.Value>, y: ReadonlyArray<Value.Value>): Value.Value =>
  Value.sum(...x.map((entry, i) => Value.multiply(entry, y[i]!)))

/**
 * The length of a vector.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Exact } from "@nonconvex/evidence"
 *
 * Exact.toText(Exact.norm(Exact.vector(Float64Array.of(3, 4)))) // => "5"
 * ```
 */
export const norm = (x: ReadonlyArray<Value.Value>): Value.Value =>
  Value.sqrt(Value.sum(...x.map(Value.square)))
