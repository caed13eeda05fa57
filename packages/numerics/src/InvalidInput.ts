import * as Schema from "effect/Schema"

/**
 * Invalid input to a numerical function: a wrong length, a negative dimension, or a number that is not finite.
 *
 * Plain functions throw it synchronously. Inside an Effect, `Seam.attempt([InvalidInput], ...)` makes it a typed failure.
 * `operation` names the function and `requirement` its requirement. `numbers` holds the values that violate it.
 */
export class InvalidInput extends Schema.TaggedError<InvalidInput>()("InvalidInput", {
  operation: Schema.String,
  requirement: Schema.String,
  numbers: Schema.Record(Schema.String, Schema.Number),
}) {
  override get message(): string {
    const shown = Object.entries(this.numbers).map(([name, value]) => `${name} = ${value}`)
    const got = shown.length === 0 ? "" : ` (got ${shown.join(", ")})`
    return `${this.operation}: ${this.requirement}${got}`
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
