/**
 * Values of the theory, each worked out in 30 digits from the formula in the paper, in what it cites or, where it is ours, in its derivation: another program
 * and no line of `src`. Tests and `npm run mutants` compare.
 */
import * as GapLaws from "../../src/theory/GapLaws.ts"
import * as NoiseEnsemble from "../../src/theory/NoiseEnsemble.ts"
import * as Sensitivity from "../../src/theory/Sensitivity.ts"
import * as DavisKahan from "../../src/theory/DavisKahan.ts"
import * as TruncationError from "../../src/theory/TruncationError.ts"

export const knownValues = (): ReadonlyArray<
  readonly [what: string, actual: number, expected: number]
> => [
  ["bulk gaps, complex: x^3 / (72 pi)", GapLaws.bulkGapProbability(2, 0.3), 0.0001193662073189215],
  ["bulk gaps, real: x^2 / 24", GapLaws.bulkGapProbability(1, 0.3), 0.00375],
  ["tail of gaps, complex", GapLaws.gapTailBound(2, 0.3), 0.00027],
  ["tail of gaps, real", GapLaws.gapTailBound(1, 0.3), 0.009],
  ["two eigenvalues, complex", GapLaws.meanSquareGapOfTwo(2, 3, 0.7), 25.8],
  ["two eigenvalues, real", GapLaws.meanSquareGapOfTwo(1, 3, 0.7), 20.2],
  ["variance of the noise, complex: 4 T", NoiseEnsemble.ensembleVariance(2, 0.7), 2.8],
  ["variance of the noise, real: 2 T", NoiseEnsemble.ensembleVariance(1, 0.7), 1.4],
  ["isometric scale, complex: sqrt v", NoiseEnsemble.isometricScale(2, 0.7), 0.8366600265340755],
  ["isometric scale, real: sqrt(2 v)", NoiseEnsemble.isometricScale(1, 0.7), 1.183215956619923],
  ["edge of the noise, 2 sqrt(v d)", NoiseEnsemble.noiseEdge(0.7, 11), 5.549774770204643],
  [
    "norm of the noise, s_F (sqrt(2 d) + sqrt(2 ln(2 / failure)))",
    NoiseEnsemble.noiseNorm(0.7, 11, 0.01),
    9.401435272680751,
  ],
  [
    "shrinkage of a spike of 5: s - v d / s",
    NoiseEnsemble.shrunkEigenvalue(5 + 7.7 / 5, 0.7, 11),
    3.46,
  ],
  ["shrinkage within the bulk", NoiseEnsemble.shrunkEigenvalue(5, 0.7, 11), 0],
  [
    "sensitivity, a row replaced: sqrt 2 R^2",
    Sensitivity.frobeniusSensitivity("replace", 3),
    12.72792206135786,
  ],
  ["sensitivity, a row more or less: R^2", Sensitivity.frobeniusSensitivity("add-remove", 3), 9],
  [
    "a row changed, entry by entry",
    Sensitivity.rowChangeSquared(Float64Array.of(1, 2), Float64Array.of(3, -1)),
    123,
  ],
  [
    "an upper triangle, entry by entry",
    Sensitivity.upperTriangleSquared(Float64Array.of(1, 2, 3)),
    147,
  ],
  ["interaction of the top two", TruncationError.interaction([9, 7, 4, 1], 2), 11.31118055555556],
  [
    "first-order error, complex",
    TruncationError.firstOrderError(2, 0.7, [9, 7, 4, 1], 2),
    4.316903146675609,
  ],
  [
    "first-order error, real",
    TruncationError.firstOrderError(1, 0.7, [9, 7, 4, 1], 2),
    4.476120281871096,
  ],
  [
    "Theorem 2, sqrt(k d) sigma_k / gap sqrt T",
    TruncationError.printedRate(0.7, [9, 7, 4, 1], 2),
    5.521674464226308,
  ],
  [
    "the same of all eigenvalues",
    TruncationError.printedRate(0.7, [9, 7, 4, 1], 4),
    3.346640106136302,
  ],
  ["spectral error, 7 |E| sigma_k / gap", TruncationError.spectralErrorBound(0.3, 5, 2), 5.25],
  ["projectors, |E| / gap", DavisKahan.projectorBound(0.3, 2), 0.15],
  ["projectors without a gap", DavisKahan.projectorBound(3, 2), 1],
]
