import { assert, describe, it } from "@effect/vitest"
import * as Frame from "../../src/drawing/Frame.ts"

const frame = { x: [0, 100], y: [0.01, 100] } as const

describe("the frame of a figure", () => {
  it("is told in an address, and nothing else is read as one", () => {
    assert.deepStrictEqual(Frame.parse(Frame.format(frame)), { x: [0, 100], y: [0.01, 100] })
    for (const text of ["", "yes", "1~2~3", "2~1~3~4", "1~2~3~3", "1~2~3~Infinity", "a~b~c~d"]) {
      assert.isUndefined(Frame.parse(text), text)
    }
  })

  it("is moved and scaled, on a logarithmic axis by factors", () => {
    const scales = { x: "linear", y: "log" } as const
    const nearer = Frame.moved(frame, scales, { factor: 0.5 })
    assert.deepStrictEqual(nearer.x, [25, 75])
    assert.closeTo(nearer.y[0], 0.1, 1e-12)
    assert.closeTo(nearer.y[1], 10, 1e-12)
    const right = Frame.moved(frame, scales, { across: 0.25, up: 0.25 })
    assert.deepStrictEqual(right.x, [25, 125])
    assert.closeTo(right.y[0], 0.1, 1e-12)
    assert.closeTo(right.y[1], 1000, 1e-9)
  })
})
