/** Matrix times vector, and A x with A^T u in one pass. */
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { numbers } from "../../src/Numbers.ts"
import type { Case, Parameters, Workload } from "../../src/Workload.ts"
import { compiled } from "./Compiled.ts"

const kinds = ["A x", "A^T x", "A x and A^T u"] as const

const cases: ReadonlyArray<Case> = [125, 500, 2000].flatMap((n) =>
  kinds.map((name, kind) => ({
    name: `gemv ${name} N=${n}`,
    parameters: { n, kind },
    operations: (kind === 2 ? 4 : 2) * n ** 2,
    bytes: 8 * n ** 2,
    limit: n === 2000 ? ("reading" as const) : ("float64" as const),
    family: { work: `gemv ${name}`, by: "N", size: n },
    tolerance: 1e-13,
  })),
)

const product =
  ({ arena, gemv, gemvBoth }: Kernels.Kernels) =>
  ({ kind, n }: Parameters) => {
    const a = arena.f64(n! * n!)
    a.set(numbers(n! * n!, 1))
    const [x, u] = [arena.f64(n!), arena.f64(n!)]
    x.set(numbers(n!, 2))
    u.set(numbers(n!, 3))
    const [ax, atu] = [arena.f64(n!), arena.f64(n!)]
    if (kind === 2) {
      return {
        run: () => gemvBoth(n!, n!, a, x, ax, u, atu),
        result: () => [...ax, ...atu],
      }
    }
    return { run: () => gemv(kind === 1, n!, n!, 1, a, x, 0, ax), result: () => ax }
  }

const own = compiled(product, () => true)

export const workload: Workload = {
  cases,
  implementations: [
    { name: "strict", own: true, prepare: product(Kernels.strict()) },
    { name: "relaxed", own: true, prepare: product(RelaxedKernels.relaxed()) },
    ...own.implementations,
  ],
  missing: own.missing,
  versions: own.versions,
}
