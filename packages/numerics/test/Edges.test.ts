/** What every function does at the edges: dimensions 0 and 1, inputs that must stay as they are, an arena that is full. */
import { ArenaFull, RandomStream, Seed } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as StochasticLanczosQuadrature from "@nonconvex/numerics/StochasticLanczosQuadrature"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Trace from "@nonconvex/numerics/Trace"
import * as Operator from "@nonconvex/numerics/Operator"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as ConjugateGradients from "../src/ConjugateGradients.ts"
import * as Lobpcg from "../src/Lobpcg.ts"
import * as RandomMatrix from "../src/RandomMatrix.ts"
import * as Tridiagonal from "../src/Tridiagonal.ts"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { assert, describe, it } from "vitest"
import { hermitian, symmetric } from "./support/Matrices.ts"
import * as Kernels from "../src/Kernels.ts"

const seed = Seed.root(5)
const none = new Float64Array(0)
const times =
  (factor: number): Operator.Operator =>
  (v, out) =>
    v.forEach((x, i) => (out[i] = factor * x))

describe("dimension 0", () => {
  it("has an empty spectrum", () => {
    const options = { dimension: 0, count: 0, seed }
    for (const { values, vectors } of [
      SymmetricEigen.eigen(none, 0),
      SymmetricEigen.eigenRange(none, 0, 0, 0),
      Tridiagonal.eigen(none, none),
      Lanczos.topEigenpairs(times(1), options),
      Lanczos.bothEnds(times(1), options),
      Lanczos.topOfSymmetric(none, options),
      Lobpcg.bottomEigenpairs(times(1), options),
    ]) {
      assert.deepStrictEqual([values, vectors], [none, none])
    }
    const { left, right, values } = Svd.decompose(none, 0, 3)
    assert.deepStrictEqual([values, left, right], [none, none, none])
    assert.deepStrictEqual(SymmetricEigen.eigenvalues(none, 0), none)
    assert.deepStrictEqual(HermitianEigen.eigenvalues(none, none, 0), none)
    assert.deepStrictEqual(Tridiagonal.eigenvalues(none, none), none)
  })

  it("has trace 0, an empty solution, empty draws", () => {
    assert.strictEqual(Trace.exact(times(1), 0), 0)
    const options = { dimension: 0, seed }
    assert.strictEqual(Trace.hutchinson(times(1), { ...options, probes: 3 }).estimate, 0)
    assert.strictEqual(Trace.hutchPlusPlus(times(1), { ...options, products: 6 }).estimate, 0)
    assert.strictEqual(Trace.xTrace(times(1), { ...options, products: 4 }).estimate, 0)
    const { solution, status } = ConjugateGradients.solve(times(1), none)
    assert.deepStrictEqual([solution, status], [none, "converged"])
    const stream = RandomStream.make(seed)
    assert.deepStrictEqual(Orthogonal.haar(0, stream), none)
    assert.deepStrictEqual(RandomMatrix.gaussianOrthogonal(0, stream), none)
    assert.deepStrictEqual(stream.permutation(0), new Uint32Array(0))
    assert.deepStrictEqual(stream.state, RandomStream.make(seed).state)
  })

  it("is no work for a kernel", () => {
    for (const k of [Kernels.strict(), RelaxedKernels.relaxed(), Kernels.reference()]) {
      k.multiplyQ(true, 0, 0, none, none, 0, none)
      k.ger(0, 0, 1, none, none, none)
      k.axpy(1, none, none)
      k.activate("tanh", none, none, none)
      k.bend("tanh", none, none, none, none)
      assert.strictEqual(k.arena.f64(0).length, 0)
    }
  })
})

