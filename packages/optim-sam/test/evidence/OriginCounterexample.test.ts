/** The orbit that intervals follow is that of SAM itself, and does what is shown of it for as long as one looks. */
import { sam } from "@nonconvex/problems/Sam"
import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
import { sgd } from "@nonconvex/problems/Sgd"
import { assert, describe, it } from "vitest"
import { originCounterexample } from "../../src/evidence/support/OriginCounterexample.ts"

describe("the orbit beside the diagonal", () => {
  const { actual, steps } = originCounterexample()
  const start = Float64Array.of(10, 10.001)
  const method = sam({ radius: 1, base: sgd({ learningRate: 1 / (100 + 10.001 * 10.001) }) })

  it("is that of the method, within the digits that are printed", () => {
    const printed = /after (\d+) steps .* is in \[(.+), (.+)\] and y - x in \[(.+), (.+)\]/
    const [count, low, high, least, most] = printed.exec(steps[0]!)!.slice(1).map(Number)
    const state = method.init(scalarFactorisation(), start)
    for (let k = 0; k < count!; k++) method.step(state)
    const [x, y] = state.point
    assert.isTrue(low! <= x! + y! && x! + y! <= high!, `${x! + y!} in [${low}, ${high}]`)
    assert.isTrue(least! <= y! - x! && y! - x! <= most!, `${y! - x!} in [${least}, ${most}]`)
  })

  it("keeps away from the origin by what is said, in every second step", () => {
    const state = method.init(scalarFactorisation(), start)
    for (let k = 0; k < 193; k++) method.step(state)
    let before = Infinity
    for (let k = 0; k < 10_000; k++) {
      const far = Math.hypot(state.point[0]!, state.point[1]!)
      assert.isAtLeast(Math.max(before, far), actual.low)
      before = far
      method.step(state)
    }
  })
})
