import { assert, describe, it } from "vitest"
import { AmbiguousControl, claim, Draw, type Control } from "../src/index.ts"
import { source } from "./support/Numbers.ts"

const trial = { instances: Draw.record({ n: Draw.integer(0, 9) }), margin: () => 1 }

const withControls = (...names: readonly [string, ...string[]]) => {
  const control = (name: string): Control<{ readonly n: number }> => ({ name, ...trial })
  const [first, ...rest] = names
  return claim({
    id: "test/names",
    statement: "Digits are digits.",
    source,
    ...trial,
    controls: [control(first), ...rest.map(control)],
  })
}

describe("claim", () => {
  it("says what it is without its instances", () => {
    const { controls, id, statement } = withControls("iid noise", "no decay")
    assert.deepStrictEqual(
      { controls, id, statement },
      { controls: ["iid noise", "no decay"], id: "test/names", statement: "Digits are digits." },
    )
  })

  it("refuses controls that a replay token could not tell apart", () => {
    assert.throws(
      () => withControls("rate < 2", "rate > 2"),
      AmbiguousControl,
      `test/names: the control "rate > 2" needs a name that differs from the others in letters or digits`,
    )
    assert.throws(() => withControls("same", "same"), AmbiguousControl)
    assert.throws(() => withControls("≠"), AmbiguousControl)
  })
})
