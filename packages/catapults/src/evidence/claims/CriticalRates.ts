/** Linear models and momentum: where the critical rate is. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import { momentum } from "@nonconvex/problems/Momentum"
import { descentOf } from "../../descent/Descent.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { taylorModel } from "../../network/QuadraticModel.ts"
import * as Theory from "../../theory/index.ts"
import { normals } from "../support/Expand.ts"
import { derived, recalled } from "../support/Paper.ts"

const linear = Draw.record({
  samples: Draw.integer(1, 8),
  parameters: Draw.integer(1, 20),
  /** Learning rate over the critical one. */
  multiple: Draw.oneOf(0.5, 0.99, 1.01, 1.5),
  seed: Draw.seed(),
})

const setUp = (
  { multiple, parameters, samples: n, seed }: Draw.Drawn<typeof linear>,
  critical: typeof Theory.criticalRate,
  { kernels }: Given,
) => {
  const root = Seed.root(seed)
  const jacobian = normals(root.child("jacobian"), n * parameters)
  const model = taylorModel({ predictions: normals(root.child("predictions"), n), jacobian })
  const targets = normals(root.child("targets"), n)
  const kernel = new Float64Array(n * n)
  const start = new Float64Array(parameters)
  model.predict(start, new Float64Array(n))
  model.tangentKernel(kernel)
  const pairs = SymmetricEigen.eigen(kernel, n, kernels)
  const loss = meanSquared(targets)
  const c = loss.factor(n)
  const rate = multiple * critical(c, pairs.values[n - 1]!)
  return { c, loss, model, pairs, rate, start, targets }
}

export const linearMultipliers = claim({
  id: "catapults/linear-model-multipliers",
  statement:
    "A gradient step on a linear model with the loss c |r|^2 multiplies the loss along each eigenvector of the tangent kernel by (1 - e lambda_j)^2 with e = 2 c eta.",
  inFloatingPoint: "run",
  source: derived("linear models"),
  instances: linear,
  value: Theory.effectiveStep,
  margin: ({ instance, kernels, value: effective }) => {
    const problem = setUp(instance, Theory.criticalRate, { kernels })
    const { c, loss, model, pairs, rate, start, targets } = problem
    const descent = descentOf(model, loss, start)
    const parts = () => {
      descent.evaluate()
      const residual = descent.predictions.map((value, i) => value - targets[i]!)
      return pairs.values.map((_, j) =>
        Elementary.square(Vector.dot(residual, SymmetricEigen.vector(pairs, j))),
      )
    }
    const before = parts()
    descent.move(rate)
    const after = parts()
    const absolute = 1e-10 * before.reduce((sum, part) => sum + part, 1e-12)
    return Margin.all(
      ...Array.from(before, (part, j) => {
        const factor = Theory.linearMultiplier(effective(c, rate), pairs.values[j]!)
        return Margin.equal(after[j]!, part * factor, { absolute })
      }),
    )
  },
  controls: [
    { name: "the learning rate for the effective step", value: (_c, rate) => rate },
    { name: "the factor 2 dropped", value: (c, rate) => c * rate },
  ],
})

export const linearThreshold = claim({
  id: "catapults/critical-rate-of-a-linear-model",
  statement:
    "On a linear model with the mean of squared residuals, the loss falls at every step from every start just where eta <= n / lambda_max(K).",
  inFloatingPoint: "run",
  source: recalled("critical learning rate, for the mean of squares"),
  instances: linear,
  value: Theory.criticalRate,
  margin: ({ instance, kernels, value: critical }) => {
    const { c, pairs, rate } = setUp(instance, critical, { kernels })
    const n = instance.samples
    // the worst residual is the top eigenvector: one step on it decides
    const factor = Theory.linearMultiplier(Theory.effectiveStep(c, rate), pairs.values[n - 1]!)
    return instance.multiple < 1 ? Margin.atMost(factor, 1) : Margin.atLeast(factor, 1 + 1e-9)
  },
  controls: [
    { name: "2 / lambda, that of half the sum, for the mean", value: (_c, lambda) => 2 / lambda },
    { name: "twice the critical rate", value: (c, lambda) => 2 * Theory.criticalRate(c, lambda) },
    { name: "half the critical rate", value: (c, lambda) => Theory.criticalRate(c, lambda) / 2 },
  ],
})

export const momentumThreshold = claim({
  id: "catapults/momentum-threshold",
  statement:
    "On a quadratic, gradient descent with momentum beta is stable just where eta lambda < 2 (1 + beta): of c |r|^2, where eta < (1 + beta) / (c lambda(K)).",
  inFloatingPoint: "run",
  source: derived("critical rate with momentum"),
  instances: Draw.record({
    momentum: Draw.linear(0, 0.95),
    curvature: Draw.logarithmic(1, 100),
    isPast: Draw.oneOf(false, true),
  }),
  value: (curvature: number, beta: number) => Theory.criticalRateOfCurvature(curvature, beta),
  margin: ({ instance: { curvature, isPast, momentum: beta }, value: critical }) => {
    const learningRate = (isPast ? 1.02 : 0.999) * critical(curvature, beta)
    // c |r|^2 has twice its factor as curvature
    const rates = [
      [
        Theory.criticalRate(0.3, curvature / 0.6, beta),
        Theory.criticalRateOfCurvature(curvature, beta),
      ],
      [Theory.criticalRate(0.3, curvature / 0.6), Theory.criticalRateOfCurvature(curvature)],
      [Theory.stabilityLimit(beta), curvature * Theory.criticalRateOfCurvature(curvature, beta)],
      [Theory.stabilityLimit(), curvature * Theory.criticalRateOfCurvature(curvature)],
    ].map(([one, other]) => Margin.equal(one!, other!, { relative: 1e-12 }))
    const update = momentum({ learningRate, momentum: beta })
    const state = update.init(1)
    const point = Float64Array.of(1)
    const gradient = new Float64Array(1)
    let largest = 1
    for (let t = 0; t < 5000 && largest < 1e7; t++) {
      gradient[0] = curvature * point[0]!
      update.apply(state, point, gradient)
      largest = Math.max(largest, Math.abs(point[0]!))
    }
    // the largest transient of a stable run is of order 1 / (1 - beta), and the root near -1 adds as much again
    return Margin.all(...rates, isPast ? Margin.atLeast(largest, 1e6) : Margin.atMost(largest, 1e4))
  },
  controls: [
    {
      name: "2 / lambda whatever the momentum",
      value: (curvature) => Theory.criticalRateOfCurvature(curvature, 0),
    },
    { name: "divided by 1 - beta", value: (curvature, beta) => 2 / (curvature * (1 - beta)) },
  ],
})
