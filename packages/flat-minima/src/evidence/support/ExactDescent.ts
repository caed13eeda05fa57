/** Descent of a perturbed step on a sum of log cosh, in exact values. */
import { Exact } from "@nonconvex/evidence"
import type { SmoothRow } from "./SmoothModel.ts"

type Values = ReadonlyArray<Exact.Value>

/** Coefficients of -eta |G|^2 / 2 and beta eta^2 |v|^2 / 2 in a bound. */
export interface Weights {
  readonly decrease: number
  readonly move: number
}

const { add, divide, dot, multiply, norm, of, product, square, subtract, sum } = Exact

const half = of("1/2")

const bound = (
  { decrease, move }: Weights,
  eta: Exact.Value,
  beta: Exact.Value,
  [gradient, length]: readonly [Exact.Value, Exact.Value],
): Exact.Value =>
  subtract(
    product(of(move), half, beta, square(eta), square(length)),
    product(of(decrease), half, eta, square(gradient)),
  )

interface Attained {
  readonly beta: Exact.Value
  readonly rho: Exact.Value
  readonly share: Exact.Value
  /** End of a step across the gradient of a bowl, and of a step along a gradient that another sample cancels. */
  readonly still: Float64Array
  readonly tilted: Float64Array
}

/** The bounds on |v| and on the change, at steps that attain them. */
export const exactlyAttained = (
  { beta, rho, share, still, tilted }: Attained,
  weights: Weights,
): ReadonlyArray<Exact.Compared> => {
  const tolerance = { relative: 1e-9 }
  const climb = multiply(beta, rho)
  const moved = multiply(norm(Exact.vector(still)), beta)
  const rate = divide(Exact.one, beta)
  const change = product(half, subtract(divide(square(climb), beta), multiply(beta, square(share))))
  const off = Exact.absolute(
    subtract(bound(weights, rate, beta, [multiply(beta, share), moved]), change),
  )
  const allowed = add(multiply(of("1e-12"), beta), multiply(of("1e-9"), Exact.absolute(change)))
  return [
    Exact.near(moved, climb, tolerance),
    Exact.near(norm(Exact.vector(tilted)), add(share, climb), tolerance),
    Exact.atMost(off, allowed),
  ]
}

interface Stepped {
  readonly eta: Exact.Value
  /** Index of the sample of the sharpness-aware step. */
  readonly index: number
  readonly point: Float64Array
  readonly rho: Exact.Value
  readonly rows: ReadonlyArray<SmoothRow>
}

/** e^s and e^-s, half of each. */
const halves = (s: Exact.Value) =>
  [s, Exact.negate(s)].map((x) => multiply(half, Exact.exp(x))) as [Exact.Value, Exact.Value]

const slopeAt = ({ a, c, e }: SmoothRow, x: Values): Values => {
  const row = Exact.vector(a)
  const [up, down] = halves(add(dot(row, x), of(e)))
  const slope = multiply(of(c), divide(subtract(up, down), add(up, down)))
  return row.map((entry) => multiply(slope, entry))
}

const valueAt = ({ a, c, e }: SmoothRow, x: Values): Exact.Value =>
  multiply(of(c), Exact.log(add(...halves(add(dot(Exact.vector(a), x), of(e))))))

const meanOf = (values: Values): Exact.Value => divide(sum(...values), of(values.length))

/** Lemma 1 and the bound on |v| for the step of each algorithm from `point` to its end. */
export const exactDescents = (
  { eta, index, point, rho, rows }: Stepped,
  ends: Readonly<Record<"sharpnessAware" | "smoothed", Float64Array>>,
  weights: Weights,
): ReadonlyArray<Exact.Compared> => {
  const from = Exact.vector(point)
  const slopes = rows.map((row) => slopeAt(row, from))
  const gradient = from.map((_x, j) => meanOf(slopes.map((slope) => slope[j]!)))
  const smoothness = rows.map(({ a, c }) => {
    const row = Exact.vector(a)
    return multiply(Exact.absolute(of(c)), dot(row, row))
  })
  const beta = meanOf(smoothness)
  const valueOf = (x: Values) => meanOf(rows.map((row) => valueAt(row, x)))
  const before = valueOf(from)
  const slack = multiply(of("1e-12"), add(Exact.one, Exact.absolute(before)))
  const lost = divide(multiply(of("1e-15"), norm(from)), eta)
  const check = (end: Float64Array, limit: Exact.Value): ReadonlyArray<Exact.Compared> => {
    const to = Exact.vector(end)
    const move = norm(to.map((x, j) => subtract(divide(subtract(from[j]!, x), eta), gradient[j]!)))
    const most = bound(weights, eta, beta, [norm(gradient), add(move, lost)])
    return [
      Exact.atMost(subtract(valueOf(to), before), add(most, slack)),
      Exact.atMost(move, sum(limit, multiply(of("1e-12"), limit), slack, lost)),
    ]
  }
  return [
    ...check(ends.smoothed, multiply(beta, rho)),
    ...check(ends.sharpnessAware, add(norm(slopes[index]!), multiply(smoothness[index]!, rho))),
  ]
}
