/** The noise as the theory has it: its mean squares, its largest eigenvalue, and the epsilon that it gives. Thresholds hold at six standard errors or more: a false alarm in 1e9 trials. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as LowRank from "../../components/LowRank.ts"
import * as Gaps from "../../eigenvalues/Gaps.ts"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import { unsafeNoiseInto } from "../../noise/Idealised.ts"
import * as Mechanism from "../../noise/Mechanism.ts"
import * as Public from "../../privacy/Public.ts"
import type { Neighbours } from "../../privacy/Target.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { corrected, derived, recalled } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

const scaled = Draw.record({ scale: Draw.logarithmic(1, 100), seed: Draw.seed() })
type Scaled = Draw.Drawn<typeof scaled>

/** Moments of `n` noises with the deviation `off` times the scale beside the diagonal. */
export const momentMargin = (
  { scale, seed }: Scaled,
  { kernels }: Given,
  off: number,
  n = 4000,
): Margin.Comparison => {
  const stream = streamOf(seed, "noise")
  const real = new Float64Array(4)
  const zero = new Float64Array(4)
  const sums = new Float64Array(4)
  for (let k = 0; k < n; k++) {
    unsafeNoiseInto(zero, 2, scale, off * scale, stream, kernels, real)
    const im = ComplexNoise.imaginaryNoise(2, Math.SQRT1_2 * scale, stream)
    sums[0]! += Elementary.square(real[0]! / scale) / n
    sums[1]! += (2 * Elementary.square(real[1]! / scale)) / n
    sums[2]! += (2 * Elementary.square(im[1]! / scale)) / n
    sums[3]! += (2 * real[1]! * im[2]!) / (scale * scale) / n
  }
  return Margin.all(
    ...[0, 1, 2].map((i) => Margin.equal(sums[i]!, 1, { absolute: 6.5 * Math.sqrt(2 / n) })),
    Margin.equal(sums[3]!, 0, { absolute: 6.5 / Math.sqrt(n) }),
  )
}

/** That noise is one normal an entry of the lower triangle, by rows, whatever way it is written. */
const orderMargin = ({ scale, seed }: Scaled, { kernels }: Given): Margin.Comparison => {
  const margins = [1, 3, 4, 7, 8, 13].map((d) => {
    const matrix = streamOf(seed, "matrix").normals(d * d)
    const written = new Float64Array(d * d)
    unsafeNoiseInto(matrix, d, 2 * scale, scale, streamOf(seed, "order"), kernels, written)
    const normals = streamOf(seed, "order").normals((d * (d + 1)) / 2)
    let next = 0
    let isSame = true
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        const value = matrix[i * d + j]! + (i === j ? 2 : 1) * scale * normals[next++]!
        isSame &&= written[i * d + j] === value && written[j * d + i] === value
      }
    }
    return Margin.holds(isSame)
  })
  return Margin.all(...margins)
}

/** So many normals that of a single word of 32 bits each two of them would be the same, and of two words once in 10^9. */
const many = 2 ** 16

/** Whether normals are as fine as float64: among many no two are the same. */
const areFine = (seed: number): boolean =>
  new Set(streamOf(seed, "normals").normals(many)).size === many

export const moments = claim({
  id: "dp-lowrank/noise-moments",
  statement:
    "The noise has variance s^2 on the diagonal, s^2 / 2 off it in the real and in the imaginary part, and these are uncorrelated; it is drawn by the rows of the lower triangle.",
  inFloatingPoint: "statistical",
  source: derived("isotropic noise in Frobenius-isometric coordinates"),
  instances: scaled,
  value: Math.SQRT1_2,
  margin: ({ instance, kernels, value: off }) =>
    Margin.all(
      momentMargin(instance, { kernels }, off),
      orderMargin(instance, { kernels }),
      Margin.holds(areFine(instance.seed)),
    ),
  controls: [{ name: "one variance on the whole upper triangle", value: 1 }],
})

const edges = Draw.record({
  dimension: Draw.integer(2, 40),
  beta: Draw.oneOf(1, 2),
  seed: Draw.seed(),
})
type Edge = Draw.Drawn<typeof edges>

/** The largest eigenvalue of `n` noises, against the limit for a part of the variance. */
export const edgeMargin = (
  { beta, dimension, seed }: Edge,
  { kernels }: Given,
  part: number,
  n = 500,
): Margin.Comparison => {
  const v = NoiseEnsemble.ensembleVariance(beta, 1)
  const limit =
    NoiseEnsemble.noiseEdge(part * v, dimension) +
    6.5 * part * NoiseEnsemble.isometricScale(beta, v)
  const spectra = Gaps.sampleSpectra(n, dimension, beta, streamOf(seed, "spectra"), kernels)
  let largest = 0
  for (let at = 0; at < spectra.length; at += dimension) largest = Math.max(largest, spectra[at]!)
  return Margin.atMost(largest, limit)
}

