import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { worstCase } from "../../src/index.ts"
import { ofClasses } from "./ClassMethods.ts"
import { closedForms } from "./ClosedForms.ts"
import { further } from "./FurtherMethods.ts"
import { asPepit } from "./PepitAnswers.ts"

const pepit = JSON.parse(
  readFileSync(join(import.meta.dirname, "../fixtures/pepit.json"), "utf8"),
) as { readonly cases: Readonly<Record<string, { readonly value: number }>> }

describe("known answers", () => {
  it.each(closedForms)("%s", (_, method, expected) => {
    const { bound, found } = worstCase(method)
    assert.approximately(bound, expected, 1e-6 * expected)
    assert.approximately(found, expected, 1e-6 * expected)
  })

  it.each(Object.entries({ ...asPepit, ...further, ...ofClasses }))(
    "%s, as PEPit",
    (name, method) => {
      const { bound } = worstCase(method)
      const { value } = pepit.cases[name]!
      assert.approximately(bound, value, 1e-6 * (Math.abs(value) || 1))
    },
  )

  it("leaves no case of the fixture out", () => {
    assert.deepStrictEqual(
      Object.keys({ ...asPepit, ...further, ...ofClasses }).toSorted(),
      Object.keys(pepit.cases).toSorted(),
    )
  })
})
