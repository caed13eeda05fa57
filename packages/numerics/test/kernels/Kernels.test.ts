import { ArenaFull, InvalidInput, Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { registerHooks } from "node:module"
import { assert, describe, it, vi } from "vitest"
import { difference, doubles } from "./expand.ts"

const every = [Kernels.strict(), RelaxedKernels.relaxed(), Kernels.reference()]
const zeros = (length: number) => new Float64Array(length)

let loads = 0

/** Modules that have compiled nothing yet. */
const imported = async () => {
  loads++
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context)
      return found.url.includes("/numerics/src/")
        ? { ...found, url: `${found.url}?load=${loads}` }
        : found
    },
  })
  try {
    const { make } = await import("../../src/RelaxedKernels.ts")
    return { ...(await import("../../src/Kernels.ts")), makeRelaxed: make }
  } finally {
    hooks.deregister()
  }
}

describe("Kernels", () => {
  it("has compiled builds on this machine", () => {
    assert.deepStrictEqual(
      every.map(({ name }) => name),
      ["strict", "relaxed", "reference"],
    )
  })

  it("falls back to strict kernels without relaxed SIMD, and to plain loops without WebAssembly", async () => {
    const { WebAssembly: whole } = globalThis as unknown as {
      WebAssembly: { validate: (bytes: Uint8Array) => boolean } & Record<string, unknown>
    }
    const run = (k: Kernels.Kernels) => {
      const c = k.arena.f64(1)
      k.gemm(false, true, 1, 1, 2, 1, Float64Array.of(1, 2), Float64Array.of(3, 4), 0, c)
      return [k.name, k.withCapacity(64).name, c[0]]
    }
    try {
      let asked = 0
      const validate = (bytes: Uint8Array) => asked++ > 0 && whole.validate(bytes)
      const { Instance, Memory, Module } = whole
      vi.stubGlobal("WebAssembly", { Instance, Memory, Module, validate })
      const { makeRelaxed } = await imported()
      assert.deepStrictEqual(run(makeRelaxed({ capacity: 64 })), ["strict", "strict", 11])
      vi.stubGlobal("WebAssembly", undefined)
      const without = await imported()
      for (const make of [without.makeRelaxed, without.makeStrict]) {
        assert.deepStrictEqual(run(make({ capacity: 64 })), ["reference", "reference", 11])
      }
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it("compiles a build once a thread, whatever number of memories it gets", async () => {
    const { WebAssembly: whole } = globalThis as unknown as {
      WebAssembly: { Module: new (bytes: Uint8Array) => object } & Record<string, unknown>
    }
    let compilations = 0
    class Module extends whole.Module {
      constructor(bytes: Uint8Array) {
        super(bytes)
        compilations++
      }
    }
    const { Instance, Memory, validate } = whole
    vi.stubGlobal("WebAssembly", { Instance, Memory, Module, validate })
    try {
      const { makeRelaxed, makeStrict } = await imported()
      for (const make of [makeStrict, makeStrict, makeRelaxed]) {
        make({ capacity: 64 }).withCapacity(128).withCapacity(64)
      }
    } finally {
      vi.unstubAllGlobals()
    }
    assert.strictEqual(compilations, 2)
  })

  it("multiplies known matrices", () => {
    for (const { gemm } of every) {
      const a = Float64Array.of(1, 2, 3, 4, 5, 6)
      const b = Float64Array.of(1, 0, -1, 2, 1, 0)
      const c = zeros(4)
      gemm(false, false, 2, 2, 3, 1, a, b, 0, c)
      assert.deepStrictEqual([...c], [2, 4, 5, 10])
      gemm(false, true, 2, 2, 3, 2, a, b, 1, c)
      assert.deepStrictEqual([...c], [2 - 4, 4 + 8, 5 - 4, 10 + 26])
    }
  })

  it("accepts dimensions 0 and 1", () => {
    const none = zeros(0)
    for (const k of every) {
      const c = Float64Array.of(3)
      k.gemm(false, false, 1, 1, 0, 1, none, none, 0.5, c)
      assert.deepStrictEqual([...c], [1.5])
      k.gemm(false, false, 1, 1, 0, 1, none, none, 0, Float64Array.of(NaN))
      k.gemm(false, false, 0, 5, 3, 1, none, zeros(15), 0, none)
      k.gemv(false, 1, 0, 1, none, none, 0, c)
      assert.deepStrictEqual([...c], [0])
      k.gemvBoth(0, 0, none, none, none, none, none)
      k.syrk(false, 0, 3, 1, none, 0, none)
      k.qr(0, 3, none, none)
      k.solveTriangular(true, false, 0, 4, none, none)
      assert.strictEqual(k.cholesky(0, none), -1)
      assert.strictEqual(k.tridiagonalBatched(3, 0, none, none, none), -1)
      assert.strictEqual(k.softmaxCrossEntropy(0, 3, none, new Int32Array(0), none), 0)
      assert.strictEqual(k.dot(none, none), 0)
      assert.strictEqual(k.norm(none), 0)
      k.fillNormal(RandomStream.make(Seed.root(1)), none)
    }
  })

  it("refuses wrong lengths, fractional dimensions, mixed types and labels out of range", () => {
    for (const k of every) {
      const mixed = new Float32Array(4) as unknown as Float64Array
      for (const run of [
        () => k.gemm(false, false, 2, 2, 2, 1, zeros(4), zeros(3), 0, zeros(4)),
        () => k.gemm(false, false, 2, 2, 2, 1, zeros(4), mixed, 0, zeros(4)),
        () => k.gemm(false, false, 2, 2.5, 2, 1, zeros(4), zeros(5), 0, zeros(5)),
        () => k.gemm(false, false, -2, -2, 2, 1, zeros(4), zeros(4), 0, zeros(4)),
        () => k.gemv(false, 2, 3, 1, zeros(6), zeros(2), 0, zeros(2)),
        () => k.gemvBoth(1, 2, zeros(2), zeros(2), zeros(1), zeros(2), zeros(2)),
        () => k.dot(zeros(100), zeros(99)),
        () => k.axpy(1, zeros(3), zeros(2)),
        () => k.rotate(1, 0, zeros(100), zeros(99)),
        () => k.syrk(false, 2, 2, 1, zeros(4), 0, zeros(3)),
        () => k.ger(2, 2, 1, zeros(2), zeros(1), zeros(4)),
        () => k.cholesky(2, zeros(3)),
        () => k.qr(2, 2, zeros(4), zeros(1)),
        () => k.multiplyQ(false, 2, 2, zeros(4), zeros(2), 1, zeros(1)),
        () => k.solveTriangular(true, true, 2, 1, zeros(4), zeros(1)),
        () => k.tridiagonalBatched(2, 3, zeros(6), zeros(6), zeros(6)),
        () => k.tridiagonalBatched(2, 3, zeros(6), zeros(4), zeros(5)),
        () => k.fillTridiagonal(RandomStream.make(Seed.root(1)), 3, 2, zeros(7), zeros(4)),
        () => k.fillTridiagonal(RandomStream.make(Seed.root(1)), 3, 2, zeros(6), zeros(5)),
        () => k.fillTridiagonal(RandomStream.make(Seed.root(1)), 3, 0, zeros(6), zeros(4)),
        () => k.activate("tanh", zeros(2), zeros(2), zeros(1)),
        () => k.bend("tanh", zeros(2), zeros(2), zeros(2), zeros(1)),
        () => k.softmaxCrossEntropy(1, 2, zeros(2), Int32Array.of(2), zeros(2)),
      ]) {
        assert.throws(run, InvalidInput)
      }
    }
  })

  it("refuses outputs that overlap inputs, where the result would depend on the order of the work", () => {
    for (const k of every) {
      for (const shared of [zeros(60), k.arena.f64(60)]) {
        const part = (from: number, length: number) => shared.subarray(from, from + length)
        const [four, two] = [part(0, 4), part(4, 2)]
        const label = Int32Array.of(1)
        for (const run of [
          () => k.gemvBoth(2, 2, four, two, part(5, 2), part(8, 2), part(20, 2)),
          () => k.gemvBoth(2, 2, four, two, part(8, 2), part(10, 2), part(3, 2)),
          () => k.gemvBoth(2, 2, four, two, part(8, 2), part(10, 2), part(9, 2)),
          () => k.rotate(0.6, 0.8, four, part(3, 4)),
          () => k.syrk(false, 2, 2, 1, four, 0, part(3, 4)),
          () => k.ger(2, 2, 1, part(3, 2), part(10, 2), four),
          () => k.qr(2, 2, four, part(3, 2)),
          () => k.multiplyQ(false, 2, 2, four, part(10, 2), 1, part(11, 2)),
          () => k.solveTriangular(true, false, 2, 2, four, four),
          () => k.tridiagonalBatched(1, 4, four, part(10, 3), part(3, 4)),
          () => k.tridiagonalBatched(1, 4, four, part(10, 3), part(12, 4)),
          () => k.fillTridiagonal(RandomStream.make(Seed.root(1)), 4, 2, four, part(3, 3)),
          () => k.activate("tanh", four, part(1, 4), part(10, 4)),
          () => k.activate("tanh", four, part(10, 4), part(12, 4)),
          () => k.bend("cube", four, part(10, 4), part(20, 4), part(21, 4)),
          () => k.softmaxCrossEntropy(1, 2, two, label, part(5, 2)),
        ]) {
          assert.throws(run, InvalidInput, "must not overlap")
        }
        if (k.arena.holds(shared)) k.arena.release(shared)
      }
    }
  })

  it("does elementwise work in place, and axpy in increasing order", () => {
    for (const k of every) {
      for (const fresh of [(): Float64Array => zeros(100), () => k.arena.f64(100)]) {
        const x = zeros(100).map((_, i) => (i - 50) / 10)
        const [value, slope, bend] = [zeros(100), zeros(100), zeros(100)]
        k.activate("tanh", x, value, slope)
        k.bend("tanh", x, value, slope, bend)
        const [place, other] = [fresh(), fresh()]
        place.set(x)
        k.activate("tanh", place, place, other)
        assert.deepStrictEqual([...place, ...other], [...value, ...slope])
        k.bend("tanh", x, place, other, other)
        assert.deepStrictEqual([...other], [...bend])
        place.set(x)
        k.activate("tanh", place, other, place)
        assert.deepStrictEqual([...other, ...place], [...value, ...slope])

        // Each element is the sum of those before: 1, 2, 3, ...
        const run = fresh().fill(1)
        k.axpy(1, run.subarray(0, 99), run.subarray(1))
        assert.deepStrictEqual(
          [...run],
          Array.from(run, (_, i) => i + 1),
        )
        for (const array of [place, other, run]) if (k.arena.holds(array)) k.arena.release(array)
      }
    }
  })

  it("throws ArenaFull where copies do not fit, and gives back those that did", () => {
    const { arena, gemm } = Kernels.makeStrict({ capacity: 2 ** 16 })
    const n = 200
    const run = () => gemm(false, false, n, n, n, 1, zeros(n * n), zeros(n * n), 0, zeros(n * n))
    assert.throws(run, ArenaFull)
    assert.strictEqual(arena.used, 0)
  })

  it("never changes inputs in ordinary arrays", () => {
    for (const k of every) {
      const n = 20
      const a = Float64Array.from({ length: n * n }, (_, i) => Math.fround(1 / (i + 1)))
      const before = a.slice()
      k.gemm(true, false, n, n, n, 1, a, a, 0, zeros(n * n))
      k.syrk(false, n, n, 1, a, 0, zeros(n * n))
      k.solveTriangular(true, false, n, n, a, zeros(n * n))
      k.activate("sigmoid", a, zeros(n * n), zeros(n * n))
      assert.deepStrictEqual(a, before)
    }
  })

  it("propagates NaN and infinities, and reads nothing where beta is 0", () => {
    for (const k of every) {
      const n = 12
      const a = zeros(n * n).fill(1)
      a[0] = NaN
      a[n] = Infinity
      const c = zeros(n * n).fill(NaN)
      k.gemm(false, false, n, n, n, 1, a, zeros(n * n).fill(1), 0, c)
      assert.isNaN(c[0])
      assert.strictEqual(c[n], Infinity)
      assert.strictEqual(c[2 * n], n)
      const y = zeros(n).fill(NaN)
      k.gemv(false, n, n, 1, a, zeros(n).fill(1), 0, y)
      assert.deepStrictEqual([...y.subarray(0, 3)], [NaN, Infinity, n])
      assert.isNaN(k.norm(a))
      assert.strictEqual(k.norm(Float64Array.of(Infinity, 1)), Infinity)
    }
  })

  it("keeps NaN through every elementwise function", () => {
    const names = ["identity", "relu", "tanh", "sigmoid", "softplus", "square", "cube"] as const
    for (const k of every) {
      for (const name of names) {
        // Plain loops, and from 32 elements on compiled ones.
        for (const n of [3, 41]) {
          const x = zeros(n).fill(NaN)
          const value = zeros(n)
          k.activate(name, x, value, zeros(n))
          assert.isTrue(value.every(Number.isNaN), name)
          const single = new Float32Array(n)
          k.activate(name, Float32Array.from(x), single, new Float32Array(n))
          assert.isTrue(single.every(Number.isNaN), name)
        }
      }
    }
  })

  // Blocks of eight rows and of three, and rows that are longer than a block.
  it.each([
    [1461, 1439],
    [234, 9001],
    [53, 40_001],
  ])("gives the bits of the plain loops for a matrix beyond the caches, %i x %i", (m, n) => {
    const from = { seed: 7, decades: 0 }
    const a = doubles(from, "a", m * n)
    const [x, u] = [doubles(from, "x", n), doubles(from, "u", m)]
    const [strict, plain] = [Kernels.strict(), Kernels.reference()]
    const products = (k: Kernels.Kernels) => {
      const [ax, atu, both, other] = [u.slice(), x.slice(), zeros(m), zeros(n)]
      k.gemv(false, m, n, 0.5, a, x, 0.3, ax)
      k.gemv(true, m, n, 2, a, u, 0.3, atu)
      k.gemvBoth(m, n, a, x, both, u, other)
      return [...ax, ...atu, ...both, ...other]
    }
    assert.isUndefined(difference(products(strict), products(plain)))
  })
})
