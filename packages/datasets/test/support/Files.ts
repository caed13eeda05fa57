/** A file system of a few files in memory, in place of the real one. */
import { ByteSize, Effect, FileSystem, Layer, Option, Path, PlatformError, Stream } from "effect"

type Content = string | Uint8Array

const failure = (tag: PlatformError.SystemErrorTag, method: string, path: string) =>
  PlatformError.systemError({
    _tag: tag,
    module: "FileSystem",
    method,
    pathOrDescriptor: path,
  })

const regular = (size: number): FileSystem.File.Info => ({
  type: "File",
  size: ByteSize.bytes(size),
  mtime: Option.none(),
  atime: Option.none(),
  birthtime: Option.none(),
  dev: 0n,
  ino: Option.none(),
  mode: 0o644,
  nlink: Option.none(),
  uid: Option.none(),
  gid: Option.none(),
  rdev: Option.none(),
  blksize: Option.none(),
  blocks: Option.none(),
})

/** Every path not in `files` is missing; those in `forbidden` may not be read. */
export const filesInMemory = (
  files: Readonly<Record<string, Content>>,
  forbidden: ReadonlyArray<string> = [],
) => {
  const readFile = (path: string): Effect.Effect<Uint8Array, PlatformError.PlatformError> => {
    if (forbidden.includes(path)) {
      return Effect.fail(failure("PermissionDenied", "readFile", path))
    }
    const content = files[path]
    if (content === undefined) return Effect.fail(failure("NotFound", "readFile", path))
    return Effect.succeed(typeof content === "string" ? new TextEncoder().encode(content) : content)
  }
  return Layer.merge(
    FileSystem.layerNoop({
      readFile,
      exists: (path) => Effect.succeed(path in files || forbidden.includes(path)),
      stat: (path) => Effect.map(readFile(path), ({ length }) => regular(length)),
      stream: (path) => Stream.fromEffect(readFile(path)),
    }),
    Path.layer,
  )
}
