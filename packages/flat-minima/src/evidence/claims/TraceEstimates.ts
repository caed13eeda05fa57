/** The mean, the variance and the linearity of estimates of a trace by random probes. */
import { claim, Draw, Margin, parametrised } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Operator from "@nonconvex/numerics/Operator"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { matrix, symmetric, traceOf } from "../support/Matrices.ts"
import { derived } from "../support/Paper.ts"
import { hutchinson, type Probe } from "../support/Probes.ts"

const squareOf = (h: Float64Array): number => Vector.dot(h, h)
const diagonalSquare = (h: Float64Array, n: number): number => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += h[i * n + i]! ** 2
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
  const count = 2 ** n
  const values = new Float64Array(count)
  for (let corner = 0; corner < count; corner++) {
    for (let i = 0; i < n; i++) z[i] = (corner >> i) & 1 ? 1 : -1
    multiply(z, out)
    values[corner] = Vector.dot(z, out)
  }
  const mean = values.reduce((sum, value) => sum + value / count, 0)
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2 / count, 0)]
}
const rademacherVariance = (h: Float64Array, n: number) =>
  Theory.probeVariance.rademacher(squareOf(h), diagonalSquare(h, n))
export const hutchinsonVariance = parametrised({
  id: "flat-minima/hutchinson-variance",
  statement:
    "Over all sign vectors, the mean of z' H z is tr H and its variance 2 sum over i != j of H_ij^2.",
  source: derived("variance of Hutchinson's estimator, by enumeration"),
  instances: matrix(1, 10),
  margin: (instance, { kernels }, variance) => {
    const n = instance.dimension
    const h = symmetric(instance)
    const [mean, spread] = enumerate(h, n, kernels)
    const scale = 1e-12 * (1 + Vector.norm(h))
    return Margin.all(
      Margin.equal(mean, traceOf(h, n), { absolute: scale }),
      Margin.equal(spread, variance(h, n), { relative: 1e-12, absolute: scale }),
    )
  },
  holds: rademacherVariance,
  fails: [
    ["the variance of Gaussian probes", (h) => Theory.probeVariance.gaussian(squareOf(h))],
    [
      "the variance of probes on the sphere",
      (h, n) => Theory.probeVariance.sphere(squareOf(h), traceOf(h, n), n),
      matrix(2, 10),
    ],
  ],
})

const spread = Draw.record({
  dimension: Draw.integer(3, 8),
  seed: Draw.seed(),
  probe: Draw.oneOf("gaussian", "sphere", "rademacher"),
})
const probes = 2000
export const traceErrorBars = parametrised({
  id: "flat-minima/trace-error-bars",
  statement:
    "2,000 Rademacher, Gaussian or sphere probes come within 6 standard errors of the trace, and report that error to 25 %.",
  source: derived("variances of the three probes"),
  instances: spread,
  /**
   * The library's estimate within 6 standard errors by the formula, and its error bar within 25 %: for Gaussian chaos of order two
   * the chance of a false alarm is below 1e-6 in a run.
   */
  margin: (instance, { kernels }, factor) => {
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
  holds: 1,
  fails: [
    ["half of the variance", 0.5],
    ["twice the variance", 2],
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
  source: derived("|z|^2 = d"),
  instances: shifted("rademacher", "sphere"),
  margin: (instance, { kernels }) => {
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
