/** The trace of the Hessian: exact of piecewise linear networks, and estimated. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Operator from "@nonconvex/numerics/Operator"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type * as Activation from "@nonconvex/problems/network/Activation"
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import { exactTrace } from "@nonconvex/problems/network/ExactTrace"
import type { Network } from "@nonconvex/problems/network/Network"
import * as Theory from "../../theory/Theory.ts"
import { exactVariance, exactVariances } from "../support/ExactProbes.ts"
import { matrix, symmetric, traceOf } from "../support/Matrices.ts"
import {
  type Bends,
  expand,
  networkInstance,
  type NetworkInstance,
  unrolled,
} from "../support/Networks.ts"
import { derived } from "../support/Paper.ts"
import { hutchinson, type Probe } from "../support/Probes.ts"

type Any = Network<Architecture.Architecture>

/** The trace of each layer's block of the Hessian, by products with unit vectors. */
const byProducts = (objective: Any, point: Float64Array): ReadonlyArray<number> => {
  const unit = new Float64Array(objective.dimension)
  const out = new Float64Array(objective.dimension)
  const { layers } = objective.architecture
  return layers.map((layer, l) => {
    const end = layers[l + 1]?.weights ?? objective.dimension
    let sum = 0
    for (let i = layer.weights; i < end; i++) {
      unit[i] = 1
      objective.hessianVector(point, unit, out)
      sum += out[i]!
      unit[i] = 0
    }
    return sum
  })
}

const sumOf = (values: Iterable<number>): number => {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

const close = (found: Float64Array, expected: ReadonlyArray<number>): Margin.Comparison => {
  const scale = 1 + sumOf(expected.map(Math.abs))
  return Margin.all(
    ...expected.map((value, l) => Margin.equal(found[l]!, value, { absolute: 1e-11 * scale })),
  )
}

/** Samples that do not pass through a network together. */
const severalBlocks = 300

const repeated = (features: Float64Array, times: number): Float64Array => {
  const all = new Float64Array(times * features.length)
  for (let k = 0; k < times; k++) all.set(features, k * features.length)
  return all
}

const compare = (
  instance: NetworkInstance,
  given: Given,
  activation: Activation.Activation,
  change: (layers: Float64Array) => void,
): Margin.Comparison => {
  const { data, objective, point } = expand(instance, given, activation)
  const { layers, trace } = objective.exactTrace!(point)
  change(layers)
  const expected = byProducts(objective, point)
  const { architecture, size } = objective
  const features = repeated(data.features, Math.ceil(severalBlocks / size))
  const { curvature: loss } = data.loss
  const often = exactTrace({ ...data, architecture, features, loss })(point)
  return Margin.all(
    close(layers, expected),
    close(Float64Array.of(trace), [sumOf(expected)]),
    // a mean over data that are there several times is the mean over them, in however many blocks they pass
    close(often.layers, expected),
  )
}
const keep = (): void => {
  // the traces as they are
}

/** tr A' A of the Gauss-Newton factor against tr Hess. */
const gaussNewton = (instance: NetworkInstance, given: Given, bends: Bends): Margin.Comparison => {
  const { objective, point } = expand(instance, given, bends)
  const factor = new Float64Array(objective.gaussNewton.rows * point.length)
  objective.gaussNewton.factor(point, factor)
  const expected = sumOf(byProducts(objective, point))
  return Margin.equal(Vector.dot(factor, factor), expected, {
    absolute: 1e-11 * (1 + Math.abs(expected)),
  })
}

export const exactTraceOfPiecewiseLinearNetworks = claim({
  id: "flat-minima/exact-trace-of-piecewise-linear-networks",
  statement:
    "Of a network with piecewise linear activations, with convolutions, pools and residual blocks or without, the trace of the Hessian and of each layer's block is that of the Gauss-Newton matrix, which one backward sweep an output gives.",
  inFloatingPoint: "agreement",
  source: derived("affine in the parameters of each layer"),
  instances: networkInstance("dense", "convolution", "residual"),
  margin: ({ instance, kernels }) =>
    Margin.all(
      compare(instance, { kernels }, "relu", keep),
      compare(instance, { kernels }, "identity", keep),
      gaussNewton(instance, { kernels }, "relu"),
    ),
  controls: [
    {
      name: "tanh: the Gauss-Newton trace is not that of the Hessian",
      margin: ({ instance, kernels }) => gaussNewton(instance, { kernels }, "tanh"),
    },
    {
      name: "tanh in one residual block only",
      instances: networkInstance("residual"),
      margin: ({ instance, kernels }) =>
        gaussNewton(instance, { kernels }, "relu, tanh in the block"),
    },
    {
      name: "the last layer counted twice",
      margin: ({ instance, kernels }) =>
        compare(instance, { kernels }, "relu", (layers) => {
          layers[layers.length - 1]! *= 2
        }),
    },
    {
      name: "a convolution written out as a dense layer, whose weights are not shared",
      instances: networkInstance("convolution"),
      margin: ({ instance, kernels }) => {
        const { objective, point } = expand(instance, { kernels }, "relu")
        const dense = unrolled(instance, { kernels }, objective, point)
        const { layers } = dense.objective.exactTrace!(dense.point)
        return close(layers, byProducts(objective, point))
      },
    },
  ],
})

export const gradientOfTheExactTrace = claim({
  id: "flat-minima/gradient-of-the-exact-trace",
  statement:
    "On its linear piece the gradient of that trace is 2 / n times the sum of Hess (s_k . f_i) grad (s_k . f_i), s_k s_k' the factors of the output's curvature, plus the part by which the factors move.",
  inFloatingPoint: "agreement",
  source: derived("the gradient of a squared gradient"),
  instances: networkInstance("dense", "convolution", "residual"),
  value: (_gradient: Float64Array): void => {},
  /** The slope of the exact trace along its gradient, against the gradient's square; `change` tampers with the gradient. */
  margin: ({ instance, kernels, value: change }) => {
    const { objective, point } = expand(instance, { kernels }, "relu")
    const { gradient, value } = objective.hessianTrace!
    const slope = new Float64Array(point.length)
    gradient(point, slope)
    const direction = slope.slice()
    Vector.normalise(direction)
    change(slope)
    const expected = Vector.dot(slope, direction)
    // where a kink lies between two points a smaller step has none
    const errors = [1e-4, 1e-5, 1e-6, 1e-7].map((h) => {
      const [ahead, behind] = [h, -h].map((t) => value(point.map((x, j) => x + t * direction[j]!)))
      return Math.abs((ahead! - behind!) / (2 * h) - expected)
    })
    return Margin.atMost(Math.min(...errors), 1e-5 * (1 + value(point) + Math.abs(expected)))
  },
  controls: [{ name: "half of it", value: (gradient) => Vector.scale(0.5, gradient) }],
})

const squareOf = (h: Float64Array): number => Vector.dot(h, h)
const diagonalSquare = (h: Float64Array, n: number): number => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += Elementary.square(h[i * n + i]!)
  return sum
}

