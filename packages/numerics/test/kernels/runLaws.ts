/** What must hold of whole runs: the compiled kernels give the bits of the plain loops, and stop where these do. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { doubles, same } from "./expand.ts"
import { type Law, law } from "./law.ts"

const run = fc.record({
  seed: fc.nat(1000),
  decades: fc.constantFrom<Array<number>>(0, 0, 3, 100),
  isProduct: fc.boolean(),
  perturbing: fc.constantFrom<Array<Kernels.Perturbing>>("none", "normalised", "unnormalised"),
  target: fc.constantFrom<Array<number>>(0, 0.7, -2),
  n: fc.integer({ min: 1, max: 9 }),
  points: fc.nat(9),
  steps: fc.nat(40),
  rate: fc.constantFrom<Array<number>>(0.01, 0.3, 4, -0.1),
  radius: fc.constantFrom<Array<number>>(0.05, 1, 1e200),
})

export const runLaws: ReadonlyArray<Law> = [
  law(
    "descend: the bits of the plain loops, and as many steps, by both builds",
    fc.property(
      run,
      ({ isProduct, n, perturbing, points, radius, rate, steps, target, ...from }) => {
        const objective: Kernels.SmallObjective = isProduct
          ? { kind: "product", target }
          : {
              kind: "diagonal",
              spectrum: doubles(from, "spectrum", n),
              minimiser: doubles(from, "minimiser", n),
            }
        const size = isProduct ? 2 : n
        const starts = Array.from({ length: points }, (_, r) => doubles(from, `point ${r}`, size))
        const results = [Kernels.reference(), Kernels.strict(), Kernels.relaxed()].map(
          (kernels) => {
            const ends = starts.map((start) => start.slice())
            const taken = kernels.descend(objective, perturbing, steps, rate, radius, ends)
            return [taken, ...ends.flatMap((end) => [...end])]
          },
        )
        same("strict", results[1]!, results[0]!)
        same("relaxed", results[2]!, results[0]!)
      },
    ),
  ),
]
