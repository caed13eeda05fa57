/** What must hold of runs with noise on the labels: the compiled kernels give the bits of the plain loops, and stop where these do. */
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import fc from "fast-check"
import { doubles, same } from "./expand.ts"
import { type Law, law } from "./law.ts"

const upTo = (max: number) => fc.integer({ min: 1, max })

const run = fc.record({
  seed: fc.nat(1000),
  decades: fc.constantFrom<Array<number>>(0, 0, 0, 3, 100),
  n: upTo(6),
  d: upTo(6),
  m: upTo(9),
  batch: upTo(5),
  steps: fc.nat(30),
  slope: fc.constantFrom<Array<number>>(1, 0, -0.5),
  rate: fc.constantFrom<Array<number>>(0.01, 0.3),
})

export const noisyLaws: ReadonlyArray<Law> = [
  law(
    "many noisy runs: the bits of the plain loops, and of each alone",
    fc.property(run, upTo(7), ({ decades, m, n, rate, seed, slope, steps }, count) => {
      const from = { decades, seed }
      const network = { neurons: m, slope, rate, labels: doubles(from, "labels", n) }
      const gram = doubles(from, "gram", n * n)
      const begin = () =>
        Array.from({ length: count }, (_, r) => ({
          epsilon: doubles(from, `noise ${r}`, n * steps),
          z: doubles(from, `z ${r}`, n * m),
          coefficients: doubles(from, `c ${r}`, n * m),
        }))
      const [first, ...others] = [
        Kernels.reference(),
        Kernels.strict(),
        RelaxedKernels.relaxed(),
      ].map((kernels) => {
        const runs = begin()
        const taken = kernels.noisyTogether(network, gram, runs)
        return [taken!, ...runs.flatMap(({ coefficients, z }) => [...z, ...coefficients])]
      })
      for (const other of others) same("runs", other, first!)
      if (first![0] !== steps) return
      const indices = Uint32Array.from({ length: n * steps }, (_, k) => k % n)
      const alone = begin().flatMap(({ coefficients, epsilon, z }) => {
        const given = { ...network, batch: n, indices, epsilon }
        Kernels.strict().noisyPreactivations(given, gram, z, coefficients)
        return [...z, ...coefficients]
      })
      same("alone", alone, first!.slice(1))
    }),
  ),
  law(
    "many noisy runs, each on data of its own: left to one after the other, as they were",
    fc.property(run, upTo(7), ({ m, n, rate, slope, steps, ...from }, count) => {
      const network = { neurons: m, slope, rate, labels: doubles(from, "labels", n) }
      const begin = () =>
        Array.from({ length: count }, (_, r) => ({
          indices: Uint32Array.from({ length: steps }, (__, k) => (k * 7 + r) % n),
          epsilon: doubles(from, `noise ${r}`, steps),
          z: doubles(from, `z ${r}`, n * m),
          coefficients: doubles(from, `c ${r}`, n * m),
        }))
      for (const kernels of [Kernels.reference(), Kernels.strict(), RelaxedKernels.relaxed()]) {
        const runs = begin()
        const taken = kernels.noisyTogether(network, doubles(from, "gram", n * n), runs)
        if (taken !== undefined) throw new Error(`${taken} steps`)
        for (const [r, { coefficients, z }] of begin().entries()) {
          same("z", runs[r]!.z, z)
          same("coefficients", runs[r]!.coefficients, coefficients)
        }
      }
    }),
  ),
  law(
    "noisy runs: the bits of the plain loops, and as many steps, in both forms and builds",
    fc.property(run, ({ batch, d, m, n, rate, slope, steps: count, ...from }) => {
      const steps = {
        neurons: m,
        slope,
        rate,
        batch,
        labels: doubles(from, "labels", n),
        indices: Uint32Array.from({ length: count * batch }, (_, k) => (k * 7 + 3 * batch) % n),
        epsilon: doubles(from, "noise", count * batch),
      }
      const gram = doubles(from, "gram", n * n)
      const features = doubles(from, "features", n * d)
      const [first, ...others] = [
        Kernels.reference(),
        Kernels.strict(),
        RelaxedKernels.relaxed(),
      ].map((kernels) => {
        const [z, coefficients] = [doubles(from, "z", n * m), doubles(from, "c", n * m)]
        const theta = doubles(from, "theta", m * d)
        const inSamples = kernels.noisyPreactivations(steps, gram, z, coefficients)
        const inParameters = kernels.noisyParameters(steps, features, theta)
        return [inSamples, inParameters, ...z, ...coefficients, ...theta]
      })
      for (const other of others) same("run", other, first!)
    }),
  ),
]
