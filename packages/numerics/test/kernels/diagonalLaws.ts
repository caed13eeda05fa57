/** What must hold of runs on diagonal networks: the compiled kernels give the bits of the plain loops, and stop where these do. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { doubles, same } from "./expand.ts"
import { type Law, law } from "./law.ts"

const run = fc.record({
  seed: fc.nat(1000),
  decades: fc.constantFrom<Array<number>>(0, 0, 0, 3, 100),
  samples: fc.integer({ min: 1, max: 5 }),
  width: fc.integer({ min: 1, max: 7 }),
  steps: fc.nat(30),
  rate: fc.constantFrom<Array<number>>(0.01, 0.3),
  radius: fc.constantFrom<Array<number>>(0.1, 1),
  gradientThreshold: fc.constantFrom<Array<number>>(0.5, 3, Number.POSITIVE_INFINITY),
})

export const diagonalLaws: ReadonlyArray<Law> = [
  law(
    "perturbDiagonal: the bits of the plain loops, and as many steps, by both builds",
    fc.property(run, ({ gradientThreshold, radius, rate, samples, steps, width, ...from }) => {
      const network = {
        matrix: doubles(from, "matrix", samples * width),
        labels: doubles(from, "labels", samples),
        rate,
        plainRate: 0.02,
        radius,
        gradientThreshold,
      }
      const indices = Uint32Array.from({ length: steps }, (_, k) => (k * 7) % samples)
      const signs = Float64Array.from({ length: steps }, (_, k) => (k % 3 === 0 ? 1 : -1))
      const [first, ...others] = [Kernels.reference(), Kernels.strict(), Kernels.relaxed()].map(
        (kernels) => {
          const point = doubles(from, "point", 2 * width)
          const taken = kernels.perturbDiagonal(network, steps, indices, signs, point)
          return [taken.steps, taken.perturbed, ...point]
        },
      )
      for (const other of others) same("run", other, first!)
    }),
  ),
]
