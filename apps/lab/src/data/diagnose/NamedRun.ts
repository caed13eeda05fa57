/** The run that `--run` names. */
import { quote } from "@nonconvex/datasets/Quote"
import type { LoggedRun } from "@nonconvex/interchange"
import { Effect, Schema } from "effect"
import * as EditDistance from "../../cli/EditDistance.ts"

/** No run, or more than one, has the requested name. */
export class NoRun extends Schema.TaggedError<NoRun>()("NoRun", {
  path: Schema.String,
  run: Schema.optional(Schema.String),
  suggestions: Schema.Array(Schema.String),
  count: Schema.Int,
}) {
  override get message(): string {
    const some = this.suggestions.map((name) => quote(name)).join(", ")
    return this.run === undefined
      ? `${this.path}: it has ${this.count} runs, such as ${some}: choose one to follow with --run`
      : `${this.path}: none of its ${this.count} runs is named ${quote(this.run)}; choose one with --run, such as ${some}`
  }
}

/** Runs with this name; all if none is requested. Fails with NoRun. */
export const named = (path: string, runs: ReadonlyArray<LoggedRun>, name: string | undefined) => {
  if (name === undefined) return Effect.succeed(runs)
  const found = runs.filter((each) => each.name === name || each.id === name)
  if (found.length > 0) return Effect.succeed(found)
  const names = runs.map((each) => each.name)
  const near = EditDistance.names(name, names)
  return Effect.fail(
    new NoRun({
      path,
      run: name,
      count: runs.length,
      suggestions: near.length > 0 ? near : names.slice(0, 3),
    }),
  )
}
