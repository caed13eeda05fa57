import { Schema } from "effect"

/** No privacy promise was given that a mechanism could break. */
export class WithoutPromise extends Schema.TaggedError<WithoutPromise>()("WithoutPromise", {
  missing: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const flags = this.missing.map((name) => `--${name}`).join(", ")
    return `audit: missing ${flags}; for example: nonconvex audit --epsilon 1 --neighbours replace (help: nonconvex audit --help)`
  }
}
