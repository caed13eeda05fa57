/** What must hold of whole runs: the compiled kernels give the bits of the plain loops, and stop where these do. */
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import fc from "fast-check"
import { doubles, same } from "./expand.ts"
import { type Law, law } from "./law.ts"

const run = fc.record({
  seed: fc.nat(1000),
  decades: fc.constantFrom<Array<number>>(0, 0, 3, 100),
  kind: fc.constantFrom<Array<Kernels.SmallObjective["kind"]>>(
    "product",
    "diagonal",
    "dense",
    "valley",
  ),
  // of a sine: far out, and where multiples of a quarter turn are
  angle: fc.constantFrom<Array<number>>(1, 0, 1e-9, 1.5707963267948966, 22, 52174 * 31.4, 1e6, 2e6),
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
      ({ angle, kind, n, perturbing, points, radius, rate, steps, target, ...from }) => {
        const objective: Kernels.SmallObjective = {
          product: { kind: "product" as const, target },
          diagonal: {
            kind: "diagonal" as const,
            spectrum: doubles(from, "spectrum", n),
            minimiser: doubles(from, "minimiser", n),
          },
          dense: {
            kind: "dense" as const,
            hessian: doubles(from, "hessian", n * n),
            minimiser: doubles(from, "minimiser", n),
          },
          valley: { kind: "valley" as const, base: 2, amplitude: target },
        }[kind]
        const size = "minimiser" in objective ? n : 2
        const starts = Array.from({ length: points }, (_, r) => doubles(from, `point ${r}`, size))
        if (kind === "valley")
          for (const [r, start] of starts.entries())
            start[0] = angle * (r % 2 === 0 ? start[0]! : 1)
        const results = [Kernels.reference(), Kernels.strict(), RelaxedKernels.relaxed()].map(
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
