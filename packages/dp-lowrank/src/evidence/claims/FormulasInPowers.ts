/** The formulas of the theory, term by term: a bound that leaves room hides a slip of the pen from every run. */
import { claim, Draw, Powers } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as GapLaws from "../../theory/GapLaws.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import * as Sensitivity from "../../theory/Sensitivity.ts"
import * as TruncationError from "../../theory/TruncationError.ts"
import { recalled } from "../support/Paper.ts"

const points = Draw.record({
  /** Norm of rows, and size of gaps. */
  R: Draw.logarithmic(1, 100),
  x: Draw.logarithmic(1, 0.01),
  T: Draw.logarithmic(1, 100),
  v: Draw.logarithmic(1, 100),
  d: Draw.integer(2, 100),
  noise: Draw.logarithmic(1, 0.1),
  sigma: Draw.logarithmic(1, 10),
  gap: Draw.logarithmic(1, 0.1),
  /** Logarithm of 2 over the failure probability. */
  log: Draw.linear(1, 30),
})

type At = Draw.Drawn<typeof points>

type Theory = typeof GapLaws & typeof NoiseEnsemble & typeof Sensitivity & typeof TruncationError

const { firstOrderError, interaction, printedRate } = TruncationError

/** Observed eigenvalue of a spike. */
const seen = ({ d, R, v }: At): number => {
  const spike = R * Math.sqrt(v * d)
  return spike + Math.sqrt(v * d) / R
}

/** Every function of the theory, with its terms. */
const formulas: { readonly [Name in keyof Theory]: ReadonlyArray<Powers.Formula<At>> } = {
  bulkGapProbability: [
    [({ x }) => GapLaws.bulkGapProbability(2, x), "1/72 pi^-1 x^3"],
    [({ x }) => GapLaws.bulkGapProbability(1, x), "1/24 x^2"],
  ],
  gapTailBound: [
    [({ x }) => GapLaws.gapTailBound(2, x), "1/100 x^3"],
    [({ x }) => GapLaws.gapTailBound(1, x), "1/10 x^2"],
  ],
  meanSquareGapOfTwo: [
    [({ R, T }) => GapLaws.meanSquareGapOfTwo(2, R, T), "R^2 + 24 T"],
    [({ R, T }) => GapLaws.meanSquareGapOfTwo(1, R, T), "R^2 + 16 T"],
  ],
  ensembleVariance: [
    [({ T }) => NoiseEnsemble.ensembleVariance(2, T), "4 T"],
    [({ T }) => NoiseEnsemble.ensembleVariance(1, T), "2 T"],
  ],
  isometricScale: [
    [({ v }) => NoiseEnsemble.isometricScale(2, v), "v^1/2"],
    [({ v }) => NoiseEnsemble.isometricScale(1, v), "2^1/2 v^1/2"],
  ],
  noiseEdge: [[({ d, v }) => NoiseEnsemble.noiseEdge(v, d), "2 v^1/2 d^1/2"]],
  noiseNorm: [
    [
      ({ d, log, v }) => NoiseEnsemble.noiseNorm(v, d, 2 * Elementary.exp(-log)),
      "2 v^1/2 d^1/2 + 2 v^1/2 log^1/2",
    ],
  ],
  shrunkEigenvalue: [
    [
      (at) => NoiseEnsemble.shrunkEigenvalue(seen({ ...at, R: 1 + at.R }), at.v, at.d) * (1 + at.R),
      "v^1/2 d^1/2 R^2 + 2 v^1/2 d^1/2 R",
    ],
    [({ d, v, x }) => 1 + NoiseEnsemble.shrunkEigenvalue(x * Math.sqrt(v * d), v, d), "1"],
  ],
  frobeniusSensitivity: [
    [({ R }) => Sensitivity.frobeniusSensitivity("replace", R), "2^1/2 R^2"],
    [({ R }) => Sensitivity.frobeniusSensitivity("add-remove", R), "R^2"],
  ],
  rowChangeSquared: [
    [
      ({ R, x }) => Sensitivity.rowChangeSquared(Float64Array.of(R, x), Float64Array.of(x, 0)),
      "R^4 + 2 x^4",
    ],
  ],
  upperTriangleSquared: [
    [({ R, x }) => Sensitivity.upperTriangleSquared(Float64Array.of(R, x)), "R^4 + R^2 x^2 + x^4"],
  ],
  interaction: [
    [({ gap }) => interaction([2 * gap, gap], 1), "4"],
    [({ gap }) => interaction([4 * gap, 3 * gap, gap, 0], 2), "16/9 + 1 + 9/4 + 1"],
  ],
  firstOrderError: [
    [({ gap, v }) => firstOrderError(2, v, [2 * gap, gap], 1), "3 v^1/2"],
    [({ gap, v }) => firstOrderError(1, v, [2 * gap, gap], 1), "10^1/2 v^1/2"],
    [({ gap, v }) => firstOrderError(2, v, [3 * gap, 3 * gap, gap], 2), "13^1/2 v^1/2"],
    [({ gap, v }) => firstOrderError(1, v, [3 * gap, 3 * gap, gap], 2), "15^1/2 v^1/2"],
  ],
  printedRate: [
    [({ gap, T }) => printedRate(T, [2 * gap, gap, 0, 0], 1), "4 T^1/2"],
    [({ gap, T }) => printedRate(T, [3 * gap, 2 * gap, gap / 2, 0], 2), "4/3 8^1/2 T^1/2"],
    // of all eigenvalues
    [({ gap, T }) => printedRate(T, [2 * gap, gap], 2), "2 T^1/2"],
  ],
  spectralErrorBound: [
    [
      ({ gap, noise, sigma }) => TruncationError.spectralErrorBound(noise, sigma, gap),
      "7 noise sigma gap^-1",
    ],
  ],
  projectorBound: [
    [({ gap, noise }) => TruncationError.projectorBound(noise, gap), "1", "noise gap^-1"],
  ],
}

export const formulasInPowers = claim({
  id: "dp-lowrank/formulas-in-powers",
  statement:
    "Sensitivities, the sizes of the noise, the laws of its gaps and the bounds on errors have the factors and powers that are printed, recalled or derived, term by term: every function of the theory.",
  source: recalled("the sources that each function names", "bounds and closed forms"),
  instances: points,
  value: Powers.holds,
  margin: ({ instance: at, value: { change, of } }) => of(...Powers.margins(formulas, at, change)),
  exactly: ({ instance: at, value: { change, exactly } }) =>
    exactly(...Powers.comparisons(formulas, at, change)),
  controls: Powers.controls,
})
