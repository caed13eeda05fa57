/** What must hold of runs on products of matrices: the compiled kernels give the bits of the plain loops, and stop where these do. */
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import fc from "fast-check"
import { doubles, same } from "./expand.ts"
import { type Law, law } from "./law.ts"

const run = fc.record({
  seed: fc.nat(1000),
  decades: fc.constantFrom<Array<number>>(0, 0, 0, 3, 100),
  widths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 5 }),
  n: fc.integer({ min: 1, max: 5 }),
  runs: fc.integer({ min: 0, max: 5 }),
  steps: fc.nat(30),
  noise: fc.constantFrom<Array<number>>(0, 0.3),
  rate: fc.constantFrom<Array<number>>(0.01, 0.3),
})

export const layersLaws: ReadonlyArray<Law> = [
  law(
    "descendLayers: the bits of the plain loops, and as many steps, by both builds",
    fc.property(run, ({ decades, n, noise, rate, runs, seed, steps, widths }) => {
      const from = { decades, seed }
      const dimension = widths.reduce((sum, w, j) => sum + (j > 0 ? w * widths[j - 1]! : 0), 0)
      const given = {
        widths: Int32Array.from(widths),
        matrices: doubles(from, "matrices", n * widths[0]! * widths.at(-1)!),
        targets: doubles(from, "targets", n),
        noise,
        rate,
      }
      const each = <A>(make: (r: number) => A) => Array.from({ length: runs }, (_, r) => make(r))
      const epsilon = each((r) => doubles(from, `noise ${r}`, n * steps))
      const [first, ...others] = [
        Kernels.reference(),
        Kernels.strict(),
        RelaxedKernels.relaxed(),
      ].map((kernels) => {
        const points = each((r) => doubles(from, `point ${r}`, dimension))
        const taken = kernels.descendLayers(given, steps, points, epsilon)
        return [taken, ...points.flatMap((point) => [...point])]
      })
      for (const other of others) same("run", other, first!)
    }),
  ),
  law(
    "descendChain: the bits of the plain loops, and as many steps",
    fc.property(run, fc.boolean(), fc.boolean(), (drawn, isFresh, isWhole) => {
      const { decades, n, rate, runs, seed, steps, widths } = drawn
      const from = { decades, seed }
      const dimension = widths.reduce((sum, w, j) => sum + (j > 0 ? w * widths[j - 1]! : 0), 0)
      const batch = isWhole ? n : runs + 1
      const given = {
        widths: Int32Array.from(widths),
        matrices: doubles(from, "matrices", n * widths[0]! * widths.at(-1)!),
        batch,
        rows: isWhole
          ? undefined
          : Uint32Array.from({ length: batch * steps }, (_, k) => (5 * k + (k >> 2)) % n),
        labels: doubles(from, "labels", isFresh ? batch * steps : batch),
        rate,
        longest: 2 ** 969,
      }
      const [plain, strict] = [Kernels.reference(), Kernels.strict()].map((kernels) => {
        const point = doubles(from, "point", dimension)
        return [kernels.descendChain(given, steps, point), ...point]
      })
      same("run", strict!, plain!)
    }),
  ),
]
