import { Schema } from "effect"

/**
 * Bad input found at the boundary of a numerical function: a wrong length, a negative dimension, a number that is not finite.
 *
 * The functions of this package are plain, so it is thrown synchronously and not returned in an Effect; inside an Effect use
 * `Effect.try`. `operation` names the function, `requirement` says what it needs, `numbers` holds the values that break it.
 */
export class InvalidInput extends Schema.TaggedError<InvalidInput>()("InvalidInput", {
  operation: Schema.String,
  requirement: Schema.String,
  numbers: Schema.Record(Schema.String, Schema.Number),
}) {
  override get message(): string {
    const shown = Object.entries(this.numbers).map(([name, value]) => `${name} = ${value}`)
    return `${this.operation}: ${this.requirement} (got ${shown.join(", ")})`
  }
}

/** Throws InvalidInput; a function of its own so that hot callers stay small enough to be inlined. */
export const invalid = (
  operation: string,
  requirement: string,
  numbers: Readonly<Record<string, number>>,
): never => {
  throw new InvalidInput({ operation, requirement, numbers })
}

/** Requires an array of exactly `expected` elements. */
export const requireLength = (
  operation: string,
  name: string,
  actual: number,
  expected: number,
) => {
  if (actual !== expected) {
    invalid(operation, `the length of ${name} must be ${expected}`, { [`${name}.length`]: actual })
  }
}

/** Requires an integer of at least `minimum` (default 0). */
export const requireCount = (operation: string, name: string, value: number, minimum = 0) => {
  if (!Number.isSafeInteger(value) || value < minimum) {
    invalid(operation, `${name} must be an integer of at least ${minimum}`, { [name]: value })
  }
}

/** Requires every element to be finite; names the first index that is not. */
export const requireFinite = (operation: string, name: string, values: Float64Array) => {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    // Infinity - Infinity and NaN - NaN are NaN, so one comparison finds both.
    if (value - value !== 0) {
      invalid(operation, `${name} must be finite`, { index: i, [`${name}[${i}]`]: value })
    }
  }
}
