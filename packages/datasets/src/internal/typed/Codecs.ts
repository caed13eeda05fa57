/**
 * Compression formats of tables. The unpacked size is known, or requested, before anything is unpacked.
 *
 * Sources: "LZ4 Frame Format Description" 1.6.1 and "LZ4 Block Format Description"; RFC 8878, section 3.1.1.1 (Zstandard).
 */
import { most, Refused } from "./Columns.ts"

const broken = (codec: string): Refused =>
  new Refused(`its ${codec} data are damaged`, "write the file again")

/** Throws Refused above the limit for unpacked bytes. */
export const requireBytes = (bytes: number): void => {
  if (bytes <= most.bytes) return
  throw new Refused(
    `one of its parts unpacks to ${bytes} bytes, which is too large`,
    "write it with more and smaller parts",
  )
}

/** Unpacks an LZ4 block to `out` from `at` on; the block may refer to earlier output. Returns the end position. */
const unpackBlock = (block: Uint8Array, out: Uint8Array, at: number): number => {
  let [from, to] = [0, at]
  const lengthOf = (nibble: number): number => {
    let [length, byte] = [nibble, nibble === 15 ? 255 : 0]
    while (byte === 255) {
      if (from >= block.length) throw broken("LZ4")
      byte = block[from++]!
      length += byte
    }
    return length
  }
  while (from < block.length) {
    const token = block[from++]!
    const literals = lengthOf(token >> 4)
    if (from + literals > block.length || to + literals > out.length) throw broken("LZ4")
    out.set(block.subarray(from, from + literals), to)
    from += literals
    to += literals
    if (from === block.length) return to
    const offset = block[from]! | (block[from + 1]! << 8)
    from += 2
    const length = lengthOf(token & 15) + 4
    if (!(offset > 0) || offset > to || to + length > out.length) throw broken("LZ4")
    for (const end = to + length; to < end; to++) out[to] = out[to - offset]!
  }
  return to
}

const [lz4Magic, unpackedBlock] = [0x184d2204, 0x80000000]

/** Unpacks an LZ4 frame to `length` bytes. Throws Refused where the length differs. */
export const unpackLz4 = (frame: Uint8Array, length: number): Uint8Array => {
  requireBytes(length)
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame.length < 7 || view.getUint32(0, true) !== lz4Magic) throw broken("LZ4")
  const flags = frame[4]!
  const hasSize = (flags & 8) !== 0
  const hasBlockChecksum = (flags & 16) !== 0
  const hasDictionary = (flags & 1) !== 0
  const out = new Uint8Array(length)
  let [from, to] = [7 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0), 0]
  for (;;) {
    if (from + 4 > frame.length) throw broken("LZ4")
    const header = view.getUint32(from, true)
    from += 4
    if (header === 0) break
    const size = header & ~unpackedBlock
    const block = frame.subarray(from, from + size)
    if (size < 0 || block.length !== size) throw broken("LZ4")
    if (header >= unpackedBlock) {
      if (to + size > length) throw broken("LZ4")
      out.set(block, to)
      to += size
    } else to = unpackBlock(block, out, to)
    from += size + (hasBlockChecksum ? 4 : 0)
  }
  if (to !== length) throw broken("LZ4")
  return out
}

/** Decompressed size by the header of a Zstandard frame; undefined if absent. */
const zstdSize = (frame: Uint8Array): number | undefined => {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame.length < 6 || view.getUint32(0, true) !== 0xfd2fb528) throw broken("Zstandard")
  const flags = frame[4]!
  const isSingle = (flags & 32) !== 0
  const at = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][flags & 3]!
  switch (flags >> 6) {
    case 0:
      return isSingle ? view.getUint8(at) : undefined
    case 1:
      return view.getUint16(at, true) + 256
    case 2:
      return view.getUint32(at, true)
    default:
      return Number(view.getBigUint64(at, true))
  }
}

/** Unpacks a Zstandard frame by `unpack` to `length` bytes, which the frame must declare. Throws Refused otherwise. */
export const unpackZstd = (
  frame: Uint8Array,
  length: number,
  unpack: (frame: Uint8Array) => Uint8Array,
): Uint8Array => {
  requireBytes(length)
  if (frame.length === 0 && length === 0) return frame
  if (zstdSize(frame) !== length) throw broken("Zstandard")
  const out = unpack(frame)
  if (out.length !== length) throw broken("Zstandard")
  // numbers are read in place, where they must begin at a multiple of their size
  return out.byteOffset % 8 === 0 ? out : out.slice()
}
