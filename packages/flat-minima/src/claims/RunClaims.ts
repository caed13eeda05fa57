/** F13 to F15, F20, B9 and flat descent: what whole runs do. Runs are deterministic in their seed and are remembered. */
import { type Claim, claim, Draw, LogLog, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Draws from "../Draws.ts"
import { escape } from "../Escape.ts"
import { flatDescent } from "../FlatDescent.ts"
import * as Flatness from "../Flatness.ts"
import { sparseRecovery, traceAtMinimum } from "../problems/DiagonalNetwork.ts"
import { quadraticModel } from "../problems/QuadraticModel.ts"
import { scalarModel } from "../problems/ScalarModel.ts"
import * as Runs from "../Runs.ts"
import { settle } from "../Settle.ts"
import { sharpnessAwarePerturbation } from "../SharpnessAware.ts"
import { smoothedPerturbation } from "../Smoothed.ts"
import * as TangentProjection from "../TangentProjection.ts"
import * as Theory from "../Theory.ts"
import { derived, recalled } from "./Paper.ts"

const remembered = <Key, Value>(compute: (key: Key) => Value): ((key: Key) => Value) => {
  const known = new Map<string, Value>()
  return (key) => {
    const name = JSON.stringify(key)
    const found = known.get(name)
    if (found !== undefined) return found
    const value = compute(key)
    known.set(name, value)
    return value
  }
}

interface Run {
  readonly kind: "smoothed" | "sharpness-aware"
  readonly learningRate: number
  readonly radius: number
  readonly seed: number
}

const recovery = sparseRecovery()
/** The dense minimum from which the runs start; found at the first run that needs it. */
const dense = remembered(
  (learningRate: number) =>
    settle(recovery.network, recovery.start, { learningRate, tolerance: 1e-13 }).point,
)

const methodOf = ({ kind, learningRate, radius, seed }: Run) => {
  const options = {
    learningRate,
    plainLearningRate: 0.01,
    radius,
    gradientThreshold: 0.5,
    draws: Draws.published(seed),
  }
  return kind === "smoothed" ? smoothedPerturbation(options) : sharpnessAwarePerturbation(options)
}

const traceAfter = remembered((run: Run & { readonly steps: number }): number => {
  const method = methodOf(run)
  const state = method.init(recovery.network, dense(0.01))
  for (let t = 0; t < run.steps; t++) method.step(state)
  const { point } = settle(recovery.network, state.point, { learningRate: 0.01, tolerance: 1e-6 })
  return traceAtMinimum(recovery.network, point)
})

interface Seeded {
  readonly seed: number
}
const seeds = (count: number) => Draw.record<Seeded>({ seed: Draw.integer(1, count) })

const recovers = (kind: Run["kind"], seed: number): number =>
  Margin.atMost(traceAfter({ kind, learningRate: 0.01, radius: 0.1, seed, steps: 50_000 }), 4.066)
const sparse = claim<Seeded>({
  id: "flat-minima/flattest-is-sparse",
  statement:
    "On the diagonal network of experiment E1, 50,000 sharpness-aware steps bring the trace of the Hessian from 55.158 to at most 4.066; its minimum, the solution of a linear program, is 4.0643.",
  source: derived("experiment E1, 60 seeds of the published generator (F13)"),
  instances: seeds(60),
  margin: ({ seed }) => recovers("sharpness-aware", seed),
  controls: [
    {
      name: "the smoothed perturbation in as many steps",
      instances: seeds(60),
      margin: ({ seed }) => recovers("smoothed", seed),
    },
  ],
})

const stepsToHalf = remembered(
  (run: Run) =>
    Runs.atOnce(Runs.stepsToTrace(methodOf(run), recovery.network, dense(0.01), Runs.halfTrace))
      .steps,
)
const ratio = (slow: Run["kind"], fast: Run["kind"], seed: number): number => {
  const run = { learningRate: 0.003, radius: 0.1 }
  return stepsToHalf({ kind: slow, seed, ...run }) / stepsToHalf({ kind: fast, seed, ...run })
}
const inRange = (value: number, low: number, high: number): number =>
  Margin.all(Margin.atLeast(value, low), Margin.atMost(value, high))
const rateRatio = claim<Seeded>({
  id: "flat-minima/gain-of-d",
  statement:
    "On the diagonal network with d = 20, the smoothed perturbation takes 15 to 26 times the steps of the sharpness-aware one until the trace is halved.",
  source: derived("the factor d between theorems 1 and 2 in a run (F14)"),
  instances: seeds(60),
  margin: ({ seed }) => inRange(ratio("smoothed", "sharpness-aware", seed), 15, 26),
  controls: [
    {
      name: "the smoothed perturbation against itself",
      instances: seeds(60),
      margin: ({ seed }) => inRange(ratio("smoothed", "smoothed", seed), 15, 26),
    },
  ],
})

/** Median steps over 5 seeds until f <= eps and residual <= sqrt(eps), from (3, 1/3). */
const medianSteps = remembered(
  ({
    eps,
    first,
    radius,
  }: {
    readonly eps: number
    readonly first: number
    readonly radius: number
  }) =>
    [0, 1, 2, 3, 4]
      .map((s) => Runs.atOnce(Runs.stepsToFlat(eps, first + s, radius)))
      .toSorted((a, b) => a - b)[2]!,
)
const slope = (first: number, radius: (eps: number) => number): number =>
  LogLog.slope(
    Runs.accuracies.map((eps) => [1 / eps, medianSteps({ eps, first, radius: radius(eps) })]),
  )
interface Start {
  /** The first of five seeds. */
  readonly first: number
}
const starts = Draw.record<Start>({ first: Draw.integer(100, 150) })
const complexity = claim<Start>({
  id: "flat-minima/steps-in-accuracy",
  statement:
    "With eta = eps and rho = sqrt(eps), the steps to an (eps, sqrt(eps))-flat point of (x y - 1)^2 / 2 grow with 1 / eps at a power between 1.8 and 3.05: theorem 1 bounds it by 3.",
  source: derived("theorem 1 as an upper bound (F15)"),
  instances: starts,
  margin: ({ first }) => inRange(slope(first, Math.sqrt), 1.8, 3.05),
  controls: [
    {
      name: "a radius that does not shrink",
      instances: starts,
      margin: ({ first }) =>
        inRange(
          slope(first, () => 0.45),
          1.8,
          3.05,
        ),
    },
  ],
})

/** Margin that the output lies on the path, and that its descent reached the tolerance; `change` tampers with the output. */
const onPath = (seed: number, change: (chosen: Float64Array) => void): number => {
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
const anySeed = Draw.record<Seeded>({ seed: Draw.seed() })
const output = claim<Seeded>({
  id: "flat-minima/output-on-path",
  statement:
    "The output is an iterate of the run, and after the final descent its gradient norm is at most the tolerance.",
  source: recalled("outputs of both algorithms (F20)"),
  instances: anySeed,
  margin: ({ seed }) =>
    onPath(seed, () => {
      // the output as it is
    }),
  controls: [
    {
      name: "an output that is rounded to float32",
      instances: anySeed,
      margin: ({ seed }) => onPath(seed, (chosen) => chosen.set(Float32Array.from(chosen))),
    },
  ],
})

/** Share of all iterates whose limit is flat with eps' = 0.2. */
const share = (seed: number, radius: number): number => {
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
}
const someSeed = Draw.record<Seeded>({ seed: Draw.integer(1, 200) })
const shareOf = remembered(({ radius, seed }: { readonly seed: number; readonly radius: number }) =>
  share(seed, radius),
)
const probability = claim<Seeded>({
  id: "flat-minima/share-of-flat-iterates",
  statement:
    "In 40,000 smoothed steps on (x y - 1)^2 / 2 from (1.5, 2/3) at least 1 - delta of the iterates are flat to 0.2, with delta = 0.2.",
  source: recalled("success probability 1 - O(delta) (B9), with constants of ours"),
  instances: someSeed,
  margin: ({ seed }) => Margin.atLeast(shareOf({ seed, radius: 0.3 }), Theory.flatShare(0.2, 1)),
  controls: [
    {
      name: "a radius ten times smaller",
      instances: someSeed,
      margin: ({ seed }) =>
        Margin.atLeast(shareOf({ seed, radius: 0.03 }), Theory.flatShare(0.2, 1)),
    },
  ],
})

const flattened = remembered(
  ({
    projection,
    seed,
  }: {
    readonly seed: number
    readonly projection: "gradient" | "normal space"
  }) => {
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
  },
)
const modelSeed = Draw.record<Seeded>({ seed: Draw.integer(1, 60) })
const flatDescentConverges = claim<Seeded>({
  id: "flat-minima/flat-descent-converges",
  statement:
    "Flat descent with the full normal projection brings random quadratic models (d = 8, n = 3) to loss plus residual below 1e-6.",
  source: derived("our own method; its fixed points are the flat minima"),
  instances: modelSeed,
  margin: ({ seed }) => Margin.atMost(flattened({ seed, projection: "normal space" }), 1e-6),
  controls: [
    {
      name: "projection off the gradient alone",
      instances: modelSeed,
      margin: ({ seed }) => Margin.atMost(flattened({ seed, projection: "gradient" }), 1e-6),
    },
  ],
})

export const runClaims: ReadonlyArray<Claim> = [
  sparse,
  rateRatio,
  complexity,
  output,
  probability,
  flatDescentConverges,
]
