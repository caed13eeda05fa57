/** Files that cannot be read, as errors with the file name. */
import { Effect, FileSystem, Schema, Stream, type PlatformError } from "effect"
import { createReadStream } from "node:fs"

/** There is no file at this path. */
export class MissingFile extends Schema.TaggedError<MissingFile>()("MissingFile", {
  path: Schema.String,
}) {
  override get message(): string {
    return this.path === "-"
      ? "-: no such file; standard input is /dev/stdin"
      : `${this.path}: no such file; check the path`
  }
}

/** A pipe, which can be read only once, where a file must be read again. */
export class UnreadablePipe extends Schema.TaggedError<UnreadablePipe>()("UnreadablePipe", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: pipes are not supported: write to a file first`
  }
}

/** The file exists but cannot be read: a folder, no permission, a device error. */
export class UnreadableFile extends Schema.TaggedError<UnreadableFile>()("UnreadableFile", {
  path: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: cannot be read (${this.reason}); check that it is a file you may read`
  }
}

export type FileError = MissingFile | UnreadableFile | UnreadablePipe

const reasons: Readonly<Record<string, string>> = {
  BadResource: "it is a folder, or its path continues beyond a file",
  PermissionDenied: "permission denied",
}

/** The platform's error about reading `path`, in the words of this package. */
export const fromPlatformError =
  (path: string) =>
  ({ reason }: PlatformError.PlatformError): FileError =>
    reason._tag === "NotFound"
      ? new MissingFile({ path })
      : new UnreadableFile({ path, reason: reasons[reason._tag] ?? reason._tag })

/** Bytes of a file as they arrive. With `mayBePipe`, pipes are also accepted; they can be read once and have no positions. */
export const bytesOf = (
  path: string,
  mayBePipe = false,
): Stream.Stream<Uint8Array, FileError, FileSystem.FileSystem> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const type = yield* fs.stat(path).pipe(
        Effect.map((info) => info.type),
        Effect.orElseSucceed(() => "Unknown" as const),
      )
      if (type === "Socket" || (type === "FIFO" && !mayBePipe)) {
        return Stream.fail(new UnreadablePipe({ path }))
      }
      return type === "FIFO"
        ? Stream.fromAsyncIterable<Uint8Array, FileError>(
            createReadStream(path),
            (error) => new UnreadableFile({ path, reason: String(error) }),
          )
        : fs.stream(path).pipe(Stream.mapError(fromPlatformError(path)))
    }),
  )

/** A file of more bytes than any of its kind has. */
export class TooManyBytes extends Schema.TaggedError<TooManyBytes>()("TooManyBytes", {
  path: Schema.String,
  most: Schema.Int,
}) {
  override get message(): string {
    return `${this.path}: it has more than ${this.most} bytes, too many for such a file; check the path`
  }
}

/** Reads all bytes of a file, at most `most`; a larger file is rejected unread if its size is known. Pipes are accepted. */
export const readBytes = Effect.fnUntraced(function* (path: string, most: number) {
  const fs = yield* FileSystem.FileSystem
  const size = yield* fs.stat(path).pipe(
    Effect.map((info) => (info.type === "File" ? Number(info.size) : 0)),
    Effect.orElseSucceed(() => 0),
  )
  if (size > most) return yield* new TooManyBytes({ path, most })
  const chunks: Array<Uint8Array> = []
  let length = 0
  yield* Stream.runForEachWhile(bytesOf(path, true), (chunk) =>
    Effect.sync(() => {
      chunks.push(chunk)
      length += chunk.length
      return length <= most
    }),
  )
  if (length > most) return yield* new TooManyBytes({ path, most })
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
})
