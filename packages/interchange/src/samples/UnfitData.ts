import { Schema } from "effect"

/** The data do not fit the network. */
export class UnfitData extends Schema.TaggedError<UnfitData>()("UnfitData", {
  path: Schema.String,
  reason: Schema.String,
  remedy: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}; ${this.remedy}`
  }
}
