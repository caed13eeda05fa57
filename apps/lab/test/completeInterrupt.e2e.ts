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

/** A folder with a table of 400 x 300 and rank 40, of which about half is observed: minutes of work. */
const folderWithTable = (): string => {
  const folder = temporary()
  const stream = RandomStream.make(Seed.root(1))
  const patterns = (count: number) =>
    Array.from({ length: count }, () => Array.from({ length: 40 }, () => stream.normal()))
  const [left, right] = [patterns(400), patterns(300)]
  const lines = left.map((u) =>
    right
      .map((v) => (stream.uniform() < 0.5 ? u.reduce((sum, x, k) => sum + x * v[k]!, 0) : ""))
      .join(","),
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
