import { Schema } from "effect"

/** A program that cannot run the trials of a sweep. */
export class UnusableProgram extends Schema.TaggedError<UnusableProgram>()("UnusableProgram", {
  command: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `--command ${JSON.stringify(this.command)}: ${this.reason}`
  }
}
