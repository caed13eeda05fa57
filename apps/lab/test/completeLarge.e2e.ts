/** What `complete` says of more than it takes. */
import * as Npy from "@nonconvex/datasets/Npy"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Zip, type ZipInputFile } from "fflate"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { crc32, deflateRawSync } from "node:zlib"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

/** An archive of one member; what Node packs itself is there at once, and of hundreds of megabytes the library would make seconds. */
const archived = (filename: string, bytes: Uint8Array): Uint8Array => {
  const parts: Array<Uint8Array> = []
  const zip = new Zip((_, part) => parts.push(part))
  const member: ZipInputFile = { filename, size: bytes.length, crc: crc32(bytes), compression: 8 }
  zip.add(member)
  member.ondata!(null, deflateRawSync(bytes, { level: 1 }), true)
  zip.end()
  return Buffer.concat(parts)
}

describe("complete, of very many observations,", () => {
  it.live("refuses more than it takes, before anything is made of them", () =>
    Effect.gen(function* () {
      const shape = [2 ** 13 + 1, 2 ** 12]
      const values = new Float64Array(shape[0]! * shape[1]!)
      values[7] = Number.NaN
      const path = join(temporary(), "zeros.npz")
      const bytes = Npy.encode({ shape, data: { _tag: "Numbers", values } })
      writeFileSync(path, archived("x.npy", bytes))
      const { code, stderr, stdout } = yield* nonconvex([], ["complete", path, "--quiet"])
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.strictEqual(
        stderr.trim(),
        `nonconvex: ${path}: more than 33554432 observations, the limit of complete; use some of the rows or columns`,
      )
    }),
  )
})
