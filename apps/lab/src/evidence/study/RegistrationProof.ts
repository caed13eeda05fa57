/** Proof from git that an expectation was committed before its run, and that a tag has its digest. */
import { Effect, Path, Schema } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import type { Registration } from "./StoredResult.ts"
import { files, type Study } from "./Study.ts"

/** The expectation of a study cannot be shown to be older than its result. */
export class NotRegistered extends Schema.TaggedError<NotRegistered>()("NotRegistered", {
  study: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.study} was not registered before its run: ${this.reason}`
  }
}

const next = "; commit its expectation and its sweep first"

const git = Effect.fnUntraced(function* (folder: string, ...args: ReadonlyArray<string>) {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  return (yield* spawner.string(ChildProcess.make("git", args, { cwd: folder }))).trim()
})

/** The name of the tag that holds the digest of a study. */
const tagOf = ({ name }: Pick<Study, "name">, sweep: "sweep" | "full"): string =>
  sweep === "full" ? `registered/${name}-full` : `registered/${name}`

/** The command that writes the digest of a registered study into the text of a tag. */
export const tagging = (study: Study, sweep: "sweep" | "full", { commit, digest }: Registration) =>
  `git tag -a ${tagOf(study, sweep)} -m "${study.name}: sha256 ${digest}" ${commit}`

/**
 * Commit with the current question, expectations and sweep: the last one that changed any of them. Fails with
 * `NotRegistered` if there is none, if a file was changed later, or if a tag has another digest.
 */
export const registration = Effect.fn("Study.registration")(function* (
  study: Study,
  sweep: "sweep" | "full",
): Effect.fn.Return<
  Registration,
  NotRegistered,
  ChildProcessSpawner.ChildProcessSpawner | Path.Path
> {
  const { digest, folder, name } = study
  const path = yield* Path.Path
  const tag = tagOf(study, sweep)
  const failed = (reason: string) => new NotRegistered({ study: name, reason })
  const registered = [files.registered, files[sweep]]
  const asked = Effect.gen(function* () {
    const changed = yield* git(folder, "status", "--porcelain", "--", ...registered)
    const last = yield* git(folder, "log", "-1", "--format=%H %cI", "--", ...registered)
    const text = yield* git(folder, "tag", "--list", "--format=%(contents)", tag)
    return { changed, last, text }
  })
  const { changed, last, text } = yield* Effect.mapError(asked, () =>
    failed(`${path.resolve(folder)} is not in a git repository${next}`),
  )
  if (changed !== "") return yield* failed(`it has uncommitted changes${next}`)
  const [commit = "", time = ""] = last.split(" ")
  if (!/^[0-9a-f]{40}$/.test(commit)) return yield* failed(`no commit contains it${next}`)
  if (text === "") return { commit, time, digest }
  if (text.includes(digest)) return { commit, time, digest, tag }
  const reason = `the tag ${tag} does not record the digest ${digest}:  "${text.split("\n")[0]}"`
  return yield* failed(`${reason}; give a study with a different question a different name`)
})
