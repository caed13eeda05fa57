/**
 * Zip archives from untrusted sources: declared sizes are checked before unpacking, and the content against its checksum.
 *
 * Members are names and bytes. Nothing is written under these names, and names that lead out of a folder are rejected.
 *
 * Source: PKWARE, "APPNOTE.TXT: .ZIP File Format Specification", 6.3.10, sections 4.3.7 to 4.3.16 and 4.5.3.
 */
import { Result } from "effect"
import { crc32, inflateRawSync } from "node:zlib"
import { BadArchive } from "./ArrayError.ts"

/** Member of an archive, as listed in the directory of the archive. */
interface Member {
  readonly name: string
  /** Bytes once it is unpacked. */
  readonly size: number
  /** Its bytes, unpacked on demand. */
  readonly bytes: () => Result.Result<Uint8Array, BadArchive>
}

/** Limits of an archive. */
interface Bounds {
  readonly members: number
  /** Bytes of all members together, unpacked. */
  readonly bytes: number
}

/** An eighth of a gigabyte of numbers, in as many arrays as networks have. */
const standard: Bounds = { members: 2 ** 16, bytes: 2 ** 30 }

/**
 * Maximum number of bytes that a file of some bytes unpacks to. Deflate can turn a megabyte into a gigabyte, but never
 * does with measured data.
 */
const unpackedOf = (bytes: number): number => Math.max(2 ** 28, 64 * bytes)

const signatures = { end: 0x06054b50, locator: 0x07064b50, end64: 0x06064b50, entry: 0x02014b50 }
const local = 0x04034b50
const lengths = { end: 22, locator: 20, end64: 56, entry: 46, local: 30 }
const [stored, deflated] = [0, 8]
const isEncrypted = 1
const isUtf8 = 1 << 11
/** Marker in a 32-bit field for a number stored in the extra field. */
const elsewhere = 0xffffffff

const again = "fetch or write the file again"

/** Tests whether bytes start like an archive: with a member, or with the end of an empty one. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)

/** Position of the directory, from the record that ends the archive. */
const directoryOf = (view: DataView, fail: (reason: string) => never) => {
  const last = view.byteLength - lengths.end
  const furthest = Math.max(0, last - 0xffff)
  let at = last
  while (at >= furthest && view.getUint32(at, true) !== signatures.end) at--
  if (at < furthest) fail("it has no directory at its end: it is truncated")
  const locator = at - lengths.locator
  const is64 = locator >= 0 && view.getUint32(locator, true) === signatures.locator
  if (!is64) return { count: view.getUint16(at + 10, true), from: view.getUint32(at + 16, true) }
  const end = Number(view.getBigUint64(locator + 8, true))
  if (end > locator - lengths.end64 || view.getUint32(end, true) !== signatures.end64) {
    fail("its directory is not at the stated place")
  }
  return {
    count: Number(view.getBigUint64(end + 32, true)),
    from: Number(view.getBigUint64(end + 48, true)),
  }
}

/** 64-bit numbers of an extra field, in the order of the fields that refer to it. */
const large = (view: DataView, from: number, to: number): ReadonlyArray<number> => {
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    const end = Math.min(to, at + 4 + view.getUint16(at + 2, true))
    const numbers: Array<number> = []
    for (let k = at + 4; k + 8 <= end; k += 8) numbers.push(Number(view.getBigUint64(k, true)))
    return numbers
  }
  return []
}

/** Tests whether a name is empty or would leave the folder in which its archive is unpacked. */
const leadsOut = (name: string): boolean =>
  name === "" ||
  name.startsWith("/") ||
  /^[a-z]:/i.test(name) ||
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  /[\\\0-\u001f]/.test(name) ||
  name.split("/").includes("..")

/**
 * The members of an archive, in the order of its directory; nothing is unpacked yet. Fails with BadArchive if it is truncated,
 * exceeds the bounds, has duplicate or escaping names, or uses another method than deflate.
 */
