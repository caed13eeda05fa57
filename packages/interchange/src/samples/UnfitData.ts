import { Schema } from "effect"

/** The data is not what the network reads. */
export class UnfitData extends Schema.TaggedError<UnfitData>()("UnfitData", {
  path: Schema.String,
  reason: Schema.String,
  remedy: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}; ${this.remedy}`
  }
}
