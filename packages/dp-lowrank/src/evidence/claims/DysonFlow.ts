/** How eigenvalues drift and eigenvectors turn: at d = 2, where the law of the gap is known exactly, and against the constants of equations (4) and (5). */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as DysonBrownianMotion from "../../eigenvalues/DysonBrownianMotion.ts"
import * as Gaps from "../../eigenvalues/Gaps.ts"
import * as GapLaws from "../../theory/GapLaws.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { corrected } from "../support/Paper.ts"
import { conjugated, plus, streamOf } from "../support/Structures.ts"

const fields = {
  beta: Draw.oneOf(1, 2),
  m: Draw.oneOf(0, 1, 5),
  variance: Draw.oneOf(1, 0.5, 2),
}

export const twoByTwo = Draw.record(fields)
export type TwoByTwo = Draw.Drawn<typeof twoByTwo>

const sampled = Draw.record({ ...fields, seed: Draw.seed() })
type Sampled = Draw.Drawn<typeof sampled>

/** The gap after one step of the flow with the given normals, and the time of that step. */
const gapAfterStep = ({ beta, m, variance }: TwoByTwo, normals: Float64Array) => {
  const flow = DysonBrownianMotion.make(Float64Array.of(m, 0), {
    beta,
    variance: NoiseEnsemble.ensembleVariance(beta, variance),
    timeStep: 0.1,
  })
  DysonBrownianMotion.step(flow, normals)
  return { gap: flow.position[0]! - flow.position[1]!, time: flow.timeStep }
}

/** The coefficient of the drift, in units of the variance: a still step has gap = m + 2 c h / gap. */
const coefficientOf = (instance: TwoByTwo): number => {
  const { gap, time } = gapAfterStep(instance, Float64Array.of(0, 0))
  return (gap * (gap - instance.m)) / (2 * time * instance.variance)
}

/** The variance of an eigenvalue, in the same units, by a step with opposite normals: gap = m + 2 s sqrt(h) + 2 c h / gap. */
const eigenvalueVariance = (instance: TwoByTwo): number => {
  const { gap, time } = gapAfterStep(instance, Float64Array.of(1, -1))
  const drift = (2 * coefficientOf(instance) * instance.variance * time) / gap
  return Elementary.square(gap - instance.m - drift) / (4 * time * instance.variance)
}

/** E gap^2 of the flow with drift coefficient c and variance s^2, d gap^2 = 4 c + 2 s^2, against that of the matrix. */
export const gapSquareMargin = (instance: TwoByTwo, coefficient: number): Margin.Comparison => {
  const { beta, m, variance } = instance
  const growth = (4 * coefficient + 2 * eigenvalueVariance(instance)) * variance
  return Margin.equal(m * m + growth, GapLaws.meanSquareGapOfTwo(beta, m, variance), {
    relative: 1e-9,
  })
}

/** The mean of gap^2 = (a - b)^2 + 4 |z|^2 over matrices, within seven deviations of it. */
const matrixMargin = ({ beta, m, seed, variance }: Sampled): Margin.Comparison => {
  const n = 2000
  const stream = streamOf(seed, "matrices")
  let mean = 0
  for (let k = 0; k < n; k++) {
    const motion = Gaps.matrixMotion(Float64Array.of(m, 0), beta)
    Gaps.move(motion, variance, stream)
    const { im, re } = motion
    mean += (Elementary.square(re[0]! - re[3]!) + 4 * (re[1]! * re[1]! + im[1]! * im[1]!)) / n
  }
  // gap^2 / 8 T is noncentral chi-square
  const deviation = 8 * variance * Math.sqrt(2 * (beta + 1) + (m * m) / (2 * variance))
  return Margin.equal(mean, GapLaws.meanSquareGapOfTwo(beta, m, variance), {
    absolute: (7 * deviation) / Math.sqrt(n),
  })
}

export const coefficient = claim({
  id: "dp-lowrank/dyson-coefficient",
  statement:
    "With B = W + W^* the drift of the eigenvalues has coefficient 2 beta, that of the flow: only it gives the E gap^2 = m^2 + 8 (beta + 1) T of matrices at d = 2.",
  inFloatingPoint: "statistical",
  source: corrected("equation (4)"),
  instances: sampled,
  margin: ({ instance }) =>
    Margin.all(
      Margin.equal(coefficientOf(instance), 2 * instance.beta, { relative: 1e-9 }),
      gapSquareMargin(instance, coefficientOf(instance)),
      matrixMargin(instance),
    ),
  controls: [
    {
      name: "beta, as printed",
      margin: ({ instance }) => gapSquareMargin(instance, instance.beta),
    },
  ],
})

const drifting = Draw.record({ beta: Draw.oneOf(2, 1), seed: Draw.seed() })

export const drift = claim({
  id: "dp-lowrank/drift-and-overlap",
  statement:
    "Eigenvalues drift by v sum 1 / (g_i - g_j) and eigenvectors lose overlap v sum 1 / (g_i - g_j)^2 a unit of time, v = 4 complex and 2 real.",
  inFloatingPoint: "statistical",
  source: corrected("equations (4) and (5), constants"),
  instances: drifting,
  value: 1,
  /**
   * Drift of the top eigenvalue over sum 1 / gap and loss of overlap over sum 1 / gap^2, by 1000 antithetic pairs: 2e5, which the
   * constants to 3 % take, cost 4 s each.
   */
  margin: ({ instance: { beta, seed }, kernels, value: factor }) => {
    const start = Float64Array.of(9, 6, 3, 0)
    const [d, n, dt] = [4, 1000, 1e-3]
    const stream = streamOf(seed, "pairs")
    const matrix = conjugated(start)
    let [total, loss] = [0, 0]
    for (let k = 0; k < n; k++) {
      const motion = Gaps.matrixMotion(new Float64Array(d), beta)
      Gaps.move(motion, dt, stream)
      for (const sign of [1, -1]) {
        const moved = motion.re.map((x) => sign * x)
        const re = plus(matrix, moved)
        const im = motion.im.map((x) => sign * x)
        if (beta === 1) {
          const { values, vectors } = SymmetricEigen.eigen(re, d, kernels)
          total += (values[3]! - 9) / (2 * n * dt)
          loss += (1 - vectors[12]! * vectors[12]!) / (2 * n * dt)
        } else {
          const pairs = HermitianEigen.eigen(re, im, d, kernels)
          total += (pairs.values[3]! - 9) / (2 * n * dt)
          loss += (1 - pairs.re[12]! * pairs.re[12]! - pairs.im[12]! * pairs.im[12]!) / (2 * n * dt)
        }
      }
    }
    const v = factor * NoiseEnsemble.ensembleVariance(beta, 1)
    return Margin.all(
      Margin.equal(total, v * (1 / 3 + 1 / 6 + 1 / 9), { relative: 0.25 }),
      Margin.equal(loss, v * (1 / 9 + 1 / 36 + 1 / 81), { relative: 0.33 }),
    )
  },
  controls: [{ name: "2 and 1, as printed", value: 0.5 }],
})
