/**
 * Messages of an Arrow file or stream, checked once before the library reads them. The library trusts the length that a
 * message claims, and the places that a footer claims.
 *
 * A file is a stream between two marks, with a footer that repeats where its parts are: the stream alone is read. Some files have
 * no stream, as those of polars, or a stream without a schema, as those of the library itself. There the library follows the
 * footer, and only the thread bounds it.
 *
 * Source: Apache Arrow, "IPC Streaming Format" and "IPC File Format".
 */
import { Refused } from "./Columns.ts"

type Library = typeof import("apache-arrow")

const mark = "ARROW1"

const isMark = (bytes: Uint8Array, at: number): boolean =>
  at >= 0 && Array.from(mark).every((character, k) => bytes[at + k] === character.charCodeAt(0))

const cutOff = (): never => {
  throw new Refused(
    "it is not a complete Arrow file: its last message is truncated",
    "write or fetch it again",
  )
}

/** Range of the messages in a file; the whole of a stream. */
const bodyOf = (bytes: Uint8Array, view: DataView) => {
  const isFile = isMark(bytes, 0)
  if (!isFile) return { isFile, from: 0, to: bytes.length }
  const end = bytes.length - mark.length - 4
  if (end < 8 || !isMark(bytes, end + 4)) cutOff()
  const to = end - view.getInt32(end, true)
  return to >= 8 && to <= end ? { isFile, from: 8, to } : cutOff()
}

/** The messages as a stream, or a file that has none as it is. Throws Refused on a message longer than the rest of the file, and on a missing end. */
export const streamIn = ({ Message }: Library, bytes: Uint8Array): Uint8Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { from, isFile, to } = bodyOf(bytes, view)
  if (isFile && view.getInt32(from, true) !== -1) return bytes
  let [at, isFirst] = [from, true]
  while (at < to) {
    if (at + 4 > to) cutOff()
    const isContinued = view.getInt32(at, true) === -1
    if (isContinued && at + 8 > to) cutOff()
    const length = view.getInt32(isContinued ? at + 4 : at, true)
    at += isContinued ? 8 : 4
    // the end of a stream is a message of no length
    if (length === 0) return bytes.subarray(from, at)
    if (length < 0 || at + length > to) cutOff()
    const message = Message.decode(bytes.subarray(at, at + length))
    if (isFile && isFirst && !message.isSchema()) return bytes
    isFirst = false
    const { bodyLength } = message
    if (!(bodyLength >= 0) || at + length + bodyLength > to) cutOff()
    at += length + bodyLength
  }
  return isFile || at === to ? bytes.subarray(from, at) : cutOff()
}
