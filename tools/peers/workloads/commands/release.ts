/** The command `release` on rows of a decaying spectrum: error and captured variance at (1, 1e-6), where one row is replaced. */
import {
  GridPlan,
  LowRank,
  Mechanism,
  Permit,
  PrivateScatter,
  Public,
  release,
} from "@nonconvex/dp-lowrank"
import { operatingSystem } from "@nonconvex/dp-lowrank/node"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import { numbers } from "../../src/Numbers.ts"
import type { Parameters, Work, Workload } from "../../src/Workload.ts"
import { compiled } from "../numerics/Compiled.ts"

const d = 20
const rank = 3
/** Releases whose errors are averaged. */
const repeats = 40

const bound = Public.bound(1)
const mechanism = Mechanism.isotropic({ epsilon: 1, delta: 1e-6, neighbours: "replace", bound })

/** Orthonormal cosines: component k has deviation 0.3 * 0.8^k, in units of a uniform number from -1 to 1. */
const basis = Float64Array.from({ length: d * d }, (_, at) => {
  const [k, j] = [Math.floor(at / d), at % d]
  return Math.sqrt((k === 0 ? 1 : 2) / d) * Math.cos((Math.PI * (j + 0.5) * k) / d)
})

/** `n` rows of norm at most 1; the Python side makes the same. */
const rowsOf = (n: number): Float64Array => {
  const rows = new Float64Array(n * d)
  const scores = numbers(n * d, 1).map((x, at) => 2 * 0.3 * 0.8 ** (at % d) * x)
  Kernels.strict().gemm(false, false, n, d, d, 1, scores, basis, 0, rows)
  for (let from = 0; from < rows.length; from += d) {
    const row = rows.subarray(from, from + d)
    Vector.scale(Math.min(1, 1 / Vector.norm(row)), row)
  }
  return rows
}

/** tr(P C) of the span of the vectors. */
const captured = (matrix: Float64Array, { vectors }: LowRank.LowRank): number => {
  let sum = 0
  for (let from = 0; from < vectors.length; from += d) {
    const v = vectors.subarray(from, from + d)
    for (let i = 0; i < d; i++) sum += v[i]! * Vector.dot(matrix.subarray(i * d, (i + 1) * d), v)
  }
  return sum
}

const ours =
  (kernels: Kernels.Kernels) =>
  ({ n }: Parameters): Work => {
    const rows = rowsOf(n!)
    const plan = GridPlan.make(mechanism, d)
    const released = () => {
      const scatter = PrivateScatter.make({ dimension: d, bound, kernels })
      scatter.add(rows)
      return release(scatter, Permit.withoutLedger(plan), operatingSystem)
    }
    const exact = new Float64Array(d * d)
    Kernels.strict().gemm(true, false, d, d, n!, 1, rows, rows, 0, exact)
    const best = captured(exact, LowRank.topK({ dimension: d, matrix: exact }, rank))
    return {
      run: () => {
        LowRank.topK(released(), rank, kernels)
      },
      result: () => {
        const means = [0, 0, 0]
        for (let k = 0; k < repeats; k++) {
          const noisy = released()
          const denoised = LowRank.toMatrix(LowRank.shrink(LowRank.topK(noisy, d), noisy))
          const relative = (matrix: Float64Array) =>
            Vector.distance(matrix, exact) / Vector.norm(exact)
          const figures = [
            relative(noisy.matrix),
            relative(denoised),
            captured(exact, LowRank.topK(noisy, rank)) / best,
          ]
          figures.forEach((figure, i) => (means[i]! += figure / repeats))
        }
        return means
      },
    }
  }

const native = compiled(ours)

export const workload: Workload = {
  ...native,
  cases: [1000, 3000, 10_000, 100_000].map((n) => ({
    name: `${n} rows of 20 columns`,
    parameters: { n },
    family: { work: "release of 20 columns", by: "rows", size: n },
    figures: [
      "relative error of the matrix",
      "after denoising",
      "variance captured by the top 3, relative to the best",
    ],
  })),
  implementations: [
    { name: "release", own: true, prepare: ours(Kernels.strict()) },
    ...native.implementations,
  ],
}
