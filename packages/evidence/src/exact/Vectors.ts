/** Vectors of exact values, and of float64 results. */
import * as Value from "./Value.ts"

const whole: Value.Value = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }

/** A float64 computed by a program, taken as exact; the interval of all numbers if it is not finite. */
export const computed = (value: number): Value.Value =>
  Number.isFinite(value) ? Value.of(value) : whole

/** Entries of a float64 vector, each taken as by `computed`. */
export const vector = (x: Float64Array): ReadonlyArray<Value.Value> => Array.from(x, computed)

/** The inner product of two vectors of one length. */
export const dot = (x: ReadonlyArray<Value.Value>, y: ReadonlyArray<Value.Value>): Value.Value =>
  Value.sum(...x.map((entry, i) => Value.multiply(entry, y[i]!)))

/** The length of a vector. */
export const norm = (x: ReadonlyArray<Value.Value>): Value.Value =>
  Value.sqrt(Value.sum(...x.map(Value.square)))
