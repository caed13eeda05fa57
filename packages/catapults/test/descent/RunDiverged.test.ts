import { assert, describe, it } from "vitest"
import { RunDiverged } from "../../src/descent/RunDiverged.ts"

describe("RunDiverged", () => {
  it("never sends back with a larger rate, and says nothing of a ratio that was not measured", () => {
    const failure = (ratio: number) =>
      new RunDiverged({ step: 3, loss: Number.NaN, learningRate: 0.1, ratio }).message
    assert.match(
      failure(2),
      /0\.1, 2 times the critical rate; return to a checkpoint and use 0\.045$/,
    )
    assert.match(
      failure(0.5),
      /0\.1, 0\.5 times the critical rate; return to a checkpoint and use 0\.05$/,
    )
    assert.match(
      failure(Number.NaN),
      /the learning rate 0\.1; return to a checkpoint and use 0\.05$/,
    )
  })
})
