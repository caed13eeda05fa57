/** Ten million normals. The generators differ, so the moments are compared. */
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
  cases: [{ name: "1e7 normals", parameters: { n: 1e7 }, tolerance: 5e-3 }],
  implementations: [
    { name: "strict", own: true, prepare: fill(Kernels.strict(), true) },
    { name: "strict, ordinary array", own: true, prepare: fill(Kernels.strict(), false) },
    { name: "plain", own: true, prepare: fill(Kernels.reference(), false) },
  ],
}
