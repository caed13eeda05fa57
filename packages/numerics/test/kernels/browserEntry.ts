/** What the browser runs: the laws, and a fingerprint of results that must not depend on the engine. */
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { doubles } from "./expand.ts"
import { laws } from "./laws.ts"

/** The name of each law that fails, with its counterexample. */
export const failures = (): ReadonlyArray<string> =>
  laws.flatMap(({ check, name }) => {
    try {
      check({ seed: 5, numRuns: 50 })
      return []
    } catch (error) {
      return [`${name}: ${String(error)}`]
    }
  })

/** The build in use, and a hash of the bits of a product, of functions and of random numbers. */
export const fingerprint = (): { readonly name: string; readonly hash: number } => {
  const { activate, fillNormal, gemm, name } = Kernels.strict()
  const n = 50
  const from = { seed: 1, decades: 1 }
  const [c, slope, normals] = [0, 1, 2].map(() => new Float64Array(n * n))
  gemm(true, false, n, n, n, 1, doubles(from, "a", n * n), doubles(from, "b", n * n), 0, c!)
  activate("tanh", c!.slice(), c!, slope!)
  fillNormal(RandomStream.make(Seed.root(2)), normals!)
  let hash = 0
  for (const array of [c!, slope!, normals!]) {
    for (const word of new Uint32Array(array.buffer)) hash = (Math.imul(hash, 31) + word) | 0
  }
  return { name, hash }
}
