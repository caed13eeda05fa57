/** Homogeneous networks: what a step does to the norm of the parameters. */
import { Draw, type Given, law, Margin } from "@nonconvex/evidence"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import { topEigenvalue } from "../../network/TangentKernel.ts"
import * as Theory from "../../theory/index.ts"
import { expand, type Sizes, sizesUpTo, squaredNorm } from "../support/Expand.ts"
import { near } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import type { Subject } from "../support/Subject.ts"

interface Deep extends Sizes {
  readonly depth: number
  readonly kappa: number
}

type Law = typeof Theory.squaredNormAfter

const normMargin =
  (norm: Law, options: Parameters<typeof expand>[2] = {}) =>
  (subject: Subject, instance: Deep, { kernels }: Given): number => {
    const expanded = expand(instance, kernels, { ...options, hidden: instance.depth - 1 })
    const n = instance.samples
    const before = subject({ ...expanded, step: 1, steps: 0 })
    const top = topEigenvalue(before.kernel, n, kernels)
    const step = top > 1e-9 ? instance.kappa / top : 0
    const residual = before.predictions.map((value, i) => value - expanded.targets[i]!)
    let quadratic = 0
    for (let i = 0; i < n; i++) {
      quadratic += residual[i]! * Vector.dot(before.kernel.subarray(i * n, (i + 1) * n), residual)
    }
    const after = subject({ ...expanded, step, steps: 1 })
    const expected = norm(
      squaredNorm(expanded.start),
      instance.depth,
      step,
      Vector.dot(residual, before.predictions),
      quadratic,
    )
    // relative to what is summed, which may cancel
    const scale = Math.max(1, squaredNorm(expanded.start), step * step * quadratic)
    return Margin.equal(squaredNorm(after.parameters), expected, { absolute: 1e-12 * scale })
  }

export const normLaw = law<Subject, Deep>({
  id: "catapults/norm-law",
  statement:
    "On a network of L homogeneous layers without biases a gradient step changes the squared norm of the parameters by - 2 L e <r, f> + e^2 <r, K r>, exactly.",
  source: derived("norm law, from Euler's identity"),
  instances: Draw.record<Deep>({
    ...sizesUpTo(8, 8, 32),
    depth: Draw.integer(2, 4),
    kappa: Draw.linear(1, 3),
    seed: Draw.seed(),
  }),
  margin: normMargin(Theory.squaredNormAfter),
  controls: [
    { name: "biases", margin: normMargin(Theory.squaredNormAfter, { bias: true }) },
    { name: "tanh", margin: normMargin(Theory.squaredNormAfter, { activation: "tanh" }) },
    {
      name: "the depth dropped",
      margin: normMargin((norm, _depth, ...rest) => Theory.squaredNormAfter(norm, 1, ...rest)),
    },
  ],
})

interface Loud extends Sizes {
  readonly scale: number
  readonly kappa: number
}

const loudMargin =
  (condition: typeof Theory.normMustFall) =>
  (subject: Subject, instance: Loud, { kernels }: Given): number => {
    const { start, ...rest } = expand(instance, kernels)
    const loud = start.map((value) => value * instance.scale)
    const problem = { ...rest, start: loud }
    const before = subject({ ...problem, step: 1, steps: 0 })
    const top = topEigenvalue(before.kernel, instance.samples, kernels)
    const step = top > 1e-9 ? instance.kappa / top : 0
    const residual = Vector.distance(before.predictions, rest.targets)
    if (!condition(residual, instance.kappa, Vector.norm(rest.targets))) return 1
    const after = subject({ ...problem, step, steps: 1 })
    return Margin.atMost(squaredNorm(after.parameters), squaredNorm(loud), 1e-12)
  }

export const loudLossShrinks = law<Subject, Loud>({
  id: "catapults/norm-falls-where-the-loss-is-large",
  statement:
    "Where |r| (4 - e lambda_max) > 4 |y|, a gradient step on a two-layer ReLU network without biases shortens the parameters.",
  source: derived("Meltzer and Liu 2023 argue that the norm falls where the loss is large"),
  instances: Draw.record<Loud>({
    ...sizesUpTo(8, 8, 64),
    scale: Draw.logarithmic(1, 5),
    kappa: Draw.linear(1, 3.9),
    seed: Draw.seed(),
  }),
  margin: loudMargin(Theory.normMustFall),
  controls: [
    { name: "whatever the labels", margin: loudMargin(() => true) },
    { name: "8 in place of 4", margin: loudMargin((r, kappa, y) => r * (8 - kappa) > 4 * y) },
  ],
})

interface Certified extends Sizes {
  /** Of the certified step. */
  readonly share: number
}

/** Of the features, n x d. */
const largestSingular = (
  features: Float64Array,
  { inputs, samples }: Sizes,
  { kernels }: Given,
): number => Svd.singularValues(features, samples, inputs, kernels)[0]!

