/** Every method of the family, over every base, descends on every convex problem. */
import {
  adamW,
  logCosh,
  logistic,
  leastSquares,
  momentum,
  nesterov,
  type Objective,
  quadratic,
  sgd,
  type Update,
  withClipping,
  withWeightDecay,
} from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import {
  asam,
  everyNth,
  latePhase,
  Perturbation,
  pNormSam,
  repeatedAscent,
  sam,
  unifiedSam,
  usam,
} from "../src/index.ts"

const features = Float64Array.of(1, 0.5, -0.3, 2, 0.7, -1, -1.2, 0.4, 0.6, 0.9)

const problems: Readonly<Record<string, Objective>> = {
  quadratic: quadratic({ spectrum: [2, 0.5] }),
  "log cosh": logCosh({ features, dimension: 2 }),
  logistic: logistic({ features, dimension: 2, labels: [1, -1, 1, 1, -1], ridge: 0.1 }),
  "least squares": leastSquares({
    features,
    dimension: 2,
    targets: Float64Array.of(1, 2, 0, -1, 1),
  }),
  "rank-deficient least squares": leastSquares({
    features: Float64Array.of(1, 2),
    dimension: 2,
    targets: Float64Array.of(1),
  }),
}

const bases: Readonly<Record<string, Update>> = {
  sgd: sgd({ learningRate: 0.05 }),
  momentum: momentum({ learningRate: 0.01 }),
  nesterov: nesterov({ learningRate: 0.01 }),
  adamW: adamW({ learningRate: 0.02 }),
  clipped: withClipping(sgd({ learningRate: 0.05 }), { maxNorm: 1 }),
  decayed: withWeightDecay(momentum({ learningRate: 0.01 }), { rate: 1e-3 }),
}

const radius = 0.01

const methods = {
  sam: (base: Update) => sam({ radius, base }),
  usam: (base: Update) => usam({ radius, base }),
  unified: (base: Update) => unifiedSam({ radius, base, normalisation: (t) => 1 / (t + 1) }),
  asam: (base: Update) => asam({ radius, base }),
  "3-norm": (base: Update) => pNormSam({ radius, base, p: 3 }),
  "maximum norm": (base: Update) => pNormSam({ radius, base, p: Number.POSITIVE_INFINITY }),
  "three ascents": (base: Update) =>
    repeatedAscent(Perturbation.normalised(radius), base, { ascentSteps: 3 }),
  "every third": (base: Update) => sam({ radius: everyNth(3, radius), base }),
  "late phase": (base: Update) => sam({ radius: latePhase(200, radius), base }),
} as const

const losses = (objective: Objective, base: Update, method: (typeof methods)["sam"]) => {
  const made = method(base)
  const state = made.init(objective, Float64Array.of(2, -1.5))
  const path: Array<number> = []
  for (let t = 0; t <= 400; t++) path.push(made.step(state))
  assert.strictEqual(state.status, "running")
  return path
}

/** The least loss that 20,000 small gradient steps find. */
const leastLoss = (objective: Objective): number => {
  const state = { point: Float64Array.of(2, -1.5), gradient: new Float64Array(2) }
  let loss = Number.POSITIVE_INFINITY
  for (let t = 0; t < 20_000; t++) {
    loss = objective.valueAndGradient(state.point, state.gradient)
    for (let i = 0; i < 2; i++) state.point[i]! -= 0.05 * state.gradient[i]!
  }
  return loss
}

describe.each(Object.keys(problems))("on %s", (problem) => {
  const objective = problems[problem]!
  const least = leastLoss(objective)
  const cases = Object.keys(methods).flatMap((method) =>
    Object.keys(bases).map((base) => ({ method, base })),
  )

  it.each(cases)("$method over $base", ({ base, method }) => {
    const path = losses(objective, bases[base]!, methods[method as keyof typeof methods])
    const [first, last] = [path[0]! - least, path.at(-1)! - least]
    assert.isAtMost(last, 0.05 * first + 1e-3)
    assert.isAtLeast(last, -1e-9)
  })
})
