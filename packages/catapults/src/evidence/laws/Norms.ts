/** Homogeneous networks: what a step does to the norm of the parameters. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import { topEigenvalue } from "../../network/TangentKernel.ts"
import * as Theory from "../../theory/index.ts"
import * as TwoLayer from "../../theory/TwoLayer.ts"
import { expand, type ExpandOptions, type Sizes, sized, squaredNorm } from "../support/Expand.ts"
import { scaled, stepAt } from "../support/MetamorphicRun.ts"
import { near } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

/** The law of a network, and in which it differs from one with the ReLU and without biases. */
type NormCase = Pick<ExpandOptions, "activation" | "bias"> & {
  readonly norm: typeof Theory.squaredNormAfter
}
const exact: NormCase = { norm: Theory.squaredNormAfter }

export const normLaw = claim({
  id: "catapults/norm-law",
  statement:
    "On a network of L homogeneous layers without biases a gradient step changes the squared norm of the parameters by - 2 L e <r, f> + e^2 <r, K r>, exactly.",
  inFloatingPoint: "agreement",
  source: derived("norm law, from Euler's identity"),
  subject: ours,
  instances: sized([8, 8, 32], { depth: Draw.integer(2, 4), kappa: Draw.linear(1, 3) }),
  value: exact,
  margin: ({ instance, kernels, subject, value: { norm, ...options } }) => {
    const { depth, kappa, samples: n } = instance
    const expanded = expand(instance, kernels, { ...options, hidden: depth - 1 })
    const { before, step } = stepAt(subject, expanded, kappa)
    const residual = before.predictions.map((value, i) => value - expanded.targets[i]!)
    let quadratic = 0
    for (let i = 0; i < n; i++) {
      quadratic += residual[i]! * Vector.dot(before.kernel.subarray(i * n, (i + 1) * n), residual)
    }
    const after = subject({ ...expanded, step, steps: 1 })
    const first = squaredNorm(expanded.start)
    const product = Vector.dot(residual, before.predictions)
    const expected = norm(first, depth, step, product, quadratic)
    // relative to what is summed, which may cancel
    const scale = Math.max(1, first, step * step * quadratic)
    return Margin.equal(squaredNorm(after.parameters), expected, { absolute: 1e-12 * scale })
  },
  controls: [
    { name: "biases", value: { ...exact, bias: true } },
    { name: "tanh", value: { ...exact, activation: "tanh" } },
    {
      name: "the depth dropped",
      value: { norm: (norm, _depth, ...rest) => Theory.squaredNormAfter(norm, 1, ...rest) },
    },
  ],
})

/** That the condition is the edge of the norm law, where the residual is the top eigenvector and the labels point along it. */
const conditionMargin = (residual: number, kappa: number): Margin.Comparison => {
  const margins = [0.2, 0.5, 1, 2, 0.99 * (1 - kappa / 4), 1.01 * (1 - kappa / 4)].map((share) => {
    const labels = share * residual
    const product = residual * (residual - labels)
    const moved = Theory.squaredNormAfter(0, 2, 1, product, kappa * residual * residual)
    return Margin.holds(Theory.normMustFall(residual, kappa, labels) === moved < 0)
  })
  return Margin.all(...margins)
}

export const loudLossShrinks = claim({
  id: "catapults/norm-falls-where-the-loss-is-large",
  statement:
    "Where |r| (4 - e lambda_max) > 4 |y|, a gradient step on a two-layer ReLU network without biases shortens the parameters.",
  inFloatingPoint: "spectrum",
  source: derived("Meltzer and Liu 2023 argue that the norm falls where the loss is large"),
  subject: ours,
  instances: sized([8, 8, 64], { scale: Draw.logarithmic(1, 5), kappa: Draw.linear(1, 3.9) }),
  value: Theory.normMustFall,
  margin: ({ instance, kernels, subject, value: condition }) => {
    const { kappa, scale } = instance
    const { start, ...rest } = expand(instance, kernels)
    const loud = scaled(start, scale)
    const problem = { ...rest, start: loud }
    const { before, step } = stepAt(subject, problem, kappa)
    const residual = Vector.distance(before.predictions, rest.targets)
    const edge = conditionMargin(residual, kappa)
    if (!condition(residual, kappa, Vector.norm(rest.targets))) return edge
    const after = subject({ ...problem, step, steps: 1 })
    return Margin.all(edge, Margin.atMost(squaredNorm(after.parameters), squaredNorm(loud), 1e-12))
  },
  controls: [
    { name: "whatever the labels", value: () => true },
    { name: "8 in place of 4", value: (r, kappa, y) => r * (8 - kappa) > 4 * y },
  ],
})

/** An instance expanded, and the largest singular value of its features, n x d. */
const withSigma = (instance: Sizes, { kernels }: Given) => {
  const { inputs, samples } = instance
  const expanded = expand(instance, kernels)
  const sigma = Svd.singularValues(expanded.features, samples, inputs, kernels)[0]!
  return { expanded, sigma }
}

