import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { type Method, Methods } from "../../src/index.ts"
import { estimateWorstCase } from "../../src/operations/index.ts"

const method: Method = Methods.gradientDescent({
  steps: 4,
  rate: 1,
  class: { class: "smooth-convex", L: 1 },
})

describe("a worst case as an operation", () => {
  it("reports its steps, and proves the bound where that is asked", () => {
    const steps: Array<number> = []
    const { bound, certificate, order } = estimateWorstCase.run(
      { method, isProved: true },
      { kernels: Kernels.strict(), report: (progress) => steps.push(progress.steps) },
    )
    assert.approximately(bound, 1 / 18, 1e-8)
    assert.deepStrictEqual([certificate?.bound, order], ["1/18", 6])
    assert.deepStrictEqual(steps.slice(0, 3), [20, 40, 60])
  })

  it("gives strict kernels and plain loops the same bits, and takes no others", () => {
    const [strict, reference] = [Kernels.strict(), Kernels.reference()].map((kernels) =>
      Kernels.onlyGiven(() =>
        estimateWorstCase.run({ method, isProved: true }, { kernels, report: () => undefined }),
      ),
    )
    assert.deepStrictEqual(strict, reference)
  })
})
