import { assert, describe, it } from "vitest"
import * as Changelog from "../src/Changelog.ts"
import { root } from "./support/Told.ts"

describe("Changelog", () => {
  it("takes a note for the greatest of its bumps, and names the packages of that", () => {
    const text = '---\n"@nonconvex/lab": minor\n"@nonconvex/store": patch\n---\n\nRuns are kept.\n'
    assert.deepStrictEqual(Changelog.noteOf(text), {
      bump: "minor",
      packages: ["lab"],
      text: "Runs are kept.",
    })
  })

  it("reads what the release tool wrote, without what only follows from other packages", () => {
    const text = [
      "# @nonconvex/lab",
      "",
      "## 0.2.0",
      "",
      "### Minor Changes",
      "",
      "- 1a2b3c4: Runs are kept.",
      "",
      "  In a file.",
      "",
      "### Patch Changes",
      "",
      "- Updated dependencies [1a2b3c4]",
      "  - @nonconvex/store@0.2.0",
      "",
    ].join("\n")
    assert.deepStrictEqual(Changelog.released("lab", text), [
      ["0.2.0", { bump: "minor", packages: ["lab"], text: "Runs are kept.\n\nIn a file." }],
    ])
  })

  it("has every note that is not released", () => {
    const text = Changelog.write(root)
    assert.match(text, /^# Changelog\n/)
    assert.include(text, "## Not released yet\n\n### What is new")
    assert.include(text, "`Rational`: fractions of whole numbers of any length")
  })
})
