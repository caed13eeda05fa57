/** Folder that receives all of its new files at once, or stays unchanged. */
import {
  Effect,
  FileSystem,
  Path,
  type PlatformError,
  Predicate,
  type Scope,
  Sink,
  Stream,
} from "effect"
import { Unwritable } from "../cli/Failure.ts"
import * as Leftovers from "./Leftovers.ts"

const reasons: Readonly<Record<string, string>> = {
  AlreadyExists: "a file of this name exists",
  BadResource: "a part of the path is not a folder",
  NotFound: "a part of the path does not exist",
  PermissionDenied: "permission denied",
}

const isFull = (cause: unknown): boolean =>
  Predicate.hasProperty(cause, "code") && (cause.code === "ENOSPC" || cause.code === "EDQUOT")

const unwritable =
  (path: string) =>
  ({ reason }: PlatformError.PlatformError): Unwritable =>
    new Unwritable({
      path,
      reason: isFull(reason.cause) ? "the disk is full" : (reasons[reason._tag] ?? reason.message),
    })

/** Bytes, or text, whole or in parts that need not fit into memory together. */
export type Content<E = never> = string | Uint8Array | Stream.Stream<string | Uint8Array, E>

const encoder = new TextEncoder()

/** New files that wait next to the old ones. */
export interface Staged {
  /** Writes a file, `path` relative to the folder; its own folders are made. */
  readonly write: <E = never>(
    path: string,
    content: Content<E>,
  ) => Effect.Effect<void, E | Unwritable>
  /** Puts everything written so far in its place. A folder at the top replaces the former one as a whole. */
  readonly publish: Effect.Effect<void, Unwritable>
}

/** Parents of `folder` that do not exist, innermost first, including `folder` itself. */
const missing = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const found: Array<string> = []
  for (let at = folder; !(yield* fs.exists(at)); at = path.dirname(at)) found.push(at)
  return found
})

const removeEmpty = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  if ((yield* fs.readDirectory(folder)).length === 0) yield* fs.remove(folder, { recursive: true })
})

/**
 * Prepares to write into `folder`, which is created if it does not exist. Fails with `Unwritable` at once, not after the
 * work.
 *
 * At the end of the scope, unpublished files are removed, with any folder created for them. Files left by a killed program
 * are removed by the next one.
 */