/** Mean and variance of z' H z over all sign vectors. */
const enumerate = (
  h: Float64Array,
  n: number,
  kernels: Kernels.Kernels,
): readonly [number, number] => {
  const z = new Float64Array(n)
  const out = new Float64Array(n)
  const multiply = Operator.fromMatrix(h, n, n, kernels)
  const count = Elementary.pow(2, n)
  const values = new Float64Array(count)
  for (let corner = 0; corner < count; corner++) {
    for (let i = 0; i < n; i++) z[i] = (corner >> i) & 1 ? 1 : -1
    multiply(z, out)
    values[corner] = Vector.dot(z, out)
  }
  const mean = values.reduce((sum, value) => sum + value / count, 0)
  return [mean, values.reduce((sum, value) => sum + Elementary.square(value - mean) / count, 0)]
}
const rademacherVariance = (h: Float64Array, n: number) =>
  Theory.probeVariance.rademacher(squareOf(h), diagonalSquare(h, n))
export const hutchinsonVariance = claim({
  id: "flat-minima/hutchinson-variance",
  statement:
    "Over all sign vectors, the mean of z' H z is tr H and its variance 2 sum over i != j of H_ij^2.",
  source: derived("variance of Hutchinson's estimator, by enumeration"),
  instances: matrix(1, 10),
  value: {
    of: rademacherVariance,
    exactly: exactVariances.rademacher,
  },
  margin: ({ instance, kernels, value: { of: variance } }) => {
    const n = instance.dimension
    const h = symmetric(instance)
    const [mean, spread] = enumerate(h, n, kernels)
    const scale = 1e-12 * (1 + Vector.norm(h))
    return Margin.all(
      Margin.equal(mean, traceOf(h, n), { absolute: scale }),
      Margin.equal(spread, variance(h, n), { relative: 1e-12, absolute: scale }),
    )
  },
  exactly: ({ instance, value: { exactly } }) =>
    exactVariance(symmetric(instance), instance.dimension, exactly),
  controls: [
    {
      name: "the variance of Gaussian probes",
      value: {
        of: (h) => Theory.probeVariance.gaussian(squareOf(h)),
        exactly: exactVariances.gaussian,
      },
    },
    {
      name: "the variance of probes on the sphere",
      value: {
        of: (h, n) => Theory.probeVariance.sphere(squareOf(h), traceOf(h, n), n),
        exactly: exactVariances.sphere,
      },
      instances: matrix(2, 10),
    },
  ],
})

