/** The noise that a release adds to its sum. */
import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Deviations from "../../noise/Deviations.ts"
import * as Mechanism from "../../noise/GaussianMechanism.ts"
import * as Public from "../../privacy/Public.ts"
import * as GridPlan from "../../release/GridPlan.ts"
import { Permit } from "../../release/Permit.ts"
import { PrivateScatter, reveal, rounded } from "../../release/PrivateScatter.ts"
import { release } from "../../release/Release.ts"
import { derived } from "../support/Paper.ts"
import { normalsOf, wordsOf } from "../support/Structures.ts"

const releases = (mechanism = Draw.oneOf("isotropic", "upper-triangle", "complex-as-printed")) =>
  Draw.record({
    mechanism,
    neighbours: Draw.oneOf("replace", "add-remove"),
    dimension: Draw.integer(2, 6),
    bound: Draw.logarithmic(1, 1e-3),
    epsilon: Draw.logarithmic(1, 20),
    rows: Draw.integer(0, 20),
    seed: Draw.seed(),
  })

/** Mean and mean square of numbers whose standard deviation should be 1; thresholds as in IdealisedNoise.ts. */
const standardMargin = (values: ReadonlyArray<number>): Margin.Comparison => {
  const n = values.length
  let [sum, squares] = [0, 0]
  for (const x of values) {
    sum += x
    squares += x * x
  }
  return Margin.all(
    Margin.equal(sum / n, 0, { absolute: 6.5 / Math.sqrt(n) }),
    Margin.equal(squares / n, 1, { absolute: 6.5 * Math.sqrt(2 / n) }),
  )
}

const exchanged = (plan: GridPlan.GridPlan): GridPlan.GridPlan => ({
  ...plan,
  diagonalSteps: plan.offDiagonalSteps,
  offDiagonalSteps: plan.diagonalSteps,
})

export const noiseOfReleases = claim({
  id: "dp-lowrank/noise-of-releases",
  statement:
    "A release minus the sum on its grid has mean 0 and variance s^2 on the diagonal; off it, s^2 / 2 in isometric coordinates and s^2 in those of the upper triangle.",
  inFloatingPoint: "statistical",
  source: Kind.identity(derived("isotropic noise in integers")),
  instances: releases(),
  value: (plan: GridPlan.GridPlan) => plan,
  /** A thousand or more diagonal entries and more off the diagonal, minus the sum, in units of the requested scale. */
  margin: ({ instance, kernels, value: change }) => {
    const { dimension: d, epsilon, neighbours, rows, seed } = instance
    const bound = Public.bound(instance.bound)
    const target = { epsilon, delta: 1e-6, neighbours, bound }
    const mechanism = Mechanism.named(instance.mechanism, target)
    const plan = GridPlan.make(mechanism, d)
    const scatter = PrivateScatter.make({ dimension: d, bound, kernels })
    scatter.add(normalsOf(seed, "rows", rows * d))
    const sum = reveal(scatter)
    const source = wordsOf(seed)
    const [diagonal, off]: [Array<number>, Array<number>] = [[], []]
    while (diagonal.length < 1000) {
      const { grid, matrix } = release(scatter, Permit.withoutLedger(change(plan)), source)
      for (let i = 0; i < d; i++) {
        for (let j = i; j < d; j++) {
          const at = i * d + j
          const added = matrix[at]! - rounded(sum, at, plan.exponent) * grid
          if (i === j) diagonal.push(added / Deviations.diagonalScale(mechanism))
          else off.push(added / Deviations.offDiagonalScale(mechanism))
        }
      }
    }
    return Margin.all(standardMargin(diagonal), standardMargin(off))
  },
  controls: [
    {
      name: "the steps of diagonal and off-diagonal exchanged",
      value: exchanged,
      instances: releases(Draw.oneOf("isotropic")),
    },
  ],
})