describe("dimension 1", () => {
  it("is the number itself", () => {
    const three = Float64Array.of(3)
    const options = { dimension: 1, count: 1, seed }
    for (const { values, vectors } of [
      Tridiagonal.eigen(three, none),
      Lanczos.topEigenpairs(times(3), options),
      Lanczos.bottomEigenpairs(times(3), options),
      Lanczos.topOfSymmetric(three, options),
      Lobpcg.topEigenpairs(times(3), options),
    ]) {
      assert.deepStrictEqual([values[0], Math.abs(vectors[0]!)], [3, 1])
    }
    assert.deepStrictEqual([...Svd.singularValues(Float64Array.of(-3), 1, 1)], [3])
    assert.strictEqual(Trace.exact(times(3), 1), 3)
    for (const { estimate } of [
      Trace.hutchinson(times(3), { dimension: 1, probes: 2, seed }),
      Trace.hutchPlusPlus(times(3), { dimension: 1, products: 6, seed }),
      Trace.xTrace(times(3), { dimension: 1, products: 4, seed }),
    ]) {
      assert.strictEqual(estimate, 3)
    }
    assert.deepStrictEqual([...ConjugateGradients.solve(times(3), three).solution], [1])
    const rules = StochasticLanczosQuadrature.quadrature(times(3), {
      dimension: 1,
      seed,
      probes: 1,
      steps: 4,
    })
    assert.deepStrictEqual([...rules.rules[0]!.nodes, ...rules.rules[0]!.weights], [3, 1])
    assert.strictEqual(Math.abs(Orthogonal.haar(1, RandomStream.make(seed))[0]!), 1)
  })
})

describe("inputs in ordinary arrays", () => {
  it("are never modified", () => {
    const n = 30
    const { im, re } = hermitian({ n, family: "random", seed: 2 })
    const a = symmetric({ n, family: "random", seed: 3 })
    const shifted = a.map((x, at) => (at % (n + 1) === 0 ? x + 20 : x))
    const b = a.slice(0, n)
    const [diagonal, off] = [b.slice(), b.slice(1)]
    const [factor, tau] = [a.slice(), new Float64Array(n)]
    Kernels.strict().qr(n, n, factor, tau)
    const start = b.slice()
    const inputs = { a, shifted, re, im, b, diagonal, off, factor, tau, start }
    const before = structuredClone(inputs)
    const fresh = (length = n) => new Float64Array(length)

    SymmetricEigen.eigen(a, n)
    SymmetricEigen.eigenRange(a, n, 3, 8)
    SymmetricEigen.eigenvalues(a, n)
    HermitianEigen.eigen(re, im, n)
    HermitianEigen.eigenvalues(re, im, n)
    Tridiagonal.eigen(diagonal, off)
    Tridiagonal.eigenvalues(diagonal, off)
    Svd.decompose(a, n, n)
    Svd.singularValues(a, n, n)
    const options = { dimension: n, count: 3, seed, start }
    Lanczos.topOfSymmetric(a, options)
    Lanczos.bothEnds(Operator.fromMatrix(a, n, n), options)
    Lobpcg.topEigenpairs(Operator.fromSymmetric(a, n), options)
    ConjugateGradients.solve(Operator.fromMatrix(shifted, n, n), b, { start })
    for (const k of [Kernels.strict(), RelaxedKernels.relaxed(), Kernels.reference()]) {
      k.gemm(true, false, n, n, n, 1, a, a, 0, fresh(n * n))
      k.gemv(true, n, n, 1, a, b, 0, fresh())
      k.gemvBoth(n, n, a, b, fresh(), start, fresh())
      k.syrk(false, n, n, 1, a, 0, fresh(n * n))
      k.ger(n, n, 1, b, start, fresh(n * n))
      k.axpy(1, b, fresh())
      k.dot(a, a)
      k.norm(a)
      k.symmetricProduct(n, a, b, fresh())
      k.solveTriangular(true, false, n, 1, shifted, fresh())
      k.multiplyQ(true, n, n, factor, tau, 1, fresh())
      k.activate("softplus", a, fresh(n * n), fresh(n * n))
      k.bend("cube", a, shifted, re, fresh(n * n))
      k.softmaxCrossEntropy(n, n, a, new Int32Array(n), fresh(n * n))
    }
    assert.deepStrictEqual(inputs, before)
  })
})

