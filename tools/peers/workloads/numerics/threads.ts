/** A product of matrices, and a Lanczos run by products with a matrix, inside of which two threads share the work of one. */
import { Lanczos, Seed } from "@nonconvex/numerics"
import * as SharedKernels from "@nonconvex/numerics/SharedKernels"
import { numbers, symmetric } from "../../src/Numbers.ts"
import type { Parameters, Work, Workload } from "../../src/Workload.ts"

const product = 0
const lanczos = 1

const capacity = 2 ** 27

const prepare =
  (kernels: SharedKernels.SharedKernels) =>
  ({ kind, n }: Parameters): Work => {
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
    const operator = (v: Float64Array, out: Float64Array) => gemv(false, n!, n!, 1, a, v, 0, out)
    const options = { dimension: n!, count: 10, seed: Seed.root(1), kernels }
    let values: Float64Array = new Float64Array(0)
    return {
      run: () => {
        values = Lanczos.topEigenpairs(operator, options).values
      },
      result: () => values,
    }
  }

const one = SharedKernels.make(1, { capacity })
const two = SharedKernels.make(2, { capacity })
while (two.started() < 2) {
  // oxlint-disable-next-line no-await-in-loop -- one look after the other
  await new Promise((resolve) => setTimeout(resolve, 5))
}

export const workload: Workload = {
  cases: [
    {
      name: "gemm f64 N=512 on threads",
      parameters: { n: 512, kind: product },
      operations: 2 * 512 ** 3,
      // the same bits
      tolerance: 0,
    },
    {
      name: "top 10 by Lanczos with a matrix d=2000 on threads",
      parameters: { n: 2000, kind: lanczos },
      tolerance: 0,
    },
  ],
  implementations: [
    { name: "numerics, one thread", own: true, prepare: prepare(one) },
    { name: "numerics, two threads", own: true, prepare: prepare(two) },
  ],
}
