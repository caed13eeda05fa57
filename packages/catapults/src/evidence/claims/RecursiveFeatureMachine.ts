import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { recursiveFeatureMachine } from "../../features/RecursiveFeatureMachine.ts"
import { normals } from "../support/Expand.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"

const machines = Draw.record({
  samples: Draw.integer(2, 8),
  inputs: Draw.integer(1, 4),
  bandwidth: Draw.oneOf(10, 2),
  rounds: Draw.integer(1, 3),
  seed: Draw.seed(),
})

export const recursiveFeatureMachineClaim = claim({
  id: "catapults/recursive-feature-machine",
  statement:
    "A recursive feature machine predicts by the ridge regression of the Laplace kernel in its metric. Its AGOP is the mean outer product of the gradients of its predictions at the samples. Its metric is the AGOP of the previous round.",
  inFloatingPoint: "functions",
  source: Kind.identity(
    derived("kernel regression, whose weights are its residuals over the ridge"),
  ),
  instances: machines,
  value: 1,
  margin: ({
    instance: { inputs: d, rounds, samples: n, seed, ...options },
    kernels,
    value: power,
  }) => {
    const root = Seed.root(seed)
    const features = normals(root.child("features"), n * d)
    const targets = normals(root.child("targets"), n)
    const data = { features, inputs: d, targets, kernels }
    const { bandwidth } = options
    const { agop, metric, predict } = recursiveFeatureMachine({ ...data, bandwidth, rounds })
    const fitted = predict(features)
    const ridge = 1e-3
    const weights = fitted.map((value, i) => (targets[i]! - value) / ridge)
    const row = (x: Float64Array, i: number) => x.subarray(i * d, (i + 1) * d)
    const kernelAt = (z: Float64Array, i: number) => {
      const apart = z.map((value, j) => value - row(features, i)[j]!)
      const image = apart.map((_, j) => Vector.dot(metric.subarray(j * d, (j + 1) * d), apart))
      return Elementary.exp(-Elementary.pow(Vector.dot(apart, image), power / 2) / bandwidth)
    }
    const other = normals(root.child("other"), 3 * d)
    const expected = Float64Array.from({ length: 3 }, (_, k) =>
      weights.reduce((sum, weight, i) => sum + weight * kernelAt(row(other, k), i), 0),
    )
    const step = 1e-5
    const outer = new Float64Array(d * d)
    for (let i = 0; i < n; i++) {
      const gradient = Float64Array.from({ length: d }, (_, j) => {
        const [up, down] = [1, -1].map((sign) => {
          const moved = row(features, i).slice()
          moved[j] = moved[j]! + sign * step
          return predict(moved)[0]!
        })
        return (up! - down!) / (2 * step)
      })
      for (let at = 0; at < d * d; at++) {
        outer[at]! += (gradient[Math.floor(at / d)]! * gradient[at % d]!) / n
      }
    }
    const before =
      rounds === 1
        ? Float64Array.from({ length: d * d }, (_, at) => (at % (d + 1) === 0 ? 1 : 0))
        : recursiveFeatureMachine({ ...data, bandwidth, rounds: rounds - 1 }).agop
    const unsaid = recursiveFeatureMachine(data).agop
    const said = recursiveFeatureMachine({ ...data, bandwidth: 10, ridge, rounds: 5 }).agop
    return Margin.all(
      nearVector(predict(other), expected, 1e-7),
      nearVector(agop, outer, 1e-4),
      nearVector(metric, before, 0),
      nearVector(unsaid, said, 0),
    )
  },
  controls: [{ name: "the square of the distance", value: 2 }],
})
