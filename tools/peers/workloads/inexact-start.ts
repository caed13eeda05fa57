/** Algorithm 2 with an inexact start: extragradient in a regularised matrix game until the residual of the variational inequality certifies it. */
import { Kernels } from "@nonconvex/numerics"
import { matrixGame } from "@nonconvex/problems"
import { regularisedMinimax, saddlePoint } from "@nonconvex/reproducible-minimax"
import { numbers } from "../src/Numbers.ts"
import type { Parameters, Work, Workload } from "../src/Workload.ts"

const certify =
  (kernels: Kernels.Kernels) =>
  ({ d, delta, gap }: Parameters): Work => {
    const n = d!
    const matrix = numbers(n * n, 10).map((x) => 2 * x)
    const start = new Float64Array(2 * n)
    start[0] = start[n] = 1
    const problem = saddlePoint(matrixGame({ matrix, columns: n, kernels }), {
      smoothness: n,
      error: 0,
    })
    const request = { gap: gap!, distance: Math.SQRT2, inexact: "start", delta: delta! } as const
    let point: ArrayLike<number> = start
    return {
      run: () => {
        point = regularisedMinimax(problem, start, request).point
      },
      result: () => point,
    }
  }

export const workload: Workload = {
  cases: [3, 10].map((d) => ({
    name: `Algorithm 2 with an inexact start, ${d} x ${d}`,
    parameters: { d, gap: 0.01, delta: 0.01 },
    tolerance: 1e-6,
  })),
  implementations: [
    { name: "reproducible-minimax", own: true, prepare: certify(Kernels.strict()) },
  ],
}
