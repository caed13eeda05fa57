/** Closed forms against what they are forms of. */
import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Flatness from "../../flatness/Flatness.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import { projectOff } from "../../perturbation/PerturbedStep.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import * as Theory from "../../theory/Theory.ts"
import { designs, dimensions } from "../support/Designs.ts"
import { exactProbes } from "../support/ExactProbes.ts"
import { exponentialValley } from "../support/ExponentialValley.ts"
import { matrix, symmetric, traceOf } from "../support/Matrices.ts"
import { fixed } from "../support/Moves.ts"
import { derived, recalled } from "../support/Paper.ts"

/** The trace of the Hessian, by central differences of the gradient. */
const differencedTrace = (objective: Objective, point: Float64Array): number => {
  const h = 1e-5
  const gradient = new Float64Array(point.length)
  const slopeAt = (j: number, shift: number): number => {
    objective.valueAndGradient(point.with(j, point[j]! + shift), gradient)
    return gradient[j]!
  }
  return point.reduce((sum, _, j) => sum + (slopeAt(j, h) - slopeAt(j, -h)) / (2 * h), 0)
}

export const tracesOfValleys = claim({
  id: "flat-minima/valleys",
  statement:
    "At the bottom of a(x) |y|^2 / 2, y in R^k, the trace of the Hessian is k a(x) and the flatness residual k |a'(x)| / d, here with a = e^(c x).",
  inFloatingPoint: "functions",
  source: derived("closed form of the valley"),
  instances: Draw.record({
    rate: Draw.linear(0.2, 1.5),
    sign: Draw.oneOf(1, -1),
    x: Draw.linear(0.2, 1),
    width: Draw.integer(1, 4),
    padding: Draw.integer(0, 3),
  }),
  value: Theory.valley.residual,
  margin: ({ instance: { padding, rate, sign, width, x }, value: residualOf }) => {
    const c = sign * rate
    const model = exponentialValley({ rate: c, width, padding })
    const d = model.dimension
    const point = new Float64Array(d)
    point[0] = x
    const a = Elementary.exp(c * x)
    const normal = TangentProjection.fromJacobian(model, point)
    const residual = Flatness.residual(model, point, normal, { step: 1e-3 })
    const trace = differencedTrace(model, point)
    return Margin.all(
      Margin.equal(Theory.exponentialValley.trace(x, c, width), trace, { relative: 1e-6 }),
      Margin.equal(Theory.valley.trace(a, width), trace, { relative: 1e-6 }),
      Margin.equal(residualOf(c * a, width, d), residual, { relative: 1e-5 }),
    )
  },
  controls: [
    {
      name: "the gradient of the trace, not of its mean",
      value: (slope, k) => k * Math.abs(slope),
    },
  ],
})

/** A bound on the gap from the length of the gradient and mu, and what it divides by mu times. */
interface LossGap {
  readonly bound: typeof Theory.lossGapBound
  readonly divisor: number
}

type Steep = Readonly<Record<"dimension" | "mu" | "seed", number>>

/** A quadratic with the least curvature mu along the first coordinate, and a point. */
const steep = ({ dimension, mu, seed }: Steep) => {
  const stream = RandomStream.make(Seed.root(seed))
  const spectrum = stream.normals(dimension).map((z, k) => (k === 0 ? mu : mu * (1 + Math.abs(z))))
  return { spectrum, x: stream.normals(dimension) }
}

