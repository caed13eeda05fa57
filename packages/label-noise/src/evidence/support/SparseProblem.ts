import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"

/** The setting of the published benchmark (HaoChen, Wei, Lee, Ma 2021, as recalled). */
export const benchmark = {
  dimension: 100,
  samples: 40,
  nonzero: 5,
  learningRate: 0.01,
  noise: 1,
  steps: 300_000,
  seeds: 3,
}

type Setting = Readonly<typeof benchmark>

/**
 * Regression `f(x) = (v * v) . x` with more weights than samples and mostly zero weights. The data are Gaussian, n x d and
 * row-major. The labels come from true weights whose first `nonzero` are not 0.
 */
export const sparseProblem = (
  seed: Seed.Seed,
  { dimension: d, nonzero, samples }: Pick<Setting, "dimension" | "nonzero" | "samples">,
) => {
  const features = RandomStream.make(seed.child("features")).normals(samples * d)
  const truth = Float64Array.from({ length: d }, (_, k) => (k < nonzero ? 1 : 0))
  const labels = Float64Array.from({ length: samples }, (_, i) =>
    Vector.dot(features.subarray(i * d, (i + 1) * d), truth),
  )
  return { dimension: d, samples, features, labels, truth }
}

type SparseProblem = ReturnType<typeof sparseProblem>

/** Adds the gradient of sample i, `(r - error) x_i * v`, to `gradient`; the loss is `sum r^2 / 4 n`. */
const addGradient = (
  { dimension: d, features, labels }: SparseProblem,
  v: Float64Array,
  i: number,
  error: number,
  gradient: Float64Array,
): number => {
  const from = i * d
  let r = -labels[i]! - error
  for (let k = 0; k < d; k++) r += features[from + k]! * v[k]! * v[k]!
  for (let k = 0; k < d; k++) gradient[k]! += r * features[from + k]! * v[k]!
  return r
}

type Descent = Pick<Setting, "learningRate" | "steps">

/** Divides the learning rate by 10 at a third and again at two thirds of the steps. */
const rateAt = ({ learningRate, steps }: Descent, step: number): number =>
  learningRate * Elementary.pow(0.1, Math.floor((3 * step) / steps))

/**
 * Weights `v * v` after stochastic gradient descent from ones, with one sample a step and label noise of plus or minus `noise`.
 */
export const noisyWeights = (
  problem: SparseProblem,
  descent: Descent & { readonly noise: number },
  seed: Seed.Seed,
): Float64Array => {
  const { dimension, samples } = problem
  const [chosen, errors] = ["indices", "noise"].map((label) => RandomStream.make(seed.child(label)))
  const v = new Float64Array(dimension).fill(1)
  const gradient = new Float64Array(dimension)
  for (let step = 0; step < descent.steps; step++) {
    gradient.fill(0)
    addGradient(problem, v, chosen!.integer(samples), descent.noise * errors!.sign(), gradient)
    Vector.axpy(-rateAt(descent, step), gradient, v)
  }
  return v.map((value) => value * value)
}

/** Weights after gradient descent from ones, until all residuals are below 1e-12 or the steps are used up. */
export const plainWeights = (problem: SparseProblem, descent: Descent): Float64Array => {
  const { dimension, samples } = problem
  const v = new Float64Array(dimension).fill(1)
  const gradient = new Float64Array(dimension)
  for (let step = 0; step < descent.steps; step++) {
    gradient.fill(0)
    let worst = 0
    for (let i = 0; i < samples; i++) {
      worst = Math.max(worst, Math.abs(addGradient(problem, v, i, 0, gradient)))
    }
    if (worst < 1e-12) break
    Vector.axpy(-rateAt(descent, step) / samples, gradient, v)
  }
  return v.map((value) => value * value)
}

/** Squared distance from the true weights. */
export const testError = ({ truth }: SparseProblem, weights: Float64Array): number =>
  Elementary.square(Vector.distance(weights, truth))

/**
 * Costs c (mean squares of columns) for which the sharpness of an interpolating network is the linear function
 * `4 n sum_k c_k w_k`.
 */
export const costs = ({ dimension: d, features, samples }: SparseProblem): Float64Array =>
  Float64Array.from({ length: d }, (_, k) => {
    let sum = 0
    for (let i = 0; i < samples; i++) sum += Elementary.square(features[i * d + k]!)
    return sum / samples
  })
