/** Proof that an expectation was committed before it was run, from git. */
import { Effect, Path, Schema } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import type { Registration } from "./Stored.ts"
import { files, type Study } from "./Study.ts"

/** A study whose expectation no one can show to be older than its result. */
export class NotRegistered extends Schema.TaggedError<NotRegistered>()("NotRegistered", {
  study: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.study} is not registered before its run: ${this.reason}`
  }
}

const next = "; commit its expectation and its sweep first"

const git = Effect.fnUntraced(function* (folder: string, ...args: ReadonlyArray<string>) {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  return (yield* spawner.string(ChildProcess.make("git", args, { cwd: folder }))).trim()
})

/**
 * The commit that has question, expectations and sweep as they are now, the last that changed any of them. Fails with `NotRegistered`
 * where there is none, or where a file was changed after it.
 */
export const registration = Effect.fn("Study.registration")(function* (
  { digest, folder, name }: Study,
  sweep: "sweep" | "full",
): Effect.fn.Return<
  Registration,
  NotRegistered,
  ChildProcessSpawner.ChildProcessSpawner | Path.Path
> {
  const path = yield* Path.Path
  const failed = (reason: string) => new NotRegistered({ study: name, reason })
  const registered = [files.registered, files[sweep]]
  const asked = Effect.gen(function* () {
    const changed = yield* git(folder, "status", "--porcelain", "--", ...registered)
    const last = yield* git(folder, "log", "-1", "--format=%H %cI", "--", ...registered)
    return { changed, last }
  })
  const { changed, last } = yield* Effect.mapError(asked, () =>
    failed(`git says nothing of ${path.resolve(folder)}${next}`),
  )
  if (changed !== "") return yield* failed(`it has changes that are not committed${next}`)
  const [commit = "", time = ""] = last.split(" ")
  if (!/^[0-9a-f]{40}$/.test(commit)) return yield* failed(`no commit has it${next}`)
  return { commit, time, digest }
})
