/** What must hold of runs on diagonal networks: the compiled kernels give the bits of the plain loops, and stop where these do. */
import { InvalidInput, Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
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

type Drawn = typeof run extends fc.Arbitrary<infer A> ? A : never

const networkOf = ({ gradientThreshold, radius, rate, samples, width, ...from }: Drawn) => ({
  matrix: doubles(from, "matrix", samples * width),
  labels: doubles(from, "labels", samples),
  rate,
  plainRate: 0.02,
  radius,
  gradientThreshold,
})

/** Run number `r`, with draws and a point of its own. */
const runOf = ({ samples, steps, width, ...from }: Drawn, r: number) => ({
  indices: Uint32Array.from({ length: steps }, (_, k) => (k * 7 + r) % samples),
  signs: Float64Array.from({ length: steps }, (_, k) => ((k + r) % 3 === 0 ? 1 : -1)),
  point: doubles(from, `point ${r}`, 2 * width),
})

const builds = [Kernels.reference(), Kernels.strict(), RelaxedKernels.relaxed()] as const

const together = (
  kernels: Kernels.Kernels,
  given: Drawn,
  runs: ReadonlyArray<ReturnType<typeof runOf>>,
): ReadonlyArray<ReadonlyArray<number>> =>
  kernels
    .perturbDiagonal(networkOf(given), given.steps, runs)
    .map(({ perturbed, steps }, r) => [steps, perturbed, ...runs[r]!.point])

/** Whether a call throws InvalidInput. */
const isRefused = (call: () => unknown): boolean => {
  try {
    call()
    return false
  } catch (cause) {
    return cause instanceof InvalidInput
  }
}

export const diagonalLaws: ReadonlyArray<Law> = [
  law(
    "perturbDiagonal: the bits of the plain loops, and as many steps, by both builds",
    fc.property(run, (given) => {
      const [first, ...others] = builds.map(
        (kernels) => together(kernels, given, [runOf(given, 0)])[0]!,
      )
      for (const other of others) same("run", other, first!)
    }),
  ),
  law(
    "perturbDiagonal: of many runs each has the bits of one alone, where others stop early",
    fc.property(run, fc.array(fc.boolean(), { maxLength: 6 }), (given, stops) => {
      const begin = () =>
        stops.map((stop, r) => {
          const one = runOf(given, r)
          // without a gradient, from which no step is taken
          if (stop) one.point.fill(0)
          return one
        })
      for (const kernels of builds) {
        const all = together(kernels, given, begin())
        for (const [r, one] of begin().entries()) {
          same(`run ${r}`, all[r]!, together(kernels, given, [one])[0]!)
          if (stops[r]! && given.steps > 0) same("steps", all[r]!.slice(0, 2), [0, 0])
        }
      }
    }),
  ),
  law(
    "perturbDiagonal: throws where an array of one of many runs is too long, and moves none",
    fc.property(run, fc.constantFrom("indices", "signs", "point"), (given, name) => {
      const longer = runOf({ ...given, steps: given.steps + 1, width: given.width + 1 }, 2)
      for (const kernels of builds) {
        const runs = [0, 1, 2].map((r) => runOf(given, r))
        const wrong = [...runs.slice(0, 2), { ...runs[2]!, [name]: longer[name] }]
        if (!isRefused(() => kernels.perturbDiagonal(networkOf(given), given.steps, wrong)))
          throw new Error(`${name} are not refused`)
        for (const [r, { point }] of runs.entries()) same("point", point, runOf(given, r).point)
      }
    }),
  ),
]
