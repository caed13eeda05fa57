/** Kernels as a capability: what is given reaches all that computes, and nothing else is taken meanwhile. */
import { Kernels, Seed } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as StochasticLanczosQuadrature from "@nonconvex/numerics/StochasticLanczosQuadrature"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Trace from "@nonconvex/numerics/Trace"
import * as Operator from "@nonconvex/numerics/Operator"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as Lobpcg from "../src/Lobpcg.ts"
import * as Tridiagonal from "../src/Tridiagonal.ts"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import { hermitian, symmetric } from "./support/Matrices.ts"

const n = 96
const seed = Seed.root(3)
const a = symmetric({ n, family: "random", seed: 1 })
const { im, re } = hermitian({ n, family: "random", seed: 2 })

/** One call of every function that computes with kernels. */
const calls: Readonly<Record<string, (kernels: Kernels.Kernels) => unknown>> = {
  "SymmetricEigen.eigen": (kernels) => SymmetricEigen.eigen(a, n, kernels),
  "SymmetricEigen.eigenRange": (kernels) => SymmetricEigen.eigenRange(a, n, 2, 9, kernels),
  "SymmetricEigen.eigenvalues": (kernels) => SymmetricEigen.eigenvalues(a, n, kernels),
  "HermitianEigen.eigen": (kernels) => HermitianEigen.eigen(re, im, n, kernels),
  "HermitianEigen.eigenRange": (kernels) => HermitianEigen.eigenRange(re, im, n, 2, 9, kernels),
  "HermitianEigen.eigenvalues": (kernels) => HermitianEigen.eigenvalues(re, im, n, kernels),
  "Tridiagonal.eigen": (kernels) => Tridiagonal.eigen(a.slice(0, n), a.slice(1, n), kernels),
  "Svd.decompose": (kernels) => Svd.decompose(a, n, n, kernels),
  "Svd.singularValues": (kernels) => Svd.singularValues(a, n, n, kernels),
  "Lanczos.topEigenpairs": (kernels) =>
    Lanczos.topEigenpairs(operator(kernels), { dimension: n, count: 3, seed, kernels }),
  "Lanczos.bothEnds": (kernels) =>
    Lanczos.bothEnds(operator(kernels), { dimension: n, count: 2, seed, kernels }),
  "Lanczos.topOfSymmetric": (kernels) =>
    Lanczos.topOfSymmetric(a, { dimension: n, count: 3, seed, kernels }),
  "Lobpcg.bottomEigenpairs": (kernels) =>
    Lobpcg.bottomEigenpairs(operator(kernels), { dimension: n, count: 3, seed, kernels }),
  "StochasticLanczosQuadrature.quadrature": (kernels) =>
    StochasticLanczosQuadrature.quadrature(operator(kernels), {
      dimension: n,
      seed,
      probes: 2,
      steps: 30,
      kernels,
    }),
  "Trace.xTrace": (kernels) =>
    Trace.xTrace(operator(kernels), { dimension: n, products: 40, seed, kernels }),
  "Trace.xTrace with an error bar": (kernels) =>
    Trace.xTrace(operator(kernels), {
      dimension: n,
      errorBar: 1,
      maxProducts: 60,
      seed,
      kernels,
    }),
  "Operator.fromMatrix": (kernels) => {
    const out = new Float64Array(n)
    const place = kernels.arena.f64(n * n)
    place.set(a)
    Operator.fromMatrix(place, n, n, kernels)(a.subarray(0, n), out)
    kernels.arena.release(place)
    return out
  },
}

const operator = (kernels: Kernels.Kernels) => Operator.fromSymmetric(a, n, kernels)

describe("kernels that are given", () => {
  it.each(Object.entries(calls))(
    "reach all that %s computes, with the bits of strict",
    (_, call) => {
      const given = Kernels.onlyGiven(() => call(Kernels.reference()))
      assert.deepStrictEqual(given, call(Kernels.strict()))
      assert.deepStrictEqual(
        Kernels.onlyGiven(() => call(Kernels.strict())),
        given,
      )
    },
  )

  it("are asked for by name where a function takes the standard ones instead", () => {
    assert.strictEqual(Kernels.standard(), Kernels.strict())
    assert.throws(
      () => Kernels.onlyGiven(() => SymmetricEigen.eigen(a, n)),
      Kernels.KernelsNotGiven,
      "pass on the kernels of its caller",
    )
    const nested = () =>
      Kernels.onlyGiven(() => Kernels.onlyGiven(() => 1) + Kernels.standard.length)
    assert.strictEqual(nested(), 1)
    assert.strictEqual(Kernels.standard(), Kernels.strict())
  })

  it("are required by a program, and chosen by a layer", () => {
    const values = Effect.map(Kernels.Current, (kernels) => [
      kernels.name,
      SymmetricEigen.eigenvalues(Float64Array.of(2, 1, 1, 2), 2, kernels)[1],
    ])
    const under = (layer: typeof Kernels.layerStrict) =>
      Effect.runSync(Effect.provide(values, layer))
    assert.deepStrictEqual(under(Kernels.layerStrict), ["strict", 3])
    assert.deepStrictEqual(under(RelaxedKernels.layer), ["relaxed", 3])
    assert.deepStrictEqual(under(Kernels.layerReference), ["reference", 3])
    // without a layer there are none, which the types say too
    const unprovided = values as Effect.Effect<unknown>
    assert.throws(() => Effect.runSync(unprovided), "@nonconvex/numerics/Kernels")
  })
})