/** That the bound on the norm of real noise leaves both ends together the failure that it is asked for. */
const normMargin = ({ dimension }: Edge, part: number): Margin.Comparison => {
  const v = NoiseEnsemble.ensembleVariance(1, 1)
  const margins = [0.5, 0.05, 1e-6].flatMap((failure) => {
    const above =
      NoiseEnsemble.noiseNorm(v, dimension, failure) - NoiseEnsemble.noiseEdge(v, dimension)
    const deviations = above / NoiseEnsemble.isometricScale(1, part * v)
    const ends = 2 * Elementary.exp(-Elementary.square(deviations) / 2)
    return [Margin.atLeast(above, 0), Margin.equal(ends, failure, { relative: 1e-9 })]
  })
  return Margin.all(...margins)
}

export const edge = claim({
  id: "dp-lowrank/largest-eigenvalue-of-the-noise",
  statement:
    "lambda_max exceeds 2 sqrt(v d) + t with probability at most exp(-t^2 / (2 s_F^2)): never seen at t = 6.5 s_F. The bound on the norm of real noise is where both ends together have the failure that is asked for.",
  inFloatingPoint: "statistical",
  source: recalled("Gaussian concentration", "norm of Gaussian matrices"),
  instances: edges,
  value: 1,
  margin: ({ instance, kernels, value: part }) =>
    Margin.all(edgeMargin(instance, { kernels }, part), normMargin(instance, part)),
  controls: [
    { name: "a quarter of the variance", value: 0.25 },
    {
      name: "a quarter of the variance of what is drawn",
      margin: ({ instance, kernels }) => edgeMargin(instance, { kernels }, 0.25),
    },
  ],
})

const spikes = Draw.record({
  dimension: Draw.integer(60, 80),
  /** The eigenvalue, in units of sqrt(v d). */
  spike: Draw.linear(3, 6),
  scale: Draw.logarithmic(1, 100),
  seed: Draw.seed(),
})

export const shrinkage = claim({
  id: "dp-lowrank/shrunk-eigenvalue",
  statement:
    "An eigenvalue s above sqrt(v d) is seen at l = s + v d / s; what shrinks it gives s - v d / s, the best value for the noisy eigenvector: s times the squared overlap on average, to 0.3 sqrt(v d) over 16 matrices of 60 to 80 dimensions.",
  inFloatingPoint: "statistical",
  source: recalled("limits of spiked Wigner matrices", "eigenvalue and eigenvector of a spike"),
  instances: spikes,
  value: NoiseEnsemble.shrunkEigenvalue,
  margin: ({ instance: { dimension: d, scale, seed, spike }, kernels, value: shrunk }) => {
    const unit = scale * Math.sqrt(d)
    const [s, v] = [spike * unit, scale * scale]
    const noisy = new Float64Array(d * d)
    const matrix = new Float64Array(d * d)
    matrix[0] = s
    const stream = streamOf(seed, "noise")
    const draws = 16
    let excess = 0
    for (let k = 0; k < draws; k++) {
      unsafeNoiseInto(matrix, d, Math.SQRT2 * scale, scale, stream, kernels, noisy)
      const { values, vectors } = LowRank.topK({ dimension: d, matrix: noisy }, 1, kernels)
      excess += (shrunk(values[0]!, v, d) - s * Elementary.square(vectors[0]!)) / draws
    }
    return Margin.all(
      Margin.equal(shrunk(s + (v * d) / s, v, d), s - (v * d) / s, { relative: 1e-9 }),
      Margin.equal(excess, 0, { absolute: 0.3 * unit }),
    )
  },
  controls: [
    { name: "the eigenvalue as it is", value: (value) => value },
    {
      name: "the square of the edge taken once",
      value: (value, v, d) => Math.sqrt(value * value - 2 * v * d),
    },
  ],
})

export const printedTargets = (neighbours: Neighbours) =>
  Draw.record({
    epsilon: Draw.oneOf(1, 0.5, 2, 5),
    digits: Draw.integer(6, 10),
    neighbours: Draw.oneOf(neighbours),
  })
type Printed = Draw.Drawn<ReturnType<typeof printedTargets>>

/** Whether a mechanism delivers at most the epsilon of its target. */
export const deliveredMargin =
  (name: Mechanism.Name) =>
  ({ digits, epsilon, neighbours }: Printed): Margin.Comparison => {
    const target = { epsilon, delta: Elementary.pow(10, -digits), neighbours }
    const mechanism = Mechanism.named(name, { ...target, bound: Public.bound(1) })
    return Margin.atMost(Mechanism.deliveredEpsilon(mechanism), epsilon, 1e-9)
  }

export const delivered = claim({
  id: "dp-lowrank/noise-delivers",
  statement:
    "Noise calibrated to the sensitivity of its neighbours, in its own coordinates, delivers the epsilon asked for.",
  inFloatingPoint: "functions",
  source: corrected("Theorem 1, the privacy of the noise"),
  instances: printedTargets("replace"),
  value: ["isotropic", "complex", "upper-triangle"],
  margin: ({ instance, value: names }) =>
    Margin.all(...names.map((name) => deliveredMargin(name)(instance))),
  controls: [
    {
      name: "the upper triangle as printed, where rows are replaced",
      value: ["upper-triangle-as-printed"],
    },
  ],
})
