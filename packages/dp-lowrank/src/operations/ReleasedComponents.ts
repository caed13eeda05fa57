/**
 * Post-processing of a release: its components, their bounds, and the outputs of the paper's algorithm. All results are
 * public.
 */
import { operation } from "@nonconvex/problems/Operation"
import { Count, Float64s } from "@nonconvex/problems/Fields"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Schema } from "effect"
import { Certificate, certify } from "../components/Certificate.ts"
import * as LowRank from "../components/LowRank.ts"
import { perRow } from "../components/PerRow.ts"
import { chooseRank } from "../components/RankChoice.ts"
import { shrink } from "../components/Shrinkage.ts"
import * as ComplexNoise from "../noise/ComplexNoise.ts"
import * as Public from "../privacy/Public.ts"
import { Regression, regress } from "../regression/Regression.ts"
import { largestDimension } from "../privacy/Target.ts"

/** A noisy matrix, and options. */
export const ComponentsInput = Schema.Struct({
  noisy: Schema.Struct({
    dimension: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: largestDimension })),
    /** dimension x dimension, row-major. */
    matrix: Float64s,
    diagonalScale: Schema.Finite,
    offDiagonalScale: Schema.Finite,
    grid: Schema.Finite,
  }),
  rank: Count,
  /** Probability that anything certified is false. */
  failure: Schema.Finite,
  /** A public number of rows to divide by, or 1: the certificate is about the mean then. */
  divisor: Count,
  /** The column that is regressed on the others, from 0. */
  target: Schema.optionalKey(Schema.Int),
  /** Random words for the imaginary noise; required for the outputs of the paper's algorithm. */
  imaginary: Schema.optionalKey(Schema.Array(Schema.Int)),
})
export type ComponentsInput = typeof ComponentsInput.Type

const Pairs = Schema.Struct({
  dimension: Schema.Int,
  values: Float64s,
  vectors: Float64s,
  residuals: Float64s,
})

/** Eigenvalues of the sum over the rows, before the division. */
export const Components = Schema.Struct({
  /** The top pairs of the noisy matrix, not divided. */
  lowRank: Pairs,
  /** Divided. */
  certificate: Certificate,
  /** The top eigenvalues without the bias of the noise, divided. */
  shrunk: Schema.Array(Schema.Number),
  /**
   * Rank with the widest gap of the noisy spectrum (0 if none exceeds the noise), and the number of eigenvalues that are
   * certainly positive.
   */
  chosenRank: Schema.Int,
  significant: Schema.Int,
  /** Divided by the count except for the coefficients; has the rank of the components. */
  regression: Schema.optionalKey(Regression),
  /** Algorithm 1: Re M-hat_k, Im M-hat_k and the best rank-k approximation of the first, not divided. */
  paper: Schema.optionalKey(
    Schema.Struct({ real: Float64s, imaginary: Float64s, realRankK: Pairs }),
  ),
})
export type Components = typeof Components.Type

export const components = operation<ComponentsInput, Components, ArenaFull | InvalidInput, never>({
  id: "dp-lowrank/components",
  input: ComponentsInput,
  output: Components,
  failure: Schema.Union([ArenaFull, InvalidInput]),
  progress: Schema.Never,
  run: ({ divisor, failure, imaginary, noisy, rank, target }, { kernels }) => {
    const mean = divisor === 1 ? noisy : perRow(noisy, Public.rowCount(divisor))
    const lowRank = LowRank.topK(noisy, rank, kernels)
    // half of the failure: it is the norm of the noise in the certificate, and both hold together
    const choice = chooseRank(mean, failure / 2, kernels)
    const shown = {
      lowRank,
      certificate: certify(mean, rank, failure, kernels),
      shrunk: Array.from(shrink(lowRank, noisy).values, (value) => value / divisor),
      chosenRank: choice.rank,
      significant: choice.significant,
      ...(target !== undefined && { regression: regress(mean, target, rank, failure, kernels) }),
    }
    if (imaginary === undefined) return shown
    const outputs = ComplexNoise.outputsOfWords(noisy, rank, imaginary, kernels)
    const { complex, real, realRankK } = outputs
    return { ...shown, paper: { real, imaginary: complex.im, realRankK } }
  },
})
