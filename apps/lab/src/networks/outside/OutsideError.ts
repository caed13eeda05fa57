/** What can be wrong with a network of another program and its data, beside what the readers of their files say. */
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
