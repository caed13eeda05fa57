/** Regression from a release: bounds on coefficients and on residuals. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import type { Noisy } from "../../components/Noisy.ts"
import { regress, type Regression } from "../../regression/Regression.ts"
import * as NoiseEnsemble from "../../theory/NoiseEnsemble.ts"
import { spectralNorm } from "../support/Gapped.ts"
import { derived } from "../support/Paper.ts"
import { conjugated, plus, realNoise, streamOf } from "../support/Structures.ts"

const failure = 0.05

/** `noise` is the norm of the noise over the smallest eigenvalue of the predictors; `slope` the size of the coefficients. */
const relations = (
  direction = Draw.oneOf("random", "up", "down", "target"),
  slope = Draw.logarithmic(1, 100),
) =>
  Draw.record({
    predictors: Draw.integer(1, 5),
    share: Draw.linear(1, 0),
    noise: Draw.linear(0.3, 0.01),
    slope,
    direction,
    seed: Draw.seed(),
  })

type Relation = Draw.Drawn<ReturnType<typeof relations>>

/** The sums of x x^T, x t and t^2, the target last. */
const exactOf = ({ predictors: p, seed, slope }: Relation): Float64Array => {
  const stream = streamOf(seed, "relation")
  const spectrum = Float64Array.from({ length: p }, (_, i) =>
    i === 0 ? 1 : 1 + 2 * stream.uniform(),
  )
  const block = conjugated(spectrum, Orthogonal.haar(p, streamOf(seed, "basis")))
  const w = stream.onSphere(p).map((x) => slope * x)
  const d = p + 1
  const out = new Float64Array(d * d)
  let square = 0.5
  for (let i = 0; i < p; i++) {
    let sum = 0
    for (let j = 0; j < p; j++) {
      out[i * d + j] = block[i * p + j]!
      sum += block[i * p + j]! * w[j]!
    }
    out[i * d + p] = sum
    out[p * d + i] = sum
    square += w[i]! * sum
  }
  out[d * d - 1] = square
  return out
}

/**
 * Noise of exactly that norm: random, a shift of all eigenvalues in one direction, or a change of only the products with the
 * target.
 */
const errorOf = (
  { direction, noise, predictors: p, seed }: Relation,
  given: { readonly kernels: Kernels },
): Float64Array => {
  const d = p + 1
  if (direction === "random") {
    const random = realNoise(d, 1, streamOf(seed, "noise"))
    const norm = spectralNorm(random, d, given)
    return random.map((x) => (noise * x) / norm)
  }
  const out = new Float64Array(d * d)
  if (direction === "target") {
    streamOf(seed, "noise")
      .onSphere(p)
      .forEach((x, i) => {
        out[i * d + p] = noise * x
        out[p * d + i] = noise * x
      })
    return out
  }
  for (let i = 0; i < d; i++) out[i * (d + 1)] = direction === "up" ? noise : -noise
  return out
}

/** The solution of a small system, by elimination with pivots. */
const solved = (matrix: ReadonlyArray<ReadonlyArray<number>>, right: ReadonlyArray<number>) => {
  const rows = matrix.map((row, i) => [...row, right[i]!])
  const n = rows.length
  for (let k = 0; k < n; k++) {
    const pivot = rows
      .slice(k)
      .reduce((best, row) => (Math.abs(row[k]!) > Math.abs(best[k]!) ? row : best))
    rows[rows.indexOf(pivot)] = rows[k]!
    rows[k] = pivot
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / pivot[k]!
      for (let j = k; j <= n; j++) rows[i]![j]! -= factor * pivot[j]!
    }
  }
  const out = new Float64Array(n)
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!
    for (let j = i + 1; j < n; j++) sum -= rows[i]![j]! * out[j]!
    out[i] = sum / rows[i]![i]!
  }
  return out
}

/** The exact coefficients in the span of orthonormal vectors, rows of `span`. */
const bestIn = (matrix: Float64Array, d: number, span: ReadonlyArray<Float64Array>) => {
  const p = d - 1
  const times = (u: Float64Array, row: number) => {
    let sum = 0
    for (let j = 0; j < p; j++) sum += matrix[row * d + j]! * u[j]!
    return sum
  }
  const images = span.map((u) => Float64Array.from({ length: p }, (_, i) => times(u, i)))
  const within = span.map((u) => images.map((image) => Vector.dot(u, image)))
  const column = Float64Array.from({ length: p }, (_, i) => matrix[i * d + p]!)
  const parts = solved(
    within,
    span.map((u) => Vector.dot(u, column)),
  )
  const out = new Float64Array(p)
  span.forEach((u, k) => Vector.axpy(parts[k]!, u, out))
  return out
}

/** Residual sum of squares of given coefficients. */
const leftBy = (matrix: Float64Array, d: number, w: Float64Array): number => {
  const v = Float64Array.of(...w, -1)
  let sum = 0
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) sum += v[i]! * matrix[i * d + j]! * v[j]!
  return sum
}

