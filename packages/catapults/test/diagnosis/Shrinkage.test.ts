/** How much shorter Adam's steps are after the gradient of one bad batch: by what a log tells, and by taking them. */
import { assert, describe, it } from "vitest"
import * as Vector from "@nonconvex/numerics/Vector"
import { adamW } from "@nonconvex/problems/AdamW"
import { shrinkageOf } from "../../src/diagnosis/Shrinkage.ts"
import { diagnoseLog } from "../../src/index.ts"

const at = 3000
const norms = (bad: number) =>
  Float64Array.from({ length: at + 60 }, (_, k) => (k === at ? bad : 1))

/** The length of a step over that before, once the velocity has forgotten the bad gradient: 50 steps after it. */
const taken = (bad: number, beta2: number, epsilon: number): number => {
  const update = adamW({ learningRate: 1e-3, beta2, epsilon })
  const state = update.init(1)
  const point = new Float64Array(1)
  const lengths = norms(bad).map((norm) => {
    const before = point.slice()
    update.apply(state, point, Float64Array.of(norm))
    return Vector.norm(point.map((x, i) => x - before[i]!))
  })
  return lengths[at - 1]! / lengths[at + 50]!
}

describe("the steps of Adam after a bad batch", () => {
  it.each([
    [100, 0.999, 1e-8],
    [20, 0.99, 1e-8],
    [100, 0.999, 1],
    [5, 0.999, 1e-8],
  ])("are as much shorter as is said, gradient %f, beta2 %f, epsilon %f", (bad, beta2, epsilon) => {
    const gradientNorms = norms(bad)
    const losses = gradientNorms.map((norm) => norm)
    const steps = losses.map((_, k) => k)
    const optimizer = { name: "adam", beta1: 0.9, beta2, epsilon } as const
    const log = { steps, losses, gradientNorms, optimizer, batch: 16 }
    const [event] = diagnoseLog(log).events
    const said = shrinkageOf(log, event!.evidence)!.times
    // over 50 steps the average of squares forgets beta2^50 of it
    const forgotten = beta2 ** 25
    assert.closeTo(said / taken(bad, beta2, epsilon), 1, 1.05 / forgotten - 1)
    assert.strictEqual(event!.kind, "data spike")
    assert.strictEqual(/times shorter/.test(event!.advice), said > 1.5)
  })

  it("are not spoken of where the steps are others, or no norm tells", () => {
    const losses = norms(100)
    const log = { steps: losses.map((_, k) => k), losses, gradientNorms: losses, batch: 16 }
    for (const optimizer of [undefined, { name: "sgd" } as const]) {
      const [event] = diagnoseLog({ ...log, optimizer }).events
      assert.strictEqual(shrinkageOf({ ...log, optimizer }, event!.evidence), undefined)
    }
  })
})