export const lossGap = claim<Steep, LossGap>({
  id: "flat-minima/loss-gap",
  statement:
    "Under the Polyak-Lojasiewicz inequality f - min f <= |grad f|^2 / (2 mu), and along the flattest direction of a quadratic they are equal.",
  source: recalled("the inequality"),
  instances: Draw.record({
    mu: Draw.logarithmic(0.1, 10),
    dimension: Draw.integer(1, 5),
    seed: Draw.seed(),
  }),
  value: { bound: Theory.lossGapBound, divisor: 2 },
  margin: ({ instance, value: { bound } }) => {
    const { mu } = instance
    const { spectrum, x } = steep(instance)
    const gap = x.reduce((sum, value, k) => sum + (spectrum[k]! * (value * value)) / 2, 0)
    const gradient = x.map((value, k) => spectrum[k]! * value)
    return Margin.all(
      Margin.atMost(gap, bound(Vector.norm(gradient), mu), 1e-12),
      Margin.equal((mu * (x[0]! * x[0]!)) / 2, bound(Math.abs(gradient[0]!), mu), {
        relative: 1e-12,
      }),
    )
  },
  exactly: ({ instance, value: { divisor } }) => {
    const { spectrum, x } = steep(instance)
    const [mu, two] = [Exact.of(instance.mu), Exact.of(2)]
    const values = Array.from(x, Exact.of)
    const gradient = values.map((value, k) => Exact.multiply(Exact.of(spectrum[k]!), value))
    const bound = (square: Exact.Value) =>
      Exact.divide(square, Exact.multiply(Exact.of(divisor), mu))
    const gap = Exact.sum(...values.map((value, k) => Exact.multiply(value, gradient[k]!)))
    return Exact.worst(
      Exact.atMost(Exact.divide(gap, two), bound(Exact.sum(...gradient.map(Exact.square)))),
      Exact.equal(
        Exact.divide(Exact.multiply(values[0]!, gradient[0]!), two),
        bound(Exact.square(gradient[0]!)),
      ),
    )
  },
  controls: [
    {
      name: "without the factor 2",
      value: { bound: (gradient, mu) => (gradient * gradient) / mu, divisor: 1 },
    },
    {
      name: "a quarter",
      value: { bound: (gradient, mu) => (gradient * gradient) / (4 * mu), divisor: 4 },
    },
  ],
})

/** E (z' H z)^2 over random signs, by all of them. */
const squareOverSigns = (h: Float64Array, n: number): number => {
  let sum = 0
  for (let corner = 0; corner < Elementary.pow(2, n); corner++) {
    const z = Float64Array.from({ length: n }, (_, i) => ((corner >> i) & 1 ? 1 : -1))
    sum += Elementary.square(quadraticForm(h, z))
  }
  return sum / Elementary.pow(2, n)
}

const quadraticForm = (h: Float64Array, z: Float64Array): number =>
  h.reduce((sum, value, k) => sum + value * z[Math.floor(k / z.length)]! * z[k % z.length]!, 0)

export const probeVariances = claim<
  Draw.Drawn<ReturnType<typeof matrix>>,
  typeof Theory.probeVariance
>({
  id: "flat-minima/probe-variances",
  statement:
    "A probe of the trace of a symmetric H has variance 2 (|H|^2 - sum H_ii^2) for random signs, 2 |H|^2 for Gaussian probes and (2 d |H|^2 - 2 tr^2) / (d + 2) on the sphere of radius sqrt(d).",
  source: derived("fourth moments of the probes"),
  instances: matrix(2, 4),
  value: Theory.probeVariance,
  margin: ({ instance, value: variance }) => {
    const { dimension: n } = instance
    const d = dimensions.find((each) => each === n)!
    const h = symmetric(instance)
    const trace = traceOf(h, n)
    const square = Vector.dot(h, h)
    const diagonal = h.reduce((sum, value, k) => sum + (k % (n + 1) === 0 ? value * value : 0), 0)
    // of points on the sphere of radius 1; the square of a Gaussian length has second moment d (d + 2)
    const onSphere =
      designs[d].reduce((sum, g) => sum + Elementary.square(quadraticForm(h, g)), 0) /
      designs[d].length
    const tolerance = { absolute: 1e-12 * n * n * square }
    return Margin.all(
      Margin.equal(
        variance.rademacher(square, diagonal),
        squareOverSigns(h, n) - trace * trace,
        tolerance,
      ),
      Margin.equal(variance.gaussian(square), n * (n + 2) * onSphere - trace * trace, tolerance),
      Margin.equal(variance.sphere(square, trace, n), n * n * onSphere - trace * trace, tolerance),
    )
  },
  exactly: ({ instance, value: variance }) => {
    const { dimension: n } = instance
    const d = dimensions.find((each) => each === n)!
    return exactProbes(symmetric(instance), n, designs[d], variance)
  },
  controls: [
    {
      name: "d for d + 2",
      value: {
        ...Theory.probeVariance,
        sphere: (square, trace, d) => (2 * d * square - 2 * trace * trace) / d,
      },
    },
    {
      name: "signs as if Gaussian",
      value: { ...Theory.probeVariance, rademacher: (square) => 2 * square },
    },
  ],
})