const certifiedMargin =
  (certificate: typeof Theory.certifiedStep) =>
  (subject: Subject, instance: Certified, given: Given): number => {
    const { features, start, targets, ...rest } = expand(instance, given.kernels)
    const { inputs, share, width } = instance
    const sigma = largestSingular(features, instance, given)
    const step = share * certificate(sigma, squaredNorm(start), width, inputs)
    const problem = { ...rest, features, targets: targets.fill(0), step }
    let parameters = start
    let norm = squaredNorm(start)
    let margin = 1
    // every step of the first ones, and then from stretch to stretch
    for (const steps of [1, 1, 1, 1, 16, 40, 80]) {
      parameters = subject({ ...problem, start: parameters, steps }).parameters
      const next = squaredNorm(parameters)
      margin = Margin.all(margin, Margin.atMost(next, norm, 1e-12))
      norm = next
      if (!(norm < 1e12)) return -1
    }
    return margin
  }

export const certifiedRate = law<Subject, Certified>({
  id: "catapults/certified-rate",
  statement:
    "With labels 0 and e < 4 m d / (sigma_max(X)^2 |theta_0|^2), gradient descent on a two-layer ReLU network shortens its parameters forever: it cannot diverge, at any width.",
  source: derived("certified rate"),
  instances: Draw.record<Certified>({
    ...sizesUpTo(6, 6, 24),
    share: Draw.linear(0.99, 0.05),
    seed: Draw.seed(),
  }),
  margin: certifiedMargin(Theory.certifiedStep),
  controls: [
    {
      name: "the width once more",
      margin: certifiedMargin(
        (sigma, norm, width, inputs) => width * Theory.certifiedStep(sigma, norm, width, inputs),
      ),
    },
  ],
})

type Bound = typeof Theory.kernelBound

const boundMargin =
  (bound: Bound) =>
  (subject: Subject, instance: Sizes, given: Given): number => {
    const expanded = expand(instance, given.kernels)
    const { inputs, samples, width } = instance
    const { kernel } = subject({ ...expanded, step: 1, steps: 0 })
    const sigma = largestSingular(expanded.features, instance, given)
    return Margin.atMost(
      topEigenvalue(kernel, samples, given.kernels),
      bound(sigma, squaredNorm(expanded.start), width, inputs),
      1e-12,
    )
  }

export const kernelBound = law<Subject, Sizes>({
  id: "catapults/kernel-bound",
  statement:
    "The tangent kernel of a two-layer ReLU network without biases satisfies lambda_max(K) <= sigma_max(X)^2 |theta|^2 / (m d).",
  source: derived("bound of the tangent kernel by the norm"),
  instances: Draw.record<Sizes>({
    ...sizesUpTo(8, 8, 64),
    seed: Draw.seed(),
  }),
  margin: boundMargin(Theory.kernelBound),
  controls: [
    {
      name: "divided by the width twice",
      margin: boundMargin(
        (sigma, norm, width, inputs) => Theory.kernelBound(sigma, norm, width, inputs) / width,
      ),
    },
    {
      name: "the singular value not squared",
      margin: boundMargin((sigma, norm, width, inputs) =>
        Theory.kernelBound(Math.sqrt(sigma), norm, width, inputs),
      ),
    },
  ],
})

/** A step on labels 0 at the edge: what 4 in the condition is. */
export const zeroLabels = law<Subject, Loud>({
  id: "catapults/norm-never-grows-on-zero-labels",
  statement:
    "With labels 0 and e lambda_max(K) <= 4 a gradient step on a two-layer ReLU network without biases does not lengthen the parameters.",
  source: derived("norm law with labels 0"),
  instances: Draw.record<Loud>({
    ...sizesUpTo(8, 8, 64),
    scale: Draw.logarithmic(0.1, 5),
    kappa: Draw.linear(1, 4),
    seed: Draw.seed(),
  }),
  margin: (subject, instance, given) => zeroMargin(subject, instance, given, 1),
  controls: [
    {
      name: "twice the step",
      margin: (subject, instance, given) => zeroMargin(subject, instance, given, 2),
    },
  ],
})

const zeroMargin = (
  subject: Subject,
  instance: Loud,
  { kernels }: Given,
  times: number,
): number => {
  const { start, targets, ...rest } = expand(instance, kernels)
  const loud = start.map((value) => value * instance.scale)
  const problem = { ...rest, start: loud, targets: targets.fill(0) }
  const before = subject({ ...problem, step: 1, steps: 0 })
  const top = topEigenvalue(before.kernel, instance.samples, kernels)
  const step = top > 1e-9 ? (times * instance.kappa) / top : 0
  const after = subject({ ...problem, step, steps: 1 })
  const margin = Margin.atMost(squaredNorm(after.parameters), squaredNorm(loud), 1e-12)
  return Margin.all(margin, near(before.predictions.length, instance.samples, 0))
}
