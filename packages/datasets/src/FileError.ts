/** Files that cannot be read, as errors that name the file. */
import { Effect, FileSystem, Schema, type PlatformError } from "effect"

/** There is no file at this path. */
export class MissingFile extends Schema.TaggedError<MissingFile>()("MissingFile", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: no such file; check the path`
  }
}

/** The file is there but cannot be read: a folder, no permission, a device error. */
export class UnreadableFile extends Schema.TaggedError<UnreadableFile>()("UnreadableFile", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: cannot be read (${this.reason}); check that it is a file you may read`
  }
}

export type FileError = MissingFile | UnreadableFile

const reasons: Readonly<Record<string, string>> = {
  BadResource: "it is a folder, or beyond a file",
  PermissionDenied: "permission denied",
}

/** The platform's error about reading `path`, in the words of this package. */
export const fromPlatformError =
  (path: string) =>
  ({ reason }: PlatformError.PlatformError): FileError =>
    reason._tag === "NotFound"
      ? new MissingFile({ path })
      : new UnreadableFile({ path, reason: reasons[reason._tag] ?? reason._tag })

/** All bytes of a file. */
export const readBytes = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.readFile(path).pipe(Effect.mapError(fromPlatformError(path)))
})