export const certifiedRate = claim({
  id: "catapults/certified-rate",
  statement:
    "With labels 0 and e < 4 m d / (sigma_max(X)^2 |theta_0|^2), gradient descent on a two-layer ReLU network shortens its parameters forever: it cannot diverge, at any width.",
  inFloatingPoint: "run",
  source: derived("certified rate"),
  subject: ours,
  instances: sized([6, 6, 24], {
    /** Of the certified step. */
    share: Draw.linear(0.99, 0.05),
  }),
  value: Theory.certifiedStep,
  margin: ({ instance, kernels, subject, value: certificate }) => {
    const { inputs, share, width } = instance
    const { expanded, sigma } = withSigma(instance, { kernels })
    let parameters = expanded.start
    let norm = squaredNorm(parameters)
    const step = share * certificate(sigma, norm, width, inputs)
    const problem = { ...expanded, targets: expanded.targets.fill(0), step }
    let margin = Margin.holds(true)
    // every step of the first ones, and then from stretch to stretch
    for (const steps of [1, 1, 1, 1, 16, 40, 80]) {
      parameters = subject({ ...problem, start: parameters, steps }).parameters
      const next = squaredNorm(parameters)
      margin = Margin.all(margin, Margin.atMost(next, norm, 1e-12))
      norm = next
      if (!(norm < 1e12)) return Margin.holds(false)
    }
    return margin
  },
  controls: [
    {
      name: "the width once more",
      value: (sigma, norm, width, inputs) =>
        width * Theory.certifiedStep(sigma, norm, width, inputs),
    },
  ],
})

/** One neuron along the one sample, and others that are 0, attain the bound. */
const attainedBound = ({ inputs, width }: Sizes, x: Float64Array): Margin.Comparison => {
  const first = new Float64Array(width * inputs)
  const second = new Float64Array(width)
  first.set(x)
  second[0] = 0.7
  const [kernel] = TwoLayer.tangentKernel({ inputs, width, first, second, features: x })
  const norm = squaredNorm(first) + squaredNorm(second)
  const bound = Theory.kernelBound(Vector.norm(x), norm, width, inputs)
  return Margin.all(
    Margin.equal(bound, kernel!, { relative: 1e-9 }),
    // kappa is 4 there
    Margin.equal(Theory.certifiedStep(Vector.norm(x), norm, width, inputs) * kernel!, 4, {
      relative: 1e-9,
    }),
  )
}

export const kernelBound = claim({
  id: "catapults/kernel-bound",
  statement:
    "The tangent kernel of a two-layer ReLU network without biases satisfies lambda_max(K) <= sigma_max(X)^2 |theta|^2 / (m d), which one neuron along one sample attains.",
  inFloatingPoint: "spectrum",
  source: derived("bound of the tangent kernel by the norm"),
  subject: ours,
  instances: sized([8, 8, 64], {}),
  value: Theory.kernelBound,
  margin: ({ instance, kernels, subject, value: bound }) => {
    const { inputs, samples, width } = instance
    const { expanded, sigma } = withSigma(instance, { kernels })
    const { kernel } = subject({ ...expanded, step: 1, steps: 0 })
    const most = bound(sigma, squaredNorm(expanded.start), width, inputs)
    return Margin.all(
      Margin.atMost(topEigenvalue(kernel, samples, kernels), most, 1e-12),
      attainedBound(instance, expanded.features.subarray(0, inputs)),
    )
  },
  controls: [
    {
      name: "divided by the width twice",
      value: (sigma, norm, width, inputs) => Theory.kernelBound(sigma, norm, width, inputs) / width,
    },
    {
      name: "the singular value not squared",
      value: (sigma, ...rest) => Theory.kernelBound(Math.sqrt(sigma), ...rest),
    },
  ],
})

/** A step on labels 0 at the edge: what 4 in the condition is. */
export const zeroLabels = claim({
  id: "catapults/norm-never-grows-on-zero-labels",
  statement:
    "With labels 0 and e lambda_max(K) <= 4 a gradient step on a two-layer ReLU network without biases does not lengthen the parameters.",
  inFloatingPoint: "spectrum",
  source: derived("norm law with labels 0"),
  subject: ours,
  instances: sized([8, 8, 64], { scale: Draw.logarithmic(0.1, 5), kappa: Draw.linear(1, 4) }),
  value: 1,
  margin: ({ instance, kernels, subject, value: times }) => {
    const { kappa, samples, scale } = instance
    const { start, targets, ...rest } = expand(instance, kernels)
    const loud = scaled(start, scale)
    const problem = { ...rest, start: loud, targets: targets.fill(0) }
    const { before, step } = stepAt(subject, problem, times * kappa)
    const after = subject({ ...problem, step, steps: 1 })
    const margin = Margin.atMost(squaredNorm(after.parameters), squaredNorm(loud), 1e-12)
    return Margin.all(margin, near(before.predictions.length, samples, 0))
  },
  controls: [{ name: "twice the step", value: 2 }],
})
