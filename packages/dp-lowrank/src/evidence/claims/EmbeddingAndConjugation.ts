/** The complex matrix as a real one of twice the size, and what the sign of the imaginary noise changes. */
import { Margin, parametrised } from "@nonconvex/evidence"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import { complexed, embed, outputsOf } from "../support/Complexed.ts"
import { derived } from "../support/Paper.ts"

export const embedding = parametrised({
  id: "dp-lowrank/embedding",
  statement:
    "[[Re, -Im], [Im, Re]] has the eigenvalues of H twice, and its top 2k is the embedding of H_k.",
  source: derived("real embedding of Hermitian matrices"),
  instances: complexed(),
  margin: (instance, given, sign: number) => {
    const { complex, im, re } = outputsOf(instance, given)
    const { dimension: n, rank: k } = instance
    const embedded = embed(re, im, n, sign)
    const doubled = SymmetricEigen.eigenvalues(embedded, 2 * n, given.kernels)
    const values = HermitianEigen.eigenvalues(re, im, n, given.kernels)
    const tolerance = { absolute: 1e-9 * Vector.norm(re) }
    const kept = LowRank.best({ dimension: 2 * n, matrix: embedded }, 2 * k, given.kernels)
    return Margin.all(
      ...Array.from(doubled, (value, i) => Margin.equal(value, values[i >> 1]!, tolerance)),
      Margin.equal(Vector.distance(kept, embed(complex.re, complex.im, n)), 0, tolerance),
    )
  },
  holds: 1,
  fails: [["the sign of one block", -1]],
})

export const conjugation = parametrised({
  id: "dp-lowrank/complex-conjugation",
  statement:
    "The sign of the imaginary noise does not change Y, and without it Algorithm 1 is the real mechanism.",
  source: derived("complex conjugation of M-hat"),
  instances: complexed(),
  margin: (instance, given, factor: number) => {
    const { im, re, real } = outputsOf(instance, given)
    const { dimension, rank: k } = instance
    const noisy = { dimension, matrix: re }
    const [other, none] = [factor, 0].map((size) => {
      const imaginary = im.map((x) => size * x)
      return ComplexNoise.complexOutputs(noisy, imaginary, k, given.kernels).real
    })
    const tolerance = { absolute: 1e-9 * Vector.norm(re) }
    return Margin.all(
      Margin.equal(Vector.distance(other!, real), 0, tolerance),
      Margin.equal(Vector.distance(none!, LowRank.best(noisy, k, given.kernels)), 0, tolerance),
    )
  },
  holds: -1,
  fails: [["imaginary noise of another size", -2]],
})
