/** Where runs come to rest, how their steps grow with the accuracy asked for, and how many of their iterates are flat. */
import { claim, Draw, LogLog, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Flatness from "../../flatness/Flatness.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import * as Draws from "../../perturbation/Draws.ts"
import { escape } from "../../perturbation/Escape.ts"
import { flatDescent } from "../../perturbation/FlatDescent.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import { scalarModel } from "../../problems/ScalarModel.ts"
import * as Theory from "../../theory/Theory.ts"
import { derived, recalled } from "../support/Paper.ts"
import { quadraticModel } from "../support/QuadraticModel.ts"
import { remembered } from "../support/Remembered.ts"
import * as Runs from "../support/Runs.ts"

const flattened = remembered((seed: number, projection: "gradient" | "normal space") => {
  const model = quadraticModel({ dimension: 8, size: 3, seed: Seed.root(seed) })
  const method = flatDescent({
    learningRate: 0.05,
    flatteningRate: 0.05,
    radius: 0.1,
    projection,
  })
  const state = method.init(model, model.minimum)
  for (let t = 0; t < 12_000 && state.status === "running"; t++) method.step(state)
  if (state.status === "diverged") return Number.POSITIVE_INFINITY
  const normal = TangentProjection.fromJacobian(model, state.point)
  return state.loss + Flatness.residual(model, state.point, normal, { step: 0.1 })
})
export const flatDescentConverges = claim({
  id: "flat-minima/flat-descent-converges",
  statement:
    "Flat descent with the full normal projection brings random quadratic models (d = 8, n = 3) to loss plus residual below 1e-6.",
  inFloatingPoint: "run",
  source: derived("our own method; its fixed points are the flat minima"),
  instances: Draw.record({ seed: Draw.integer(1, 60) }),
  value: "normal space",
  margin: ({ instance: { seed }, value: projection }) =>
    Margin.atMost(flattened(seed, projection), 1e-6),
  controls: [{ name: "projection off the gradient alone", value: "gradient" }],
})

/** Median steps over 5 seeds until f <= eps and residual <= sqrt(eps), from (3, 1/3). */
const medianSteps = remembered((eps: number, first: number, radius: number) =>
  Runs.median([0, 1, 2, 3, 4].map((s) => Runs.stepsToFlat(eps, first + s, radius))),
)
const slope = (first: number, radius: (eps: number) => number): number =>
  LogLog.slope(Runs.accuracies.map((eps) => [1 / eps, medianSteps(eps, first, radius(eps))]))
const inTheRange = (power: number): Margin.Comparison =>
  Margin.all(Margin.atLeast(power, 1.8), Margin.atMost(power, 3.05))
export const stepsInAccuracy = claim({
  id: "flat-minima/steps-in-accuracy",
  statement:
    "With eta = eps and rho = sqrt(eps), the steps to an (eps, sqrt(eps))-flat point of (x y - 1)^2 / 2 grow with 1 / eps at a power between 1.8 and 3.05: theorem 1 bounds it by 3.",
  inFloatingPoint: "run",
  source: derived("theorem 1 as an upper bound"),
  /** The first of five seeds. */
  instances: Draw.record({ first: Draw.integer(100, 150) }),
  value: Math.sqrt,
  margin: ({ instance: { first }, value: radius }) => inTheRange(slope(first, radius)),
  controls: [{ name: "a radius that does not shrink", value: () => 0.45 }],
})

/** Margin that the output lies on the path, and that its descent reached the tolerance; `change` tampers with the output. */
const onPath = (seed: number, change: (chosen: Float64Array) => void): Margin.Comparison => {
  const hyperbola = scalarModel()
  const path: Array<Float64Array> = []
  const { chosen, settled, step } = escape(
    smoothedPerturbation({
      learningRate: 0.02,
      plainLearningRate: 0.05,
      radius: 0.1,
      gradientThreshold: 0.5,
      draws: Draws.fromSeed(Seed.root(seed)),
    }),
    hyperbola,
    Float64Array.of(2, 0.6),
    {
      steps: 50,
      seed: Seed.root(seed).child("choice"),
      settle: { learningRate: 0.05, tolerance: 1e-10 },
      onStep: (point) => path.push(point.slice()),
    },
  )
  change(chosen)
  const gradient = new Float64Array(2)
  hyperbola.valueAndGradient(settled.point, gradient)
  return Margin.all(
    Margin.holds(path[step - 1]!.every((value, j) => value === chosen[j])),
    Margin.atMost(Vector.norm(gradient), 1e-10),
  )
}
export const outputOnPath = claim({
  id: "flat-minima/output-on-path",
  statement:
    "The output is an iterate of the run, and after the final descent its gradient norm is at most the tolerance.",
  inFloatingPoint: "run",
  source: recalled("outputs of both algorithms"),
  instances: Draw.record({ seed: Draw.seed() }),
  value: (_chosen: Float64Array): void => {},
  margin: ({ instance: { seed }, value: change }) => onPath(seed, change),
  controls: [
    {
      name: "an output that is rounded to float32",
      value: (chosen) => chosen.set(Float32Array.from(chosen)),
    },
  ],
})

/** Share of all iterates whose limit is flat with eps' = 0.2. */
const share = remembered((seed: number, radius: number): number => {
  const hyperbola = scalarModel()
  const method = smoothedPerturbation({
    learningRate: 0.02,
    plainLearningRate: 0.05,
    radius,
    gradientThreshold: 1,
    draws: Draws.fromSeed(Seed.root(seed)),
  })
  const state = method.init(hyperbola, Float64Array.of(1.5, 1 / 1.5))
  const steps = 40_000
  let flat = 0
  for (let t = 0; t < steps; t++) {
    method.step(state)
    const [x, y] = [state.point[0]!, state.point[1]!]
    if (Theory.factorisation.residual(x, y) <= 0.2) flat++
  }
  return flat / steps
})
export const shareOfFlatIterates = claim({
  id: "flat-minima/share-of-flat-iterates",
  statement:
    "In 40,000 smoothed steps on (x y - 1)^2 / 2 from (1.5, 2/3) at least 1 - delta of the iterates are flat to 0.2, with delta = 0.2.",
  inFloatingPoint: "statistical",
  source: recalled("success probability 1 - O(delta), with constants of ours"),
  instances: Draw.record({ seed: Draw.integer(1, 200) }),
  value: 0.3,
  margin: ({ instance: { seed }, value: radius }) =>
    Margin.atLeast(share(seed, radius), Theory.flatShare(0.2, 1)),
  controls: [{ name: "a radius ten times smaller", value: 0.03 }],
})
