/** Normals, ten million at most. The generators differ, so the moments are compared. */
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import type { Parameters, Work, Workload } from "../../src/Workload.ts"

/** 1, the second moment and a third of the fourth: 1 each, to the accuracy of the sample. */
const moments = (x: Float64Array): ReadonlyArray<number> => {
  let [second, fourth] = [0, 0]
  for (let i = 0; i < x.length; i++) {
    const square = x[i]! * x[i]!
    second += square
    fourth += square * square
  }
  return [1, second / x.length, fourth / (3 * x.length)]
}

const fill =
  (kernels: Kernels.Kernels, inside: boolean) =>
  ({ n }: Parameters): Work => {
    const out = inside ? kernels.arena.f64(n!) : new Float64Array(n!)
    const stream = RandomStream.make(Seed.root(1))
    return { run: () => kernels.fillNormal(stream, out), result: () => moments(out) }
  }

export const workload: Workload = {
  cases: [5, 6, 7].map((power) => ({
    name: `1e${power} normals`,
    parameters: { n: 10 ** power },
    family: { work: "normals", by: "count", size: 10 ** power },
    // 3.5 deviations of the difference of two such fourth moments
    tolerance: 5e-3 * Math.sqrt(1e7 / 10 ** power),
  })),
  implementations: [
    { name: "strict", own: true, prepare: fill(Kernels.strict(), true) },
    { name: "strict, ordinary array", own: true, prepare: fill(Kernels.strict(), false) },
    { name: "plain", own: true, prepare: fill(Kernels.reference(), false) },
  ],
}
