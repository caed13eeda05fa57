import * as Schema from "effect/Schema"

/**
 * Invalid input to a numerical function: a wrong length, a negative dimension, or a number that is not finite.
 *
 * Plain functions throw it synchronously. Inside an Effect, `Seam.attempt([InvalidInput], ...)` makes it a typed failure.
 * `operation` names the function and `requirement` its requirement. `numbers` holds the values that violate it; a value that is
 * no number is described in words.
 */
export class InvalidInput extends Schema.TaggedError<InvalidInput>()("InvalidInput", {
  operation: Schema.String,
  requirement: Schema.String,
  numbers: Schema.Record(Schema.String, Schema.Union([Schema.Number, Schema.String])),
}) {
  override get message(): string {
    const shown = Object.entries(this.numbers).map(([name, value]) => `${name} = ${value}`)
    const got = shown.length === 0 ? "" : ` (got ${shown.join(", ")})`
    return `${this.operation}: ${this.requirement}${got}`
  }
}

/** A value that should have been a number, an array or an object, in words. */
const described = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value)
  if (Array.isArray(value)) return `a plain array of length ${value.length}`
  if (typeof value === "function") return "a function"
  return typeof value === "object" && value !== null ? "another object" : String(value)
}

/** Throws InvalidInput; a function of its own so that hot callers stay small enough to be inlined. */
export const invalid = (
  operation: string,
  requirement: string,
  values: Readonly<Record<string, unknown>>,
): never => {
  const numbers = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "number" ? value : described(value),
    ]),
  )
  throw new InvalidInput({ operation, requirement, numbers })
}