export const members = (
  path: string,
  bytes: Uint8Array,
  bounds: Bounds = standard,
): Result.Result<ReadonlyArray<Member>, BadArchive> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fail = (reason: string, remedy = again, member?: string): never => {
    throw new BadArchive({ path, ...(member !== undefined && { member }), reason, remedy })
  }
  const entryAt = (at: number): Member & { readonly end: number } => {
    if (at + lengths.entry > bytes.length || view.getUint32(at, true) !== signatures.entry) {
      fail("its directory is damaged")
    }
    const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)]
    const [nameAt, extraAt] = [at + lengths.entry, at + lengths.entry + nameLength]
    const end = extraAt + extraLength + view.getUint16(at + 32, true)
    if (end > bytes.length) fail("its directory is damaged")
    const flags = view.getUint16(at + 8, true)
    const nameBytes = bytes.subarray(nameAt, extraAt)
    const name = new TextDecoder((flags & isUtf8) === 0 ? "latin1" : "utf-8").decode(nameBytes)
    const refuse = (reason: string, remedy: string) => fail(reason, remedy, name)
    if (leadsOut(name)) refuse("its name leads out of the folder", "do not unpack this file")
    if ((flags & isEncrypted) !== 0) refuse("it is encrypted", "write it without a password")
    const method = view.getUint16(at + 10, true)
    if (method !== stored && method !== deflated) {
      refuse(
        `it is compressed by method ${method}, which is not supported`,
        "write it with deflate, or without compression",
      )
    }
    const others = [...large(view, extraAt, extraAt + extraLength)]
    const number = (place: number): number => {
      const small = view.getUint32(place, true)
      return small === elsewhere ? (others.shift() ?? small) : small
    }
    const [size, packed, from] = [number(at + 24), number(at + 20), number(at + 42)]
    const checksum = view.getUint32(at + 16, true)
    const unpacked = () => {
      if (from + lengths.local > bytes.length || view.getUint32(from, true) !== local) {
        return refuse("its data are not at the stated place", again)
      }
      const start =
        from + lengths.local + view.getUint16(from + 26, true) + view.getUint16(from + 28, true)
      if (start + packed > bytes.length)
        return refuse("it ends before its data are complete", again)
      const inside = bytes.subarray(start, start + packed)
      const out = method === stored ? inside : inflated(inside, size)
      if (out?.length !== size) {
        return refuse(`it does not unpack to the stated ${size} bytes`, again)
      }
      if (crc32(out) !== checksum) return refuse("its checksum is wrong: it is damaged", again)
      return out
    }
    return { name, size, end, bytes: () => attempt(unpacked) }
  }
  return attempt(() => {
    if (view.byteLength < lengths.end) fail("it has no directory at its end: it is truncated")
    const { count, from } = directoryOf(view, fail)
    if (count > bounds.members) fail(`it claims ${count} members; the limit is ${bounds.members}`)
    const found = new Map<string, Member>()
    const limit = Math.min(bounds.bytes, unpackedOf(bytes.length))
    let total = 0
    for (let k = 0, at = from; k < count; k++) {
      const { end, ...member } = entryAt(at)
      at = end
      total += member.size
      if (found.has(member.name)) fail("it occurs twice", again, member.name)
      if (total > limit) {
        fail(
          `its ${bytes.length} bytes unpack to more than ${limit}`,
          "give a smaller file, or one without compression",
        )
      }
      found.set(member.name, member)
    }
    return [...found.values()]
  })
}

/** Undefined if the bytes are not deflated, or unpack to more than declared. */
const inflated = (packed: Uint8Array, size: number): Uint8Array | undefined => {
  try {
    // in one piece, which is not copied
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size), chunkSize: size + 64 })
  } catch {
    return undefined
  }
}

const attempt = <A>(run: () => A): Result.Result<A, BadArchive> => {
  try {
    return Result.succeed(run())
  } catch (error) {
    if (error instanceof BadArchive) return Result.fail(error)
    throw error
  }
}
