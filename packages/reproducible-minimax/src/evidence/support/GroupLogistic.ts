/**
 * Logistic regression in float64 and as computed by two float32 machines, and the game against an opponent who weights its
 * groups.
 */
import type { TrainTest } from "@nonconvex/datasets/Split"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import type { Problem } from "../../problem/Problem.ts"

/** Rows of norm 1, each with a sign and a group. */
export interface Table {
  readonly rows: Float64Array
  readonly columns: number
  readonly signs: Float64Array
  readonly groups: Int32Array
  readonly groupCount: number
  /** The largest eigenvalue of the mean of `x x^T`. */
  readonly curvature: number
}

/**
 * Drawn images in the pixels of largest variance, normalised to the sphere: shirts and coats against the rest, with each
 * class as a group.
 */
export const tableOf = (
  { train }: TrainTest,
  options: {
    readonly rows: number
    readonly columns: number
    readonly seed: Seed.Seed
    readonly kernels: Kernels
  },
): Table => {
  const { columns: d, kernels, rows: n, seed } = options
  const { dimension, features, samples, target } = train
  const labels = target._tag === "Regression" ? new Int32Array(samples) : target.labels
  const variance = Float64Array.from({ length: dimension }, (_, j) => {
    let [sum, squares] = [0, 0]
    for (let i = 0; i < samples; i++) {
      const x = features[i * dimension + j]!
      sum += x
      squares += x * x
    }
    return squares / samples - Elementary.square(sum / samples)
  })
  const kept = Array.from(variance.keys())
    .toSorted((a, b) => variance[b]! - variance[a]! || a - b)
    .slice(0, d)
  const chosen = RandomStream.make(seed.child("rows")).permutation(samples).subarray(0, n)
  const rows = new Float64Array(n * d)
  chosen.forEach((row, i) => {
    const own = rows.subarray(i * d, (i + 1) * d)
    kept.forEach((column, j) => (own[j] = features[row * dimension + column]!))
    Vector.normalise(own)
  })
  const groups = Int32Array.from(chosen, (row) => labels[row]!)
  const tops = new Set([0, 2, 4, 6])
  const gram = new Float64Array(d * d)
  kernels.gemm(true, false, d, d, n, 1 / n, rows, rows, 0, gram)
  const curvature = Lanczos.topEigenpairs(
    (v, out) => kernels.gemv(false, d, d, 1, gram, v, 0, out),
    {
      dimension: d,
      count: 1,
      seed: Seed.root("curvature of logistic regression"),
      kernels,
    },
  ).values[0]!
  return {
    rows,
    columns: d,
    signs: Float64Array.from(groups, (group) => (tops.has(group) ? 1 : -1)),
    groups,
    groupCount: 10,
    curvature,
  }
}

/** A way to compute `X w` and `X^T v`, and to round what lies between. */
interface Machine {
  readonly forward: (w: Float64Array, out: Float64Array) => void
  readonly back: (v: Float64Array, out: Float64Array) => void
  readonly round: (x: number) => number
}

const double = ({ columns: d, rows }: Table, kernels: Kernels): Machine => {
  const n = rows.length / d
  return {
    forward: (w, out) => kernels.gemv(false, n, d, 1, rows, w, 0, out),
    back: (v, out) => kernels.gemv(true, n, d, 1, rows, v, 0, out),
    round: (x) => x,
  }
}

/** float32 throughout, with the terms of every sum in an order of its own. */
const single = ({ columns: d, rows }: Table, stream: RandomStream.RandomStream): Machine => {
  const n = rows.length / d
  const rowOrder = stream.permutation(n)
  const columnOrder = stream.permutation(d)
  // the matrix as this machine walks through it
  const a = new Float32Array(n * d)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) a[i * d + j] = rows[rowOrder[i]! * d + columnOrder[j]!]!
  }
  const narrow = new Float32Array(d)
  const sums = new Float32Array(d)
  return {
    forward: (w, out) => {
      for (let j = 0; j < d; j++) narrow[j] = w[columnOrder[j]!]!
      for (let i = 0; i < n; i++) {
        let sum = 0
        for (let j = 0; j < d; j++) sum = Math.fround(sum + Math.fround(a[i * d + j]! * narrow[j]!))
        out[rowOrder[i]!] = sum
      }
    },
    back: (v, out) => {
      sums.fill(0)
      for (let i = 0; i < n; i++) {
        const weight = Math.fround(v[rowOrder[i]!]!)
        for (let j = 0; j < d; j++) sums[j] = sums[j]! + Math.fround(a[i * d + j]! * weight)
      }
      for (let j = 0; j < d; j++) out[columnOrder[j]!] = sums[j]!
    },
    round: Math.fround,
  }
}

/**
 * Logistic regression in a ball of the given radius, or a game in which an opponent in the same ball changes the weights of
 * the groups. p_g = (1 + u_g / R) / G is at least 0, so the game is convex-concave.
 */
const problemOf = (
  { columns: d, curvature, groupCount: g, groups, rows, signs }: Table,
  { back, forward, round }: Machine,
  { isGame, radius }: { readonly isGame: boolean; readonly radius: number },
): Problem => {
  const n = rows.length / d
  const sizes = new Float64Array(g)
  for (const group of groups) sizes[group]!++
  const ball = FeasibleSet.ball(radius)
  const [margins, weights] = [new Float64Array(n), new Float64Array(n)]
  const gradient = new Float64Array(d)
  const losses = new Float64Array(g)
  // a row has at most twice its part of the weight, in a group that may be smaller than others
  const heaviest = isGame ? 2 / (g * Math.min(...sizes.filter((size) => size > 0))) : 1 / n
  const opponents = isGame ? g : 0
  const coupling = isGame ? 1 / (Math.sqrt(g) * radius) : 0
  return {
    name: isGame ? "logistic regression against weights of groups" : "logistic regression",
    dimensions: [d, opponents],
    feasible: isGame ? FeasibleSet.product([ball, d], [ball, g]) : ball,
    smoothness: (heaviest * n * curvature) / 4 + coupling,
    error: 0,
    operator: (z, out) => {
      forward(z.subarray(0, d), margins)
      losses.fill(0)
      for (let i = 0; i < n; i++) {
        const group = groups[i]!
        const margin = round(signs[i]! * margins[i]!)
        const share = isGame ? round((1 + z[d + group]! / radius) / (g * sizes[group]!)) : 1 / n
        weights[i] = round((-signs[i]! * share) / (1 + Elementary.exp(margin)))
        if (isGame)
          losses[group] = round(
            losses[group]! + round(Elementary.softplus(-margin) / sizes[group]!),
          )
      }
      back(weights, gradient)
      out.set(gradient)
      for (let k = 0; k < opponents; k++) out[d + k] = -losses[k]! / (g * radius)
    },
  }
}

/** The problem in float64, and on two float32 machines with different orders of summation. */
export const machinesOf = (
  table: Table,
  kind: { readonly isGame: boolean; readonly radius: number },
  seed: Seed.Seed,
  kernels: Kernels,
): { readonly exact: Problem; readonly rounded: readonly [Problem, Problem] } => {
  const by = (machine: Machine) => problemOf(table, machine, kind)
  const one = (order: string) => by(single(table, RandomStream.make(seed.child(order))))
  return { exact: by(double(table, kernels)), rounded: [one("one order"), one("another order")] }
}