export const lanczosShortfall = claim({
  id: "flat-minima/lanczos-shortfall",
  statement:
    "From a random start k steps of Lanczos fall short of the largest of d eigenvalues by a share s with 1.648 sqrt(d) e^(-sqrt(s) (2 k - 1)) = p at most, but for a chance of p.",
  inFloatingPoint: "spectrum",
  source: recalled("Kuczynski, Wozniakowski 1992, theorem 4.2"),
  instances: Draw.record({
    dimension: Draw.integer(20, 60),
    steps: Draw.integer(4, 10),
    /** -log10 of the chance. */
    digits: Draw.integer(9, 12),
    seed: Draw.seed(),
  }),
  value: Theory.lanczosShortfall,
  margin: ({ instance: { digits, dimension: n, seed, steps }, kernels, value: shortfall }) => {
    const failure = Elementary.pow(10, -digits)
    const share = shortfall(n, steps, failure)
    const chance = 1.648 * Math.sqrt(n) * Elementary.exp(-Math.sqrt(share) * (2 * steps - 1))
    const spectrum = RandomStream.make(Seed.root(seed))
      .normals(n)
      .map((z) => z * z)
    const { values } = Lanczos.topEigenpairs(
      (v, out) => v.forEach((x, i) => (out[i] = spectrum[i]! * x)),
      {
        dimension: n,
        count: 1,
        seed: Seed.root(seed),
        subspace: steps + 2,
        maxProducts: steps + 1,
        kernels,
      },
    )
    const found = 1 - values[0]! / Math.max(...spectrum)
    return Margin.all(
      Margin.equal(chance, failure, { relative: 1e-9 }),
      Margin.atMost(found, share),
    )
  },
  controls: [
    {
      name: "a step more",
      value: (d, steps, failure) => Theory.lanczosShortfall(d, steps + 1, failure),
    },
    {
      name: "whatever the dimension",
      value: (_, steps, failure) => Theory.lanczosShortfall(1, steps, failure),
    },
  ],
})

/** `(x_1 + 3 x_2 + 5 x_3 + ...)^2 / 2`: of whole numbers and powers of two all gradients are exact. */
const ridge = (dimension: number): Objective => ({
  name: "ridge",
  dimension,
  constants: {},
  valueAndGradient: (x, gradient) => {
    const sum = x.reduce((total, value, j) => total + (2 * j + 1) * value, 0)
    for (let j = 0; j < dimension; j++) gradient[j] = (2 * j + 1) * sum
    return (sum * sum) / 2
  },
})

type MoveOf = (objective: Objective, point: Float64Array, radius: number) => Float64Array

const first = (dimension: number) =>
  Float64Array.from({ length: dimension }, (_, j) => (j === 0 ? 1 : 0))

const stepped: MoveOf = (objective, point, radius) => {
  const method = smoothedPerturbation({
    learningRate: 0.1,
    plainLearningRate: 0.1,
    radius,
    gradientThreshold: Number.POSITIVE_INFINITY,
    draws: fixed(first(objective.dimension)),
  })
  const state = method.init(objective, point)
  method.step(state)
  return state.move
}

/** The projection of the perturbed gradient itself. */
const projectedWhole: MoveOf = (objective, point, radius) => {
  const gradient = new Float64Array(point.length)
  const perturbed = gradient.slice()
  objective.valueAndGradient(point, gradient)
  objective.valueAndGradient(point.with(0, point[0]! + radius), perturbed)
  projectOff(perturbed, gradient, Vector.norm(gradient), Vector.norm(perturbed))
  return perturbed
}

export const moveOfASteepGradient = claim<
  Readonly<Record<"bits" | "dimension" | "height", number>>,
  MoveOf
>({
  id: "flat-minima/move-of-a-steep-gradient",
  statement:
    "Where the loss varies along one direction alone, the smoothed perturbation leaves no move, to the rounding of the radius and not of the gradient.",
  source: derived("G is taken off before the projection"),
  instances: Draw.record({
    dimension: Draw.integer(2, 8),
    /** The radius is 2 to the minus this. */
    bits: Draw.integer(20, 30),
    height: Draw.integer(1, 1000),
  }),
  value: stepped,
  margin: ({ instance: { bits, dimension, height }, value: moveOf }) => {
    const radius = Elementary.powerOfTwo(-bits)
    const objective = ridge(dimension)
    const move = moveOf(objective, new Float64Array(dimension).fill(height), radius)
    return Margin.atMost(Vector.norm(move), 1e-14 * radius * dimension * dimension)
  },
  exactly: ({ instance: { bits, dimension, height }, value: moveOf }) => {
    const radius = Elementary.powerOfTwo(-bits)
    const move = moveOf(ridge(dimension), new Float64Array(dimension).fill(height), radius)
    const most = Exact.product(Exact.of("1e-14"), Exact.of(radius), Exact.of(dimension * dimension))
    return Exact.atMost(Exact.norm(Exact.vector(move)), most)
  },
  controls: [{ name: "the perturbed gradient projected, G and all", value: projectedWhole }],
})
