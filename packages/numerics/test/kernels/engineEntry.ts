/** What other engines run: the laws, and a fingerprint of results that must not depend on the engine. */
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as Gamma from "../../src/Gamma.ts"
import * as RandomMatrix from "../../src/RandomMatrix.ts"
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

const hash = (arrays: ReadonlyArray<Float64Array>): number => {
  let sum = 0
  for (const array of arrays) {
    for (const word of new Uint32Array(Float64Array.from(array).buffer)) {
      sum = (Math.imul(sum, 31) + word) | 0
    }
  }
  return sum
}

/** Products and functions by the compiled kernels. */
const compiled = (): number => {
  const { activate, cholesky, gemm, syrk } = Kernels.strict()
  const n = 50
  const from = { seed: 1, decades: 1 }
  const [c, value, slope, gram] = [0, 1, 2, 3].map(() => new Float64Array(n * n))
  gemm(true, false, n, n, n, 1, doubles(from, "a", n * n), doubles(from, "b", n * n), 0, c!)
  activate("tanh", c!, value!, slope!)
  syrk(false, n, n, 1, slope!, 0, gram!)
  for (let i = 0; i < n; i++) gram![i * n + i] = gram![i * n + i]! + 1
  cholesky(n, gram!)
  return hash([c!, value!, slope!, gram!])
}

/** Every kind of draw, one at a time and in bulk. */
const streams = (): number => {
  const stream = RandomStream.make(Seed.root(2))
  const single = Float64Array.from({ length: 6000 }, (_, i) =>
    [
      () => stream.uniform(),
      () => stream.uniformOpen(),
      () => stream.integer(1000),
      () => stream.sign(),
      () => stream.normal(),
      () => Gamma.gamma(0.7, stream),
    ][i % 6]!(),
  )
  const bulk = Array.from({ length: 3 }, () => new Float64Array(20_000))
  Kernels.strict().fillNormal(stream, bulk[0]!)
  stream.fillUniform(bulk[1]!)
  Kernels.strict().fillRademacher(stream, bulk[2]!)
  const sphere = new Float64Array(9)
  stream.fillSphere(sphere)
  const complex = RandomMatrix.gaussianUnitary(7, stream)
  return hash([
    single,
    ...bulk,
    sphere,
    Float64Array.from(stream.permutation(500)),
    Orthogonal.haar(9, stream),
    complex.re,
    complex.im,
    RandomMatrix.gaussianOrthogonal(8, stream),
  ])
}

const spectra = (): number => {
  const n = 60
  const stream = RandomStream.make(Seed.root(3))
  const { values, vectors } = SymmetricEigen.eigen(RandomMatrix.gaussianOrthogonal(n, stream), n)
  const { re, im } = RandomMatrix.gaussianUnitary(n, stream)
  const { fillTridiagonal, tridiagonalBatched } = Kernels.strict()
  const [diagonal, off] = [new Float64Array(60), new Float64Array(57)]
  fillTridiagonal(stream, 20, 2, diagonal, off)
  tridiagonalBatched(3, 20, diagonal, off, diagonal)
  return hash([values, vectors, HermitianEigen.eigenvalues(re, im, n), diagonal])
}

/** The build in use, and hashes of the bits of what must be the same everywhere. */
export const fingerprint = () => ({
  name: Kernels.strict().name,
  compiled: compiled(),
  streams: streams(),
  spectra: spectra(),
})
