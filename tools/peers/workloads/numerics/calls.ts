/** What a call costs: kernels on 16 doubles (a plain loop), on 64 and on 1,024 (compiled code). */
import { Kernels } from "@nonconvex/numerics"
import { numbers } from "../../src/Numbers.ts"
import type { Parameters, Work, Workload } from "../../src/Workload.ts"

const call =
  (kernels: Kernels.Kernels, inside: boolean) =>
  ({ kind, n }: Parameters): Work => {
    const fresh = () => (inside ? kernels.arena.f64(n!) : new Float64Array(n!))
    const [x, y] = [fresh(), fresh()]
    x.set(numbers(n!, 1))
    y.set(numbers(n!, 2))
    const { axpy, dot, norm } = kernels
    if (kind === 0) {
      let value = 0
      return {
        run: () => {
          value = dot(x, y)
        },
        result: () => [value],
      }
    }
    if (kind === 1) {
      let value = 0
      return {
        run: () => {
          value = norm(x)
        },
        result: () => [value],
      }
    }
    // Added and taken away again, so that the numbers stay what they are.
    let sign = -1
    return {
      run: () => {
        sign = -sign
        axpy(sign, x, y)
      },
      result: () => y.map((value, i) => (sign > 0 ? value - x[i]! : value)),
    }
  }

export const workload: Workload = {
  cases: [16, 64, 1024].flatMap((n) =>
    ["dot", "norm", "axpy"].map((name, kind) => ({
      name: `${name} of ${n} doubles`,
      parameters: { n, kind },
      family: { work: name, by: "doubles", size: n },
      tolerance: 1e-14,
    })),
  ),
  implementations: [
    { name: "strict", own: true, prepare: call(Kernels.strict(), true) },
    { name: "strict, ordinary arrays", own: true, prepare: call(Kernels.strict(), false) },
  ],
}
