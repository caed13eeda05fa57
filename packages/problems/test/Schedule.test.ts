import { assert, describe, it } from "vitest"
import * as Schedule from "../src/Schedule.ts"

describe("schedules", () => {
  it.each([
    ["a number", Schedule.from("sgd", "learningRate", 0.3), [0.3, 0.3, 0.3]],
    ["itself", Schedule.from("sgd", "learningRate", (step) => step / 2), [0, 0.5, 1]],
    ["constant", Schedule.from("test", "rate", 2), [2, 2, 2]],
    ["piecewise", Schedule.piecewise(1, 0.1, [1, 2]), [1, 0.1, 0.010000000000000002]],
  ])("%s", (_, schedule, expected) => {
    assert.deepStrictEqual([0, 1, 2].map(schedule), expected)
  })

  it("the cosine starts at its initial value, is half of it in the middle, and ends at 0", () => {
    const schedule = Schedule.cosine(2, 10)
    assert.strictEqual(schedule(0), 2)
    assert.approximately(schedule(5), 1, 1e-15)
    assert.strictEqual(schedule(10), 0)
    assert.strictEqual(schedule(1e9), 0)
    for (let step = 0; step < 10; step++) assert.isAbove(schedule(step), schedule(step + 1))
  })
})
