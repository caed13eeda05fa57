/** A completion that takes long, ended before it is done. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { once } from "node:events"
import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { errors, start } from "./support/Process.ts"

/** A folder with noise of 400 x 300 of which about half is observed: long work. */
const folderWithTable = (): string => {
  const folder = temporary()
  const stream = RandomStream.make(Seed.root(1))
  const lines = Array.from({ length: 400 }, () =>
    Array.from({ length: 300 }, () => (stream.uniform() < 0.5 ? stream.normal() : "")).join(","),
  )
  writeFileSync(join(folder, "table.csv"), lines.join("\n"))
  return folder
}

describe("complete, interrupted", () => {
  it.live("ends with 130 and leaves no file", () =>
    Effect.gen(function* () {
      const folder = folderWithTable()
      const { code, stderr, stdout } = yield* nonconvex(
        [],
        ["complete", join(folder, "table.csv"), "--save", join(folder, "filled.csv")],
        Effect.sleep("3 seconds"),
      )
      assert.deepStrictEqual([code, stdout, stderr], [130, "", ""])
      assert.deepStrictEqual(readdirSync(folder), ["table.csv"])
    }),
  )

  it("ends at Ctrl-C, long before its work would, as a shell sees it with 130", async () => {
    const folder = folderWithTable()
    const args = ["complete", "table.csv", "--save", "filled.csv"]
    const { child, ended } = start("toy", args, folder)
    // its first line of progress
    await once(child.stderr!, "data")
    child.kill("SIGINT")
    const { code, stderr, stdout } = await ended
    assert.strictEqual(code, 130)
    assert.deepStrictEqual([errors(stderr), stdout], [[], ""])
    assert.deepStrictEqual(readdirSync(folder), ["table.csv"])
  })
})
