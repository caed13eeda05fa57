/**
 * Closed forms and bounds of flatness in deep matrix factorisation. Pure functions, each with its assumptions, its source and the claim
 * (matrix-factorization/...) that uses it.
 *
 * Notation: L is the depth, M the end-to-end matrix (rows x columns: d_L x d_0). T is half the trace of the Hessian of the mean
 * square loss, and F(M) the least T of all factorisations of M. lo and hi are the ends of `(1/n) sum <A_i, X>^2 / |X|_F^2` over
 * matrices of rank one. The paper is Gatmiry, Li, Chuang, Reddi, Ma, Jegelka 2023. Its text was not available: its statements
 * are tagged as recalled, and everything was derived again and is tested as a claim.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"

/**
 * Trace of the Hessian of the mean square loss, `2 T` (as recalled; derived here; claim trace-formula); the only place with this
 * factor.
 */
export const traceFromSharpness = (sharpness: number): number => 2 * sharpness

/**
 * F for measurements whose second moment is the identity: `L (d_0 d_L)^(1/L) |M|_*^(2 (L - 1) / L)` (as recalled). It is derived
 * here by AM-GM over the layers and `|S_j|_F |P_j|_F >= |S_j P_j|_*` for products of the layers above and below. Claims
 * isotropic-lower-bound and isotropic-attained.
 */
export const inducedIsotropic = (
  depth: number,
  rows: number,
  columns: number,
  nuclearNorm: number,
): number =>
  depth *
  Elementary.pow(rows * columns, 1 / depth) *
  Elementary.pow(nuclearNorm, (2 * (depth - 1)) / depth)

/** The Schatten p-norm to the power p: `sum sigma_k^p` over values above 1e-12 of the largest: for p < 1, rounding errors would weigh as much as the matrix. */
const schattenPower = (singularValues: Float64Array, p: number): number =>
  singularValues.reduce(
    (sum, value) => (value > 1e-12 * singularValues[0]! ? sum + Elementary.pow(value, p) : sum),
    0,
  )

/**
 * `L sum_k sigma_k^(2/L)`, from singular values, descending. Of M it is the least weight decay `sum_j |W_j|_F^2` of its factorisations
 * (claim least-weight-decay). Of `(A'M)^(L-1) A'` it is F for the one measurement A, by Hölder and AM-GM (claim single-measurement).
 * Both as recalled and derived here.
 */
export const schattenPenalty = (depth: number, singularValues: Float64Array): number =>
  depth * schattenPower(singularValues, 2 / depth)

/**
 * Largest factor by which the nuclear norm of the flattest interpolant exceeds that of any other: `(hi / lo)^(L / (2 (L - 1)))`.
 * It is derived here, because F lies between lo and hi times that of an isotropic design (claim nuclear-norm-factor). Infinity
 * for lo = 0.
 */
export const nuclearNormFactor = (depth: number, lo: number, hi: number): number =>
  lo > 0 ? Elementary.pow(hi / lo, depth / (2 * (depth - 1))) : Number.POSITIVE_INFINITY

/**
 * Bound on `|X - M*|_F` for two interpolants with `|X|_* <= factor |M*|_*`: `sqrt(delta) (1 + factor) |M*|_*`. Here delta is the
 * largest `|(1/n) sum <A_i, Y> <A_i, Z> - <Y, Z>|` over matrices Y and Z of rank one and norm 1 (derived here; claim
 * nuclear-distortion).
 */
export const interpolantDistance = (delta: number, factor: number, nuclearNorm: number): number =>
  Math.sqrt(delta) * (1 + factor) * nuclearNorm

/**
 * The sharper bound on `|X - M*|_F` for a truth of rank r, with delta the isometry constant for rank 5r. It is 0 for
 * `factor = 1`, and Infinity for delta >= 1/5 (derived here along Recht, Fazel, Parrilo 2010; claim low-rank-distance).
 */
export const lowRankDistance = (
  delta: number,
  factor: number,
  rank: number,
  nuclearNorm: number,
): number => {
  if (!(delta < 0.2)) return Number.POSITIVE_INFINITY
  const q = Math.sqrt(2 / 3)
  const excess = ((factor - 1) * nuclearNorm) / Math.sqrt(3 * rank)
  const head = (excess * Math.sqrt(1 + delta)) / (Math.sqrt(1 - delta) - q * Math.sqrt(1 + delta))
  return (1 + q) * head + excess
}

/**
 * Number of Gaussian measurements from which nuclear-norm minimisation recovers rank r: `3 r (d_0 + d_L - r) + 1`
 * (Chandrasekaran et al. 2012, as recalled).
 */
export const gaussianRecovery = (rows: number, columns: number, rank: number): number =>
  3 * degreesOfFreedom(rows, columns, rank) + 1

/** Dimension of the matrices of rank r: `r (d_0 + d_L - r)`. */
export const degreesOfFreedom = (rows: number, columns: number, rank: number): number =>
  rank * (rows + columns - rank)

/**
 * Population error that the theorem guarantees for Gaussian measurements, up to an unknown constant:
 * `(d_0 + d_L) / n |M*|_*^2 log^3 n` (as recalled, with medium certainty). Use it for trends, not for bounds.
 */
export const populationErrorScale = (
  rows: number,
  columns: number,
  count: number,
  nuclearNorm: number,
): number =>
  ((rows + columns) / count) *
  (nuclearNorm * nuclearNorm) *
  Elementary.pow(Elementary.log(count), 3)

interface Noise {
  readonly learningRate: number
  /** Standard deviation of the label noise. */
  readonly noise: number
  readonly batch: number
}

/**
 * On average, a step of label noise moves interpolating layers by this times `-P grad T`: `eta^2 sigma^2 / B`. P is the
 * projection onto the directions of zero loss (as recalled; derived here; claim label-noise-drift).
 */
export const driftPerStep = ({ batch, learningRate, noise }: Noise): number =>
  Elementary.square(learningRate * noise) / batch

/**
 * Stationary loss under label noise of layers that fit: `eta sigma^2 T / B`, to first order in eta (derived here; experiment
 * drift).
 */
export const noiseFloor = (options: Noise, sharpness: number): number =>
  (options.learningRate * (options.noise * options.noise) * sharpness) / options.batch

/**
 * Factor by which a step that is not small raises drift and loss along an eigenvalue: `1 / (1 - eta lambda / 2)` (derived here).
 */
export const finiteStepFactor = (learningRate: number, eigenvalue: number): number =>
  1 / (1 - (learningRate * eigenvalue) / 2)

/**
 * F in two layers for the completion `[[x, 1], [1, 0]]` with hidden x: `(2/3) sqrt(x^2 + 8)` (derived here; claim
 * flattest-corner).
 */
export const hiddenCornerFlatness = (x: number): number => (2 / 3) * Math.sqrt(x * x + 8)
