/**
 * Requirements on input, for the boundary of a package. Each throws InvalidInput with the numbers that violate it, and does
 * nothing else. `operation` names the requiring function, `name` the required quantity. Requirements without a function here
 * throw `invalid`.
 */
import { invalid } from "./InvalidInput.ts"
import type { Seed } from "./Seed.ts"

/**
 * Requires an integer of at least `minimum` (default 1) and at most `maximum` (default: no limit).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Effect } from "effect"
 * import { InvalidInput } from "@nonconvex/numerics"
 * import * as Require from "@nonconvex/numerics/Require"
 * import * as Seam from "@nonconvex/numerics/Seam"
 *
 * const check = Seam.attempt([InvalidInput], () => Require.count("train", "batchSize", 0, 1, 64))
 * Effect.runSync(Effect.flip(check)).message // => "train: batchSize must be an integer from 1 to 64 (got batchSize = 0)"
 * ```
 */
export const count = (
  operation: string,
  name: string,
  value: number,
  minimum = 1,
  maximum = Number.MAX_SAFE_INTEGER,
): void => {
  if (!Number.isSafeInteger(value) || value < minimum || value > maximum) {
    const range =
      maximum === Number.MAX_SAFE_INTEGER
        ? `of at least ${minimum}`
        : `from ${minimum} to ${maximum}`
    invalid(operation, `${name} must be an integer ${range}`, { [name]: value })
  }
}

/** Requires a number that is neither infinite nor NaN. */
export const finite = (operation: string, name: string, value: number): void => {
  if (!Number.isFinite(value)) {
    invalid(operation, `${name} must be a finite number`, { [name]: value })
  }
}

/** Requires a finite number of at least 0. */
export const nonNegative = (operation: string, name: string, value: number): void => {
  if (!(Number.isFinite(value) && value >= 0)) {
    invalid(operation, `${name} must be a finite number of at least 0`, { [name]: value })
  }
}

/** Requires a finite number above 0. */
export const positive = (operation: string, name: string, value: number): void => {
  if (!(Number.isFinite(value) && value > 0)) {
    invalid(operation, `${name} must be positive and finite`, { [name]: value })
  }
}

/** Requires a number in the open interval (0, 1). */
export const fraction = (operation: string, name: string, value: number): void => {
  if (!(Number.isFinite(value) && value > 0 && value < 1)) {
    invalid(operation, `${name} must lie strictly between 0 and 1`, { [name]: value })
  }
}

/**
 * Requires that an array has exactly `expected` elements. It takes the length rather than the array. Reading the length of
 * arrays of many types at one place would be slow, and each step makes this check.
 */
export const length = (operation: string, name: string, actual: number, expected: number): void => {
  if (actual !== expected) {
    invalid(operation, `the length of ${name} must be ${expected}`, { [`${name}.length`]: actual })
  }
}

/** Requires a typed array, so that an array of JavaScript is refused by name. */
export const typed = (
  operation: string,
  name: string,
  values: Float64Array | Float32Array,
): void => {
  if (!ArrayBuffer.isView(values)) {
    invalid(operation, `${name} must be a Float64Array`, { [name]: values })
  }
}

/** Requires a typed array of exactly `expected` elements. */
export const array = (
  operation: string,
  name: string,
  values: Float64Array | Float32Array,
  expected: number,
): void => {
  if (!ArrayBuffer.isView(values)) {
    invalid(operation, `${name} must be a Float64Array of length ${expected}`, { [name]: values })
  }
  length(operation, name, values.length, expected)
}

/** Requires an object with the given members, such as an update with `init` and `apply`. */
export const object = (
  operation: string,
  name: string,
  value: unknown,
  ...members: ReadonlyArray<string>
): void => {
  const isObject = typeof value === "object" && value !== null
  if (!isObject || members.some((member) => Reflect.get(value, member) === undefined)) {
    const having = members.length === 0 ? "" : ` with ${members.join(" and ")}`
    invalid(operation, `${name} must be an object${having}`, { [name]: value })
  }
}

/** Requires a seed of the tree of seeds; a number is not a seed. */
export const seed = (operation: string, name: string, value: Seed): void => {
  if (!Array.isArray((value as Partial<Seed> | undefined)?.words)) {
    invalid(operation, `${name} must be a Seed, such as Seed.root(42)`, { [name]: value })
  }
}

/** Requires every element to be finite, and names the first that is not. */
export const allFinite = (
  operation: string,
  name: string,
  values: Float64Array | Float32Array,
): void => {
  typed(operation, name, values)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    // Infinity - Infinity and NaN - NaN are NaN, so one comparison finds both.
    if (value - value !== 0) {
      invalid(operation, `every element of ${name} must be finite`, {
        index: i,
        [`${name}[${i}]`]: value,
      })
    }
  }
}

/** Requires a typed array of exactly `expected` elements, each finite. */
export const vector = (
  operation: string,
  name: string,
  values: Float64Array,
  expected: number,
): void => {
  array(operation, name, values, expected)
  allFinite(operation, name, values)
}
