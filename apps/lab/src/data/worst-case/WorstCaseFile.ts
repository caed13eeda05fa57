/** Methods and certificates in files of strangers. */
import * as Reason from "@nonconvex/evidence/Reason"
import { Effect, Result, Schema } from "effect"
import { interruptible } from "../../cli/Interruptible.ts"
import * as Json from "../../files/Json.ts"

/** The file holds no method or certificate, or its worst case was not found. */
export class NoWorstCase extends Schema.TaggedError<NoWorstCase>()("NoWorstCase", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.reason}`
  }
}

/** Recognises errors that a caller can act on: those of this project are tagged. */
const isExpected = (thrown: unknown): thrown is Error => thrown instanceof Error && "_tag" in thrown

/** Computation on a file that Ctrl-C ends. */
export const working = <Value>(
  path: string,
  work: () => Value,
): Effect.Effect<Value, NoWorstCase> =>
  interruptible(work).pipe(
    Effect.catchDefect((thrown) =>
      isExpected(thrown)
        ? Effect.fail(new NoWorstCase({ path, reason: thrown.message }))
        : Effect.die(thrown),
    ),
  )

/** Reads a JSON file by a function that throws its errors. */
export const read = <Value>(path: string, decode: (value: unknown) => Value) =>
  Json.read(path, Json.ofSettings, (value) => {
    try {
      return Result.succeed(decode(value))
    } catch (thrown) {
      return Result.fail(Reason.of(thrown))
    }
  }).pipe(Effect.mapError(({ reason }) => new NoWorstCase({ path, reason })))