const axes = (p: number) =>
  Array.from({ length: p }, (_, k) =>
    Float64Array.from({ length: p }, (_x, i) => (i === k ? 1 : 0)),
  )

/** Bounds stated for a regression: errors of the coefficients, jointly and each, of the residual, and the least residual. */
interface Stated {
  readonly distance: number
  readonly each: ReadonlyArray<number>
  readonly left: number
  readonly leastLeft: number
}

const stated = ({ coefficients, distance, leastLeft, left }: Regression): Stated => ({
  distance,
  each: coefficients.map(({ estimate, upper }) => upper - estimate),
  left: left.upper - left.estimate,
  leastLeft,
})

/** The statement with the distances scaled by a factor. */
const narrower = (of: Stated, factor: number): Stated => ({
  ...of,
  distance: factor * of.distance,
  each: of.each.map((width) => factor * width),
})

/** Statement about a regression whose smallest used eigenvalue is known. */
type Statement = (found: Regression, last: number, noisy: Noisy) => Stated

const unchanged: Statement = stated

const estimatesOf = ({ coefficients }: Regression): Float64Array =>
  Float64Array.from(coefficients, ({ estimate }) => estimate)

export const regressionFromARelease = claim({
  id: "dp-lowrank/regression-from-a-release",
  statement:
    "Let the noise have norm at most tau. Coefficients of the k largest noisy directions are within tau |(w, -1)| / (l_k - tau) of the exact ones of their span, and each is within its own bound. Their residual on the exact rows is within tau |(w, -1)|^2 of that on the noisy matrix. No coefficients have a smaller residual than the Schur complement of the noisy matrix minus tau I.",
  inFloatingPoint: "spectrum",
  source: derived("regression by post-processing"),
  instances: relations(),
  value: unchanged,
  margin: ({ instance, kernels, value: says }) => {
    const { noise, predictors: p, share } = instance
    const d = p + 1
    const exact = exactOf(instance)
    const offDiagonalScale = noise / NoiseEnsemble.noiseNorm(1, d, failure / 2)
    const noisy: Noisy = {
      dimension: d,
      matrix: plus(exact, errorOf(instance, { kernels })),
      offDiagonalScale,
      diagonalScale: Math.SQRT2 * offDiagonalScale,
      grid: 0,
    }
    const rank = Math.max(1, Math.round(share * p))
    const found = regress(noisy, p, rank, failure, kernels)
    const block = Float64Array.from(
      { length: p * p },
      (_, at) => noisy.matrix[Math.floor(at / p) * d + (at % p)]!,
    )
    const { values, vectors } = LowRank.topK({ dimension: p, matrix: block }, rank, kernels)
    const span = Array.from({ length: rank }, (_, k) => vectors.subarray(k * p, (k + 1) * p))
    const [w, best] = [estimatesOf(found), bestIn(exact, d, span)]
    const { distance, each, leastLeft, left } = says(found, values[rank - 1]!, noisy)
    const tolerance = 1e-9 * (1 + Vector.norm(w))
    return Margin.all(
      Margin.holds(found.rank === rank),
      Margin.atMost(Vector.distance(w, best), distance, tolerance),
      ...each.map((width, j) => Margin.atMost(Math.abs(w[j]! - best[j]!), width, tolerance)),
      Margin.atMost(
        Math.abs(leftBy(exact, d, w) - found.left.estimate),
        left,
        tolerance * (1 + Vector.norm(w)),
      ),
      Margin.atMost(
        leastLeft,
        leftBy(exact, d, bestIn(exact, d, axes(p))),
        tolerance * (1 + Vector.norm(w)),
      ),
    )
  },
  controls: [
    {
      name: "the noise of the predictors alone",
      value: (found) => {
        const length = Vector.norm(estimatesOf(found))
        return narrower(stated(found), length / Elementary.hypot(length, 1))
      },
      instances: relations(Draw.oneOf("target"), Draw.logarithmic(0.1, 0.01)),
    },
    {
      name: "the eigenvalue of the noisy matrix for that of the exact one",
      value: (found, last) => narrower(stated(found), (last - found.noiseNorm) / last),
      instances: relations(Draw.oneOf("up"), Draw.logarithmic(10, 100)),
    },
    {
      name: "nine tenths of the noise in the residual",
      value: (found) => ({ ...stated(found), left: 0.9 * stated(found).left }),
      instances: relations(Draw.oneOf("up", "down")),
    },
    {
      name: "the smallest residual of the noisy matrix itself",
      value: (found, _, { dimension: d, matrix }) => ({
        ...stated(found),
        leastLeft: leftBy(matrix, d, bestIn(matrix, d, axes(d - 1))),
      }),
      instances: relations(Draw.oneOf("up")),
    },
  ],
})