const spread = Draw.record({
  dimension: Draw.integer(3, 8),
  seed: Draw.seed(),
  probe: Draw.oneOf("gaussian", "sphere", "rademacher"),
})
const probes = 2000
export const traceErrorBars = claim({
  id: "flat-minima/trace-error-bars",
  statement:
    "2,000 Rademacher, Gaussian or sphere probes come within 6 standard errors of the trace, and report that error to 25 %.",
  inFloatingPoint: "statistical",
  source: derived("variances of the three probes"),
  instances: spread,
  value: 1,
  /**
   * The library's estimate within 6 standard errors by the formula, and its error bar within 25 %: for Gaussian chaos of order two
   * the chance of a false alarm is below 1e-6 in a run.
   */
  margin: ({ instance, kernels, value: factor }) => {
    const n = instance.dimension
    const h = symmetric(instance)
    const [square, trace] = [squareOf(h), traceOf(h, n)]
    const variance = {
      gaussian: () => Theory.probeVariance.gaussian(square),
      sphere: () => Theory.probeVariance.sphere(square, trace, n),
      rademacher: () => rademacherVariance(h, n),
    }[instance.probe]()
    const found = hutchinson(Operator.fromMatrix(h, n, n, kernels), {
      dimension: n,
      probes,
      probe: instance.probe,
      seed: Seed.root(instance.seed),
    })
    const error = Math.sqrt((factor * variance) / probes)
    return Margin.all(
      Margin.equal(found.estimate, trace, { absolute: 6 * error }),
      Margin.equal(found.standardError, error, { relative: 0.25 }),
    )
  },
  controls: [
    { name: "half of the variance", value: 0.5 },
    { name: "twice the variance", value: 2 },
  ],
})

const shifted = (probe: Probe, more: Probe) =>
  Draw.record({
    dimension: Draw.integer(2, 12),
    seed: Draw.seed(),
    probe: Draw.oneOf(probe, more),
    shift: Draw.linear(1, -5),
  })
export const traceEstimatesAreLinear = claim({
  id: "flat-minima/trace-estimates-are-linear",
  statement:
    "With common probes estimates are linear in the operator, and adding tau I adds exactly tau d for Rademacher and sphere probes.",
  inFloatingPoint: "agreement",
  source: derived("|z|^2 = d"),
  instances: shifted("rademacher", "sphere"),
  margin: ({ instance, kernels }) => {
    const n = instance.dimension
    const h = symmetric(instance)
    const k = symmetric({ ...instance, seed: instance.seed ^ 0x5555 })
    const estimateOf = (a: number, b: number, shift: number) => {
      const sum = h.map((value, i) => a * value + b * k[i]!)
      for (let i = 0; i < n; i++) sum[i * n + i]! += shift
      return hutchinson(Operator.fromMatrix(sum, n, n, kernels), {
        dimension: n,
        probes: 3,
        probe: instance.probe,
        seed: Seed.root(instance.seed),
      }).estimate
    }
    const scale = 1e-12 * (1 + Math.abs(instance.shift)) * (Vector.norm(h) + Vector.norm(k)) * n
    return Margin.all(
      Margin.equal(estimateOf(2, -3, 0), 2 * estimateOf(1, 0, 0) - 3 * estimateOf(0, 1, 0), {
        absolute: 10 * scale,
      }),
      Margin.equal(estimateOf(1, 0, instance.shift), estimateOf(1, 0, 0) + n * instance.shift, {
        absolute: scale,
      }),
    )
  },
  controls: [{ name: "Gaussian probes", instances: shifted("gaussian", "gaussian") }],
})
