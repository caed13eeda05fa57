/** Products of matrices, and Lanczos runs by products with a matrix, each twice: there is as much to do for one thread as for two. */
import { Seed } from "@nonconvex/numerics"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Operator from "@nonconvex/numerics/Operator"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import { numbers, symmetric } from "../../src/Numbers.ts"
import type { Parameters, Work } from "../../src/Workload.ts"

/** Bytes for matrices of 2,000 columns. */
export const capacity = 2 ** 27

/** What `kind` says: a product, or a Lanczos run with the whole matrix or with its lower triangle. */
export const [product, lanczos, lanczosOfTriangle] = [0, 1, 2]

/** One of these. */
export const once = (kernels: Kernels, { kind, n }: Parameters): Work => {
  const { arena, gemm, gemv } = kernels
  const a = arena.f64(n! * n!)
  if (kind === product) {
    const [b, c] = [arena.f64(n! * n!), arena.f64(n! * n!)]
    a.set(numbers(n! * n!, 1))
    b.set(numbers(n! * n!, 2))
    return {
      run: () => gemm(false, false, n!, n!, n!, 1, a, b, 0, c),
      result: () => c,
    }
  }
  a.set(symmetric(n!, 1))
  const operator =
    kind === lanczos
      ? (v: Float64Array, out: Float64Array) => gemv(false, n!, n!, 1, a, v, 0, out)
      : Operator.fromSymmetric(a, n!, kernels)
  const options = { dimension: n!, count: 10, seed: Seed.root(1), kernels }
  let values: Float64Array = new Float64Array(0)
  return {
    run: () => {
      values = Lanczos.topEigenpairs(operator, options).values
    },
    result: () => values,
  }
}
