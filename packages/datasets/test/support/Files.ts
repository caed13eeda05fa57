/** A file system of a few files in memory, in place of the real one. */
import { Effect, FileSystem, Layer, Path, PlatformError, Stream } from "effect"

type Content = string | Uint8Array

const failure = (tag: PlatformError.SystemErrorTag, method: string, path: string) =>
  PlatformError.systemError({
    _tag: tag,
    module: "FileSystem",
    method,
    pathOrDescriptor: path,
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
      stream: (path) => Stream.fromEffect(readFile(path)),
    }),
    Path.layer,
  )
}
