/** The complex matrix as a real one of twice the size, what the sign of the imaginary noise changes, and what its real part keeps. */
import { claim, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import {
  complexed,
  type Complexed,
  distancesOf,
  embed,
  outputsOf,
  rankOf,
} from "../support/Complexed.ts"
import { corrected, derived } from "../support/Paper.ts"

export const embedding = claim({
  id: "dp-lowrank/embedding",
  statement:
    "[[Re, -Im], [Im, Re]] has the eigenvalues of H twice, and its top 2k is the embedding of H_k.",
  inFloatingPoint: "spectrum",
  source: derived("real embedding of Hermitian matrices"),
  instances: complexed(),
  value: 1,
  margin: ({ instance, kernels, value: sign }) => {
    const { complex, im, re } = outputsOf(instance, { kernels })
    const { dimension: n, rank: k } = instance
    const embedded = embed(re, im, n, sign)
    const doubled = SymmetricEigen.eigenvalues(embedded, 2 * n, kernels)
    const values = HermitianEigen.eigenvalues(re, im, n, kernels)
    const tolerance = { absolute: 1e-9 * Vector.norm(re) }
    const kept = LowRank.best({ dimension: 2 * n, matrix: embedded }, 2 * k, kernels)
    return Margin.all(
      ...Array.from(doubled, (value, i) => Margin.equal(value, values[i >> 1]!, tolerance)),
      Margin.equal(Vector.distance(kept, embed(complex.re, complex.im, n)), 0, tolerance),
    )
  },
  controls: [{ name: "the sign of one block", value: -1 }],
})

export const conjugation = claim({
  id: "dp-lowrank/complex-conjugation",
  statement:
    "The sign of the imaginary noise does not change Y, and without it Algorithm 1 is the real mechanism.",
  inFloatingPoint: "agreement",
  source: derived("complex conjugation of M-hat"),
  instances: complexed(),
  value: -1,
  margin: ({ instance, kernels, value: factor }) => {
    const { im, re, real } = outputsOf(instance, { kernels })
    const { dimension, rank: k } = instance
    const noisy = { dimension, matrix: re }
    const [other, none] = [factor, 0].map((size) => {
      const imaginary = im.map((x) => size * x)
      return ComplexNoise.complexOutputs(noisy, imaginary, k, kernels).real
    })
    const tolerance = { absolute: 1e-9 * Vector.norm(re) }
    return Margin.all(
      Margin.equal(Vector.distance(other!, real), 0, tolerance),
      Margin.equal(Vector.distance(none!, LowRank.best(noisy, k, kernels)), 0, tolerance),
    )
  },
  controls: [{ name: "imaginary noise of another size", value: -2 }],
})

export const realPart = claim({
  id: "dp-lowrank/real-part-is-no-further",
  statement:
    "|M-hat_k - M_k|_F^2 = |Y - M_k|_F^2 + |Im M-hat_k|_F^2: the real part is never further from M_k than the complex matrix (the paper has a factor 2).",
  inFloatingPoint: "spectrum",
  source: corrected("proof of Theorem 1, the factor 2"),
  instances: complexed(),
  margin: ({ instance, kernels }) => {
    const { imaginary, real, whole } = distancesOf(instance, { kernels })
    return Margin.all(
      Margin.equal(Elementary.hypot(real, imaginary), whole, { relative: 1e-9 }),
      Margin.atMost(real, whole, 1e-12),
    )
  },
  controls: [
    {
      name: "no imaginary part",
      margin: ({ instance, kernels }) => {
        const { real, whole } = distancesOf(instance, { kernels })
        return Margin.equal(real, whole, { relative: 1e-9 })
      },
    },
  ],
})

/** That Y has rank k at most, which it has not. */
export const rankMargin = (instance: Complexed, given: Given): Margin.Comparison => {
  const { real } = outputsOf(instance, given)
  return Margin.holds(rankOf(real, instance.dimension, given) <= instance.rank)
}

export const rank = claim({
  id: "dp-lowrank/rank-of-the-real-part",
  statement:
    "Y = Re M-hat_k has rank 2k; its own top k has rank k, and is at most twice as far from M_k.",
  inFloatingPoint: "spectrum",
  source: corrected("Theorem 1 and Algorithm 1, rank of the output"),
  instances: complexed(),
  margin: ({ instance, kernels }) => {
    const { exact, real, realRankK } = outputsOf(instance, { kernels })
    const { dimension, rank: k } = instance
    const released = LowRank.toMatrix(realRankK)
    return Margin.all(
      Margin.holds(rankOf(real, dimension, { kernels }) === 2 * k),
      Margin.holds(rankOf(released, dimension, { kernels }) === k),
      Margin.atMost(Vector.distance(released, exact), 2 * Vector.distance(real, exact), 1e-9),
    )
  },
  controls: [
    {
      name: "rank k, as printed",
      margin: ({ instance, kernels }) => rankMargin(instance, { kernels }),
    },
  ],
})
