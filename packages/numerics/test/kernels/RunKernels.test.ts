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
