import { readFileSync } from "node:fs"
import { join } from "node:path"
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

  it("has the notes that wait above the releases, once", () => {
    const released = "# Changelog\n\nOne version for all.\n\n## 0.2.0\n\n- Runs.\n"
    const note = { bump: "minor", packages: ["lab", "store"], text: "Runs are kept." } as const
    const waiting = Changelog.withNotes(released, [note])
    assert.strictEqual(
      waiting,
      "# Changelog\n\nOne version for all.\n\n## Not released yet\n\n### What is new\n\n- **lab, store**: Runs are kept.\n\n## 0.2.0\n\n- Runs.\n",
    )
    assert.strictEqual(Changelog.withNotes(waiting, [note]), waiting)
    assert.strictEqual(Changelog.withNotes(waiting, []), released)
  })

  it("names the version of the packages", () => {
    const { version } = JSON.parse(
      readFileSync(join(root, "packages/evidence/package.json"), "utf8"),
    ) as { readonly version: string }
    assert.match(
      Changelog.read(root),
      new RegExp(String.raw`^# Changelog\n.*^## ${version}\n`, "ms"),
    )
  })
})
