import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as EigenvalueGaps from "../../eigenvalues/EigenvalueGaps.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { corrected } from "../support/Paper.ts"
import { conjugated, plus, streamOf } from "../support/Structures.ts"

const drifting = Draw.record({ beta: Draw.oneOf(2, 1), seed: Draw.seed() })

export const driftAndOverlap = claim({
  id: "dp-lowrank/drift-and-overlap",
  statement:
    "Eigenvalues drift by v sum 1 / (g_i - g_j) and eigenvectors lose overlap v sum 1 / (g_i - g_j)^2 a unit of time, v = 4 complex and 2 real.",
  inFloatingPoint: "statistical",
  extent: { dimension: 4 },
  source: corrected("equations (4) and (5), constants"),
  instances: drifting,
  value: 1,
  /**
   * Drift of the top eigenvalue over sum 1 / gap and loss of overlap over sum 1 / gap^2, from 1000 antithetic pairs.
   * Determining the constants to 3 % would take 2e5 pairs, at 4 s each.
   */
  margin: ({ instance: { beta, seed }, kernels, value: factor }) => {
    const start = Float64Array.of(9, 6, 3, 0)
    const [d, n, dt] = [4, 1000, 1e-3]
    const stream = streamOf(seed, "pairs")
    const matrix = conjugated(start)
    let [total, loss] = [0, 0]
    for (let k = 0; k < n; k++) {
      const motion = EigenvalueGaps.matrixMotion(new Float64Array(d), beta)
      EigenvalueGaps.move(motion, dt, stream)
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
