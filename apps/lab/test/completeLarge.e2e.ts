/** What `complete` says of more than it takes. */
import * as Npy from "@nonconvex/datasets/Npy"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

describe("complete, of very many observations,", () => {
  it.live("refuses more than it takes, before anything is made of them", () =>
    Effect.gen(function* () {
      const shape = [2 ** 13 + 1, 2 ** 12]
      const values = new Float64Array(shape[0]! * shape[1]!)
      values[7] = Number.NaN
      const path = join(temporary(), "zeros.npy")
      writeFileSync(path, Npy.encode({ shape, data: { _tag: "Numbers", values } }))
      const { code, stderr, stdout } = yield* nonconvex([], ["complete", path, "--quiet"])
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.strictEqual(
        stderr.trim(),
        `nonconvex: ${path}: more than 33554432 observations, the limit of complete; use some of the rows or columns`,
      )
    }),
  )
})