describe("an arena that is full or too small", () => {
  it("is replaced by a memory of its own for the time of the call, with the same bits", () => {
    const n = 80
    const a = symmetric({ n, family: "random", seed: 1 })
    const { im, re } = hermitian({ n, family: "random", seed: 2 })
    const operator = Operator.fromMatrix(a, n, n)
    const options = { dimension: n, count: 2, seed }
    const small = Kernels.makeStrict({ capacity: 1024 })
    const full = Kernels.makeStrict({ capacity: 2 ** 22 })
    const taken = full.arena.f64(2 ** 19 - 64)
    for (const run of [
      (k: Kernels.Kernels) => SymmetricEigen.eigen(a, n, k),
      (k: Kernels.Kernels) => SymmetricEigen.eigenvalues(a, n, k),
      (k: Kernels.Kernels) => HermitianEigen.eigen(re, im, n, k),
      (k: Kernels.Kernels) => HermitianEigen.eigenvalues(re, im, n, k),
      (k: Kernels.Kernels) => Tridiagonal.eigen(a.slice(0, n), a.slice(1, n), k),
      (k: Kernels.Kernels) => Svd.decompose(a, n, n, k),
      (k: Kernels.Kernels) => Svd.singularValues(a, n, n, k),
      (kernels: Kernels.Kernels) => Lanczos.topEigenpairs(operator, { ...options, kernels }),
      (kernels: Kernels.Kernels) => Lanczos.topOfSymmetric(a, { ...options, kernels }),
      (kernels: Kernels.Kernels) =>
        StochasticLanczosQuadrature.quadrature(operator, {
          ...options,
          probes: 1,
          steps: 20,
          kernels,
        }),
    ]) {
      const expected = run(Kernels.strict())
      for (const kernels of [small, full]) {
        const { used } = kernels.arena
        assert.deepStrictEqual(run(kernels), expected)
        assert.strictEqual(kernels.arena.used, used)
      }
    }
    full.arena.release(taken)
    assert.strictEqual(full.arena.used, 0)
  })

  it("is used where it has the room in one piece", () => {
    const kernels = Kernels.makeStrict({ capacity: 2 ** 20 })
    assert.strictEqual(Kernels.withRoom(kernels, 2 ** 19), kernels)
    const [first, middle] = [kernels.arena.f64(2 ** 16 - 64), kernels.arena.f64(8)]
    kernels.arena.release(first)
    // Half of it and more is free, but not together.
    const own = Kernels.withRoom(kernels, 2 ** 19)
    assert.notStrictEqual(own, kernels)
    assert.strictEqual(own.name, "strict")
    assert.isAtLeast(own.arena.largestFree, 2 ** 19)
    kernels.arena.release(middle)
  })

  it("is ArenaFull, with the numbers, where no memory can be as large", () => {
    const kernels = Kernels.makeStrict({ capacity: 1024 })
    for (const make of [kernels, Kernels.reference().withCapacity(1024)]) {
      assert.throws(
        () => Kernels.withRoom(make, 2 ** 33),
        ArenaFull,
        "no room for 8590000128 bytes",
      )
    }
  })
})

describe("products with the operator", () => {
  it("are counted as they are, and are never more than is allowed", () => {
    const n = 40
    const a = symmetric({ n, family: "random", seed: 8 })
    const definite = a.map((x, at) => (at % (n + 1) === 0 ? x + 20 : x))
    const b = new Float64Array(n).fill(1)
    for (let maxProducts = 4; maxProducts < 130; maxProducts += 3) {
      let calls = 0
      const counted = (matrix: Float64Array): Operator.Operator => {
        const operator = Operator.fromSymmetric(matrix, n)
        calls = 0
        return (v, out) => {
          calls++
          operator(v, out)
        }
      }
      const options = { dimension: n, count: 2, seed, maxProducts, tolerance: 1e-13 }
      for (const run of [
        () => Lanczos.topEigenpairs(counted(a), options),
        () => Lanczos.bottomEigenpairs(counted(a), { ...options, subspace: 6 }),
        () => Lobpcg.topEigenpairs(counted(a), options),
        () => ConjugateGradients.solve(counted(definite), b, { maxProducts, tolerance: 0 }),
      ]) {
        assert.strictEqual(run().products, calls)
        assert.isAtMost(calls, maxProducts)
      }
    }
  })
})
