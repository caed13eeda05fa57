import { assert, describe, it } from "vitest"
import { changelogProblems, problems } from "../src/checks/changesets.ts"

const note = (head: string, summary = "Add a claim.") => `---\n${head}\n---\n\n${summary}\n`
const of = (text: string) => problems(text, ["@nonconvex/a"])

describe("a changeset", () => {
  it("names packages and kinds of release, and says what changed", () => {
    assert.deepStrictEqual(of(note('"@nonconvex/a": minor')), [])
    assert.deepStrictEqual(of(note("'@nonconvex/a': patch")), [])
  })

  it.for([
    ["Add a claim.", /has no head/],
    [note('"@nonconvex/b": minor'), /@nonconvex\/b is no package/],
    [note('"@nonconvex/a": huge'), /huge is no kind of release/],
    [note('"@nonconvex/a" minor'), /cannot read "@nonconvex\/a" minor/],
    [note('"@nonconvex/a": minor', ""), /has no summary/],
    [note('"@nonconvex/a": minor', "word ".repeat(101)), /more than 100 words/],
  ] as const)("is refused: %s", ([text, reason]) => {
    assert.match(of(text).join(), reason)
  })
})

describe("the changelog", () => {
  it("has a section of the version of the packages", () => {
    assert.deepStrictEqual(changelogProblems("# Changelog\n\n## 0.2.0\n", "0.2.0"), [])
    assert.match(changelogProblems("# Changelog\n\n## 0.2.0\n", "0.2").join(), /has no section/)
  })
})
