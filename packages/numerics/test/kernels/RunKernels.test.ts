import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { assert, describe, it } from "vitest"

const builds = [Kernels.strict(), RelaxedKernels.relaxed(), Kernels.reference()]

describe("descendMonotone", () => {
  const steps: Kernels.MonotoneSteps = {
    isExtra: false,
    rows: 1,
    columns: 2,
    sets: [
      { kind: "ball", extent: 1 },
      { kind: "simplex", extent: 1 },
    ],
    step: 0.1,
    strength: 0.1,
    until: -1,
    modulus: 0,
    doubt: Number.NaN,
    goal: -1,
    slack: 0,
    accuracy: -1,
  }
  const run = (length: number, center?: Float64Array): Kernels.MonotoneRun => ({
    matrix: Float64Array.of(1, -1),
    saddle: new Float64Array(3),
    center,
    errors: new Float64Array(3),
    point: new Float64Array(length),
    mean: { sum: new Float64Array(3), compensation: new Float64Array(3) },
  })

  it.each([
    ["a point of another length", steps, [run(2)]],
    ["a center of some", steps, [run(3), run(3, new Float64Array(3))]],
    ["a goal for no best candidate", { ...steps, goal: 1 }, [run(3)]],
    ["a step of 0", { ...steps, step: 0 }, [run(3)]],
    [
      "an accuracy in a set without bound",
      { ...steps, accuracy: 1, sets: [{ kind: "whole", extent: Infinity }, steps.sets[1]] },
      [run(3)],
    ],
    [
      "a negative radius",
      { ...steps, sets: [{ kind: "ball", extent: -1 }, steps.sets[1]] },
      [run(3)],
    ],
  ] as const)("refuses %s", (_, given, runs) => {
    for (const { descendMonotone } of builds)
      assert.throws(() => descendMonotone(given, 5, runs), /Kernels.descendMonotone/)
  })

  it("says where the next step settles all residuals, and takes none of no runs", () => {
    for (const { descendMonotone } of builds) {
      const settling = { ...steps, isExtra: true, until: 1e9 }
      assert.deepStrictEqual(descendMonotone(settling, 5, [run(3)]), { steps: 0, isSettled: true })
      assert.deepStrictEqual(descendMonotone(steps, 5, []), { steps: 5, isSettled: false })
    }
  })
})

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
