import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { assert, describe, it } from "vitest"

const builds = [Kernels.strict(), RelaxedKernels.relaxed(), Kernels.reference()]

describe("runs on products of matrices", () => {
  const small = {
    widths: Int32Array.of(2, 1, 1),
    matrices: Float64Array.of(1, 2),
    targets: Float64Array.of(1),
    noise: 0.1,
    rate: 0.1,
  }
  const point = () => Float64Array.of(1, 2, 3)
  const epsilon = [new Float64Array(4)]

  it.each([
    ["one layer", { ...small, widths: Int32Array.of(2, 1) }, epsilon],
    ["a rate that overflows", { ...small, rate: 1e200 }, epsilon],
    ["noise for no steps", small, [new Float64Array(3)]],
    ["noise for no runs", small, undefined],
  ] as const)("refuse %s", (_, given, noise) => {
    for (const { descendLayers } of builds)
      assert.throws(() => descendLayers(given, 4, [point()], noise), /Kernels.descendLayers/)
  })

  it.each([
    ["a row that there is not", { rows: Uint32Array.of(0, 1), labels: new Float64Array(2) }],
    ["rows for no steps", { rows: Uint32Array.of(0), labels: new Float64Array(2) }],
    ["labels for no steps", { rows: Uint32Array.of(0, 0), labels: new Float64Array(3) }],
    ["a batch of no rows", { rows: undefined, batch: 2, labels: new Float64Array(2) }],
  ] as const)("too large for lanes refuse %s", (_, chosen) => {
    const given = { ...small, batch: 1, longest: 1e9, ...chosen }
    for (const { descendChain } of builds)
      assert.throws(() => descendChain(given, 2, point()), /Kernels.descendChain/)
  })

  it("stop before a step that is too long", () => {
    const given = {
      ...small,
      batch: 1,
      rows: undefined,
      labels: Float64Array.of(100),
      longest: 1e-9,
    }
    for (const { descendChain } of builds) {
      const at = point()
      assert.strictEqual(descendChain(given, 3, at), 0)
      assert.deepStrictEqual(at, point())
    }
  })
})
