/** Code asks kernels what they promise, and never for their name. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Files from "@nonconvex/nx-plugin/Files"
import { assert, describe, it } from "vitest"

const root = join(import.meta.dirname, "../../..")

/** A comparison with the name of kernels, on either side. */
const branch =
  /(?:name\s*[!=]==\s*"(?:strict|relaxed|compiled|reference|native)")|(?:"(?:strict|relaxed|compiled|reference|native)"\s*[!=]==)/

describe("kernels", () => {
  it.each(['kernels.name === "strict"', 'name !== "relaxed"', '"compiled" === kernels.name'])(
    "are asked for their name by %s",
    (text) => assert.match(text, branch),
  )

  it("are not asked for their name by any source", () => {
    const asking = Files.list(root)
      .filter((file) => /^(?:packages|apps)\/[^/]+\/src\/.*\.tsx?$/.test(file))
      .filter((file) => branch.test(readFileSync(join(root, file), "utf8")))
    assert.deepStrictEqual(asking, [])
  })
})
