/** Writes golden/traces.json and golden/traces.npz: node --conditions=source scripts/golden.ts */
import * as Npy from "@nonconvex/datasets/Npy"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { crc32 } from "node:zlib"
import { arraysOf, documentOf, traces } from "../test/support/Golden.ts"

const folder = join(import.meta.dirname, "../golden")

/** An archive without compression, and without times, so that the same arrays make the same bytes. */
const archive = (files: ReadonlyMap<string, Uint8Array>): Buffer => {
  const central: Array<Buffer> = []
  const local: Array<Buffer> = []
  let offset = 0
  for (const [name, content] of files) {
    const title = Buffer.from(name)
    // what both headers have: version, flags, method, time, date (1 January 1980), checksum, sizes, length of the name
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(title.length, 22)
    const placed = Buffer.alloc(14)
    placed.writeUInt32LE(offset, 10)
    local.push(Buffer.from("PK\u0003\u0004"), common, title, Buffer.from(content))
    central.push(Buffer.from("PK\u0001\u0002\u0014\u0000"), common, placed, title)
    offset += 30 + title.length + content.length
  }
  const size = central.reduce((sum, { length }) => sum + length, 0)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.size, 4)
  end.writeUInt16LE(files.size, 6)
  end.writeUInt32LE(size, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...local, ...central, Buffer.from("PK\u0005\u0006"), end])
}

const all = traces()
const rows = (value: unknown): string =>
  // a vector is one line
  JSON.stringify(value, null, 1).replaceAll(/\[[^[\]{}]*\]/g, (vector) =>
    vector.replaceAll(/\s+/g, " "),
  )
writeFileSync(join(folder, "traces.json"), `${rows(documentOf(all))}\n`)
const arrays = [...arraysOf(all)].map(
  ([name, array]) => [`${name}.npy`, Npy.encode(array)] as const,
)
writeFileSync(join(folder, "traces.npz"), archive(new Map(arrays)))
