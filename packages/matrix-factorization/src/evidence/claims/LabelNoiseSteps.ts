import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { deepFactorisation, Factorisation, labelNoiseDescent, measure } from "../../index.ts"
import { gradientByDifferences } from "../support/Differences.ts"
import { expand, type Instance, instances } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { sampledFields, samplingOf } from "../support/SampledInstances.ts"
import { selected } from "../support/Transformations.ts"

const withNoise = (instance: Instance) =>
  Draw.record({
    ...sampledFields(instance),
    noise: Draw.logarithmic(0.1, 2),
    distribution: Draw.oneOf("gaussian", "rademacher"),
  })

/** Number of examined labels, which exceeds the number drawn together. */
const looked = 4096

export const labelNoiseSteps = claim({
  id: "matrix-factorization/label-noise-steps",
  statement:
    "A step of label-noise descent is -eta times the gradient of the mean square loss of its batch against the labels b_i + sigma z_i. The z_i are random signs or uncorrelated with mean 0 and variance 1. A step of length 2^969 or more is rejected.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("definition of label noise")),
  instances: instances().chain(withNoise),
  value: 1,
  /** The mean, variance and correlation of 4,096 draws are allowed six standard deviations. */
  margin: ({ instance, kernels, value: times }) => {
    const { distribution, noise } = instance
    const { measurements, seed, shape, targets, widths, x } = expand(instance, kernels)
    const objective = deepFactorisation({ measurements, targets, widths })
    const learningRate = 1e-3
    const methodOf = (rate: number) =>
      labelNoiseDescent({
        learningRate: rate,
        noise,
        distribution,
        ...samplingOf(instance),
        seed: seed.child("descent"),
      })
    const method = methodOf(learningRate)
    const state = method.init(objective, x)
    const loss = method.step(state)
    const batch = selected(measurements, Array.from(state.indices))
    const meanSquare = (point: Float64Array): number =>
      Elementary.square(
        Vector.distance(
          measure(batch, Factorisation.endToEnd(shape, point, kernels)),
          state.labels,
        ),
      ) / state.labels.length
    const slope = gradientByDifferences(meanSquare, x)
    const moved = state.point.map((value, j) => value - x[j]!)
    const expected = slope.map((value) => -times * learningRate * value)
    const endOf = (length: number): string => {
      const far = methodOf(length / Vector.norm(state.gradient))
      const end = far.init(objective, x)
      far.step(end)
      return `${end.status} after ${end.steps}`
    }

    // steps that hardly move, for their noise
    const still = methodOf(1e-30)
    const place = still.init(objective, x)
    const drawn: Array<number> = []
    while (drawn.length < looked) {
      still.step(place)
      place.labels.forEach((label, k) => {
        drawn.push((label - targets[place.indices[k]!]!) / noise)
      })
    }
    const n = drawn.length
    const sum = drawn.reduce((all, z) => all + z, 0)
    const square = drawn.reduce((all, z) => all + z * z, 0)
    const correlation = drawn.reduce((all, z, k) => all + z * (drawn[k + 1] ?? 0), 0)
    const allowed = 6 / Math.sqrt(n)
    return Margin.all(
      Margin.atMost(Vector.distance(moved, expected), 1e-9 * (Vector.norm(expected) + 1e-3)),
      Margin.equal(loss, meanSquare(x), { relative: 1e-11 }),
      Margin.holds(state.steps === 1),
      Margin.holds(endOf(2 ** 968) === "running after 1"),
      Margin.holds(endOf(2 ** 970) === "diverged after 0"),
      Margin.atMost(Math.abs(sum / n), allowed),
      Margin.atMost(Math.abs(correlation / n), allowed),
      distribution === "rademacher"
        ? Margin.atMost(Math.max(...drawn.map((z) => Math.abs(Math.abs(z) - 1))), 1e-10)
        : Margin.atMost(Math.abs(square / n - 1), Math.SQRT2 * allowed),
    )
  },
  controls: [{ name: "half of the step", value: 0.5 }],
})
