import { assert, describe, it } from "@effect/vitest"
import { join } from "node:path"
import * as Command from "../src/Command.ts"

const main = join(import.meta.dirname, "../src/main.ts")

describe("main", () => {
  it("exits with 1 and its usage on an unknown option", async () => {
    const { code, output } = await Command.run(process.execPath, [main, "--libtensorflaw", "x"])
    assert.strictEqual(code, 1)
    assert.include(output, "usage: npm run native")
  })

  it("exits with 2 where there is no libtensorflow, and says what to do", async () => {
    const { code, output } = await Command.run(process.execPath, [
      main,
      "--libtensorflow",
      "/nowhere",
    ])
    assert.strictEqual(code, 2)
    assert.include(output, "there is no /nowhere\nGive a folder, a .tar.gz or a .whl that exists.")
  })

  it("says how to use it", async () => {
    const { code, output } = await Command.run(process.execPath, [main, "--help"])
    assert.strictEqual(code, 0)
    assert.include(output, "--into")
  })
})
