import { assert, describe, it } from "vitest"
import { readFileSync, writeFileSync } from "node:fs"
import { csvOf } from "../support/logs/Csv.ts"
import { train } from "../support/logs/Training.ts"

const path = new URL("../../examples/raised-rate.csv", import.meta.url)

describe("the log of the example", () => {
  it("is of a training on full batches, whose rate was raised seven times at step 60", () => {
    const schedule = (step: number) => (step < 60 ? 1 : 7)
    const trained = train({
      network: "tanh",
      optimizer: "sgd",
      rate: 0.5,
      schedule,
      steps: 120,
      seed: 1,
    })
    const text = csvOf(trained, {
      steps: "step",
      losses: "train_loss",
      learningRates: "lr",
      squaredNorms: "grad_sq",
      products: "grad_dot_previous",
    })
    if (process.env["UPDATE"] !== undefined) writeFileSync(path, text)
    assert.strictEqual(readFileSync(path, "utf8"), text)
  })
})