export const stage = Effect.fn("Folder.stage")(
  function* (name: string) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const folder = path.resolve(name)
    const failed = Effect.mapError(unwritable(name))
    const made = yield* missing(folder)
    // One by one: a recursive mkdir of node never returns where a file system takes no folders, such as /proc.
    for (const each of made.toReversed()) {
      yield* Effect.acquireRelease(fs.makeDirectory(each), () => Effect.ignore(removeEmpty(each)))
    }
    // two programs may do so at the same time
    yield* Effect.ignore(Leftovers.clear(folder))
    const staging = yield* fs.makeTempDirectoryScoped({
      directory: folder,
      prefix: Leftovers.prefix("partial"),
    })
    const fill = <E>(target: string, content: Content<E>): Effect.Effect<void, E | Unwritable> => {
      if (typeof content === "string") return failed(fs.writeFileString(target, content))
      if (content instanceof Uint8Array) return failed(fs.writeFile(target, content))
      const sink = Sink.mapError(fs.sink(target), unwritable(name))
      const bytes = Stream.map(content, (part) =>
        typeof part === "string" ? encoder.encode(part) : part,
      )
      return Stream.run(bytes, sink)
    }
    const write = <E = never>(file: string, content: Content<E>) => {
      const target = path.join(staging, file)
      if (!target.startsWith(staging + path.sep)) {
        return Effect.fail(new Unwritable({ path: file, reason: `it is outside ${name}` }))
      }
      return Effect.andThen(
        failed(fs.makeDirectory(path.dirname(target), { recursive: true })),
        fill(target, content),
      )
    }
    const publish = Effect.gen(function* () {
      const entries = yield* fs.readDirectory(staging)
      const former = yield* fs.makeTempDirectoryScoped({
        directory: folder,
        prefix: Leftovers.prefix("former"),
      })
      const undo: Array<Effect.Effect<void, PlatformError.PlatformError>> = []
      const replace = Effect.fnUntraced(function* (entry: string) {
        const place = path.join(folder, entry)
        const kept = path.join(former, entry)
        const fresh = path.join(staging, entry)
        const { type } = yield* fs.stat(fresh)
        const removal = fs.remove(place, { recursive: true, force: true })
        if (!(yield* fs.exists(place))) undo.push(removal)
        else {
          const old = yield* fs.stat(place)
          if (old.type !== type) {
            const reason = `a ${old.type === "Directory" ? "folder" : "file"} of this name exists`
            return yield* new Unwritable({ path: path.join(name, entry), reason })
          }
          // a file is replaced in one step, so that there always is one; of folders the former must make room
          yield* type === "Directory" ? fs.rename(place, kept) : fs.copyFile(place, kept)
          undo.push(Effect.andThen(removal, fs.rename(kept, place)))
        }
        yield* fs.rename(fresh, place)
      })
      yield* Effect.forEach(entries, replace, { discard: true }).pipe(
        Effect.onError(() =>
          Effect.forEach(undo.toReversed(), (back) => Effect.ignore(back), { discard: true }),
        ),
      )
    }).pipe(
      Effect.scoped,
      Effect.uninterruptible,
      Effect.catchTag("PlatformError", (error) => Effect.fail(unwritable(name)(error))),
    )
    return { write, publish } satisfies Staged
  },
  (
    effect,
    name,
  ): Effect.Effect<Staged, Unwritable, FileSystem.FileSystem | Path.Path | Scope.Scope> =>
    Effect.catchTag(effect, "PlatformError", (error) => Effect.fail(unwritable(name)(error))),
)

/** Writes a file completely or not at all. */
export interface StagedFile {
  readonly write: <E = never>(content: Content<E>) => Effect.Effect<void, E | Unwritable>
}

/** The file behind a path, through links; its location if it does not exist yet. */
const identity = Effect.fnUntraced(function* (name: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* fs.realPath(name).pipe(Effect.orElseSucceed(() => path.resolve(name)))
})

/**
 * Prepares to write a file, whose folder is created if it does not exist. Fails with `Unwritable` at once, and never
 * replaces one of `inputs`, the files that the command reads.
 */
export const stageFile = Effect.fn("Folder.stageFile")(function* (
  name: string,
  inputs: ReadonlyArray<string>,
) {
  if (name === "") return yield* new Unwritable({ path: '""', reason: "it is not a valid name" })
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const former = yield* identity(name)
  for (const input of inputs) {
    if (former === (yield* identity(input))) {
      return yield* new Unwritable({ path: name, reason: "the command also reads this file" })
    }
  }
  const type = yield* fs.stat(name).pipe(
    Effect.map((found) => found.type),
    Effect.orElseSucceed(() => "File"),
  )
  if (type !== "File") {
    const reason = type === "Directory" ? "it is a folder" : "it is a device or a pipe, not a file"
    return yield* new Unwritable({ path: name, reason })
  }
  // a link stays one: what it leads to is written
  const isLink = yield* Effect.isSuccess(fs.readLink(name))
  const place = isLink ? former : name
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const folder = stage(path.dirname(place))
  // tried now, and left as it was: the work in between may end at any time, and leaves nothing
  yield* Effect.scoped(folder)
  return {
    write: (content) =>
      folder.pipe(
        Effect.flatMap((staged) =>
          Effect.andThen(staged.write(path.basename(place), content), staged.publish),
        ),
        Effect.scoped,
        Effect.provideContext(context),
      ),
  } satisfies StagedFile
})
