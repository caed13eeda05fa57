import * as Schema from "effect/Schema"

/** An optional backend that this machine lacks; `remedy` is the next step. */
export class BackendUnavailable extends Schema.TaggedError<BackendUnavailable>()(
  "BackendUnavailable",
  {
    backend: Schema.String,
    reason: Schema.String,
    remedy: Schema.String,
  },
) {
  override get message(): string {
    return `${this.backend} is not available: ${this.reason}. ${this.remedy}`
  }
}
