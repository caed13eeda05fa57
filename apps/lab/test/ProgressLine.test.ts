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

  it("goes by time where that is estimated", () => {
    const estimated = { fraction: 0.25, left: 98, isRough: false }
    assert.strictEqual(
      Line.render({ ...half, note: "", estimated }),
      "verify [#####---------------] 1 240/2 480 runs, 310/s, about 1 min 40 s left",
    )
    const { unit: _, ...rest } = half
    assert.strictEqual(
      Line.render({ ...rest, note: "", estimated: { ...estimated, isRough: true } }),
      "verify [#####---------------] 25 %, very roughly 1 min 40 s left",
    )
    assert.strictEqual(
      Line.render({ ...rest, done: 2480, note: "", estimated }),
      "verify [####################] 100 %, in 5.0 s",
    )
  })

  it.each([
    [0.2, "1 s"],
    [7.4, "7 s"],
    [32, "30 s"],
    [61, "1 min"],
    [128, "2 min 10 s"],
    [1000, "17 min"],
    [7300, "2 h 2 min"],
    [7210, "2 h"],
  ])("says no more of %f s than is known", (left, words) => {
    const estimated = { fraction: 0.25, left, isRough: false }
    assert.include(Line.render({ ...half, estimated }), `, about ${words} left,`)
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
