import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { sharpness } from "../../index.ts"
import * as Theory from "../../theory/Theory.ts"
import { fitted, total } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { hessianAt } from "../support/ZeroLossDirections.ts"

type Noise = Pick<typeof Theory, "finiteStepFactor" | "noiseFloor">

export const noiseFloor = claim<
  Readonly<Record<"count" | "noise" | "product" | "seed", number>> & {
    readonly widths: Array<number>
  },
  Noise
>({
  id: "matrix-factorization/noise-floor",
  statement:
    "Noise on the labels of all measurements keeps a variance of (eta sigma^2 / n) / (1 - eta lambda / 2) along an eigenvector of the Hessian. For small learning rates it keeps a loss of eta sigma^2 T / n.",
  inFloatingPoint: "statistical",
  source: derived("stationary variance of the linearised descent"),
  instances: Draw.record({
    widths: Draw.list(Draw.integer(2, 3), 3, 4),
    count: Draw.integer(1, 3),
    noise: Draw.logarithmic(0.1, 2),
    /** Learning rate times the largest eigenvalue. */
    product: Draw.linear(0.5, 1.9),
    seed: Draw.seed(),
  }),
  value: Theory,
  margin: ({ instance, kernels, value: predicted }) => {
    const { count, noise, product, seed, widths } = instance
    const fit = fitted({ widths, count, seed, scale: 1 }, kernels)
    const { measurements, objective, shape, x } = fit
    const pairs = hessianAt(objective, x)
    const top = pairs.values.at(-1)!
    const slopes = Array.from({ length: count }, (_, i) => {
      const labels = objective.targets.map((b, k) => (k === i ? b + 1 : b))
      const slope = new Float64Array(x.length)
      objective.against(undefined, labels, x, slope)
      return slope
    })
    /** The sum over the steps since a label was off, and over the labels. */
    const varianceOf = (k: number, learningRate: number) => {
      const v = SymmetricEigen.vector(pairs, k)
      const kept = 1 - learningRate * pairs.values[k]!
      const square = slopes.reduce((sum, g) => sum + Elementary.square(Vector.dot(g, v)), 0)
      return (Elementary.square(learningRate * noise) * square) / (1 - kept * kept)
    }
    const curved = Array.from(pairs.values.keys()).filter((k) => pairs.values[k]! > 1e-3 * top)
    const learningRate = product / top
    const base = (learningRate * noise * noise) / count
    const variances = curved.map((k) =>
      Margin.equal(
        varianceOf(k, learningRate),
        base * predicted.finiteStepFactor(learningRate, pairs.values[k]!),
        { relative: 1e-4 },
      ),
    )
    const small = 1e-3 / top
    const loss = curved.reduce((sum, k) => sum + (pairs.values[k]! / 2) * varianceOf(k, small), 0)
    const floor = predicted.noiseFloor(
      { learningRate: small, noise, batch: count },
      total(sharpness(measurements, shape).layers(x)),
    )
    // eigenvalues below a thousandth of the largest are left out
    return Margin.all(...variances, Margin.equal(loss, floor, { relative: 0.02 }))
  },
  controls: [
    {
      name: "twice the floor",
      value: { ...Theory, noiseFloor: (...of) => 2 * Theory.noiseFloor(...of) },
    },
    {
      name: "without the factor of a finite step",
      value: { ...Theory, finiteStepFactor: () => 1 },
    },
  ],
})
