import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { zipSync } from "fflate"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Npz from "../src/Npz.ts"
import * as Zip from "../src/Zip.ts"

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

const archive = zipSync({ "a/b.txt": text("hello hello hello"), c: [text("stored"), { level: 0 }] })

const failureOf = (
  bytes: Uint8Array,
  bounds?: NonNullable<Parameters<typeof Zip.members>[2]>,
): string =>
  String(
    Result.getFailure(
      Result.flatMap(Zip.members("a.zip", bytes, bounds), (members) =>
        Result.all(members.map((member) => member.bytes())),
      ),
    ),
  )

/** The archive with other bytes at a place of the nth record that begins with a signature. */
const patched = (
  whole: Uint8Array,
  signature: number,
  at: number,
  bytes: ReadonlyArray<number>,
  nth = 0,
) => {
  const copy = whole.slice()
  const view = new DataView(copy.buffer)
  let seen = 0
  for (let k = 0; k + 4 <= copy.length; k++) {
    if (view.getUint32(k, true) === signature && seen++ === nth) {
      copy.set(bytes, k + at)
      return copy
    }
  }
  throw new Error("there is no such record")
}

const [entry, end, local] = [0x02014b50, 0x06054b50, 0x04034b50]

describe("archives", () => {
  it("are read member by member, packed or not", () => {
    const members = Result.getOrThrow(Zip.members("a.zip", archive))
    assert.deepStrictEqual(
      members.map(({ bytes, name }) => [
        name,
        new TextDecoder().decode(Result.getOrThrow(bytes())),
      ]),
      [
        ["a/b.txt", "hello hello hello"],
        ["c", "stored"],
      ],
    )
  })

  it("are read with large offsets, as NumPy writes them", () => {
    const bytes = readFileSync(join(import.meta.dirname, "fixtures", "tables", "stored.npz"))
    const members = Result.getOrThrow(Zip.members("stored.npz", bytes))
    assert.deepStrictEqual(
      members.map(({ name }) => name),
      ["a.npy", "b.npy"],
    )
  })

  it.each<{
    what: string
    bytes: Uint8Array
    says: RegExp
    bounds?: NonNullable<Parameters<typeof Zip.members>[2]>
  }>([
    { what: "nothing", bytes: new Uint8Array(), says: /truncated; fetch or write the file again/ },
    {
      what: "an archive without its end",
      bytes: archive.subarray(0, -10),
      says: /it is truncated/,
    },
    {
      what: "an archive without its beginning",
      bytes: archive.subarray(40),
      says: /damaged|not at the stated place/,
    },
    {
      what: "a directory beyond the file",
      bytes: patched(archive, end, 16, [255, 255, 255, 127]),
      says: /directory is damaged/,
    },
    {
      what: "more members than there are",
      bytes: patched(archive, end, 10, [255, 255]),
      says: /directory is damaged/,
    },
    {
      what: "too many members",
      bytes: archive,
      bounds: { members: 1, bytes: 100 },
      says: /claims 2 members; the limit is 1/,
    },
    {
      what: "more bytes than may be",
      bytes: archive,
      bounds: { members: 9, bytes: 20 },
      says: /unpack to more than 20;/,
    },
    {
      what: "gigabytes that it claims",
      bytes: patched(archive, entry, 24, [255, 255, 255, 240]),
      says: /unpack to more than 268435456;/,
    },
    {
      what: "fewer bytes than it unpacks to",
      bytes: patched(archive, entry, 24, [3, 0, 0, 0]),
      says: /"a\/b\.txt": it does not unpack to the stated 3 bytes/,
    },
    {
      what: "more bytes than it unpacks to",
      bytes: patched(archive, entry, 24, [99, 0, 0, 0]),
      says: /does not unpack to the stated 99 bytes/,
    },
    {
      what: "data that are damaged",
      bytes: patched(archive, local, 31, [120], 1),
      says: /member "c": its checksum is wrong/,
    },
    {
      what: "data beyond the file",
      bytes: patched(archive, entry, 42, [255, 255, 255, 127]),
      says: /data are not at the stated place/,
    },
    {
      what: "data longer than the file",
      bytes: patched(archive, entry, 20, [255, 255, 255, 127]),
      says: /ends before its data are complete/,
    },
    {
      what: "a member that is encrypted",
      bytes: patched(archive, entry, 8, [1]),
      says: /it is encrypted; write it without a password/,
    },
    {
      what: "another method",
      bytes: patched(archive, entry, 10, [12]),
      says: /compressed by method 12, .*; write it with deflate/,
    },
    {
      what: "a path out of the folder",
      bytes: zipSync({ "../x.npy": text("") }),
      says: /"\.\.\/x\.npy": its name leads out of the folder/,
    },
    {
      what: "a path from the root",
      bytes: zipSync({ "/x.npy": text("") }),
      says: /leads out of the folder/,
    },
    {
      what: "a path of another system",
      bytes: zipSync({ "a\\..\\x.npy": text("") }),
      says: /leads out of the folder/,
    },
    {
      what: "the same name twice",
      bytes: patched(zipSync({ a: text("1"), b: text("2") }), entry, 46, [97], 1),
      says: /member "a": it occurs twice/,
    },
  ])("are refused: $what", ({ bounds, bytes, says }) => {
    assert.match(failureOf(bytes, bounds), says)
  })

  it("are refused as arrays where they hold anything else", () => {
    const error = Result.getFailure(Npz.decode(archive, "a.zip"))
    assert.match(String(error), /member "a\/b\.txt": it is not a NumPy array/)
  })
})
