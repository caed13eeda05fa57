import { assert, describe, it } from "vitest"
import { unread } from "../src/checks/theory.ts"

const file = "packages/example/src/theory/Theory.ts"
const source = "export const a = 1\nexport const b = 2\nexport type C = number\n"

describe("theory", () => {
  it("names what no claim reads, and no types", () => {
    const claim = 'import * as Theory from "../../theory/Theory.ts"\nTheory.a\n'
    assert.match(unread(file, source, [claim]).join("\n"), /^[^\n]*: no claim reads b;[^\n]*$/)
    assert.deepStrictEqual(
      unread(file, source, [claim, 'import { b } from "../../theory/Theory.ts"']),
      [],
    )
  })

  it("takes the claim that a docblock names, if there is one", () => {
    const named = "/** A bound (claim of-methods). */\nexport const a = 1\n"
    const claim = 'claim({ id: "example/of-methods" })'
    assert.deepStrictEqual(unread(file, named, [claim]), [])
    assert.lengthOf(unread(file, named, ['claim({ id: "example/of-others" })']), 1)
    assert.lengthOf(unread(file, `${named}export const b = 2\n`, [claim]), 1)
  })

  it("counts no other value of that name", () => {
    assert.lengthOf(unread(file, source, ["const a = 1, b = 2"]), 2)
  })
})
