import { assert, describe, it } from "@effect/vitest"
import * as Line from "../src/cli/ProgressLine.ts"

const half = {
  label: "verify",
  done: 1240,
  total: 2480,
  unit: "runs",
  note: "worst margin 0.01",
  seconds: 5,
  rate: 310,
}

describe("ProgressLine", () => {
  it("shows done, total, rate, time left and the note", () => {
    assert.strictEqual(
      Line.render(half),
      "verify [##########----------] 1 240/2 480 runs, 310/s, 4.0 s left, worst margin 0.01",
    )
  })

  it("shows how long it took once it is done", () => {
    assert.strictEqual(
      Line.render({ ...half, done: 2480, note: "" }),
      "verify [####################] 2 480/2 480 runs, 310/s, in 5.0 s",
    )
  })

  it("tells no rate and no time left before there is a rate", () => {
    const { rate: _, ...early } = half
    assert.strictEqual(
      Line.render({ ...early, done: 12, note: "" }),
      "verify [--------------------] 12/2 480 runs",
    )
  })

  it("shows a percentage where nothing is counted", () => {
    const { unit: _, ...rest } = half
    assert.strictEqual(
      Line.render({ ...rest, done: 1, total: 3, rate: 0.25, note: "" }),
      "verify [#######-------------] 33 %, 8.0 s left",
    )
  })

  it("never divides by an unknown total", () => {
    assert.strictEqual(
      Line.render({ ...half, done: 7, total: 0, rate: 1.75, note: "" }),
      "verify 7 runs, 1.75/s, 5.0 s so far",
    )
  })

  it("fits the terminal", () => {
    assert.strictEqual(Line.fit("0123456789", 20), "0123456789")
    assert.strictEqual(Line.fit("0123456789", 8), "012345…")
    assert.isBelow(Line.fit("0123456789", 8).length, 8)
  })
})
