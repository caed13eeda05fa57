import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import * as SharedKernels from "@nonconvex/numerics/SharedKernels"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, beforeAll, describe, it } from "vitest"
import { difference, doubles } from "./kernels/expand.ts"

const threads = [2, 3] as const
const capacity = 2 ** 26

const pools = threads.map((count) => SharedKernels.make(count, { capacity }))
const relaxed = SharedKernels.make(2, { capacity, build: RelaxedKernels.build })

/** Waits for all threads of a pool. */
const started = async (pool: SharedKernels.SharedKernels, count: number): Promise<void> => {
  while (pool.started() < count) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

beforeAll(async () => {
  await Promise.all([...pools.map((pool, k) => started(pool, threads[k]!)), started(relaxed, 2)])
})

const from = { seed: 1, decades: 2 }
const [a, b, c] = ["a", "b", "c"].map((label) => doubles(from, label, 900_000))

/** The product of the beginnings of a, b and c. */
const product = (
  kernels: Kernels.Kernels,
  [ta, tb, m, n, k, alpha, beta]: readonly [
    boolean,
    boolean,
    number,
    number,
    number,
    number,
    number,
  ],
) => {
  const out = c!.slice(0, m * n)
  kernels.gemm(ta, tb, m, n, k, alpha, a!.subarray(0, m * k), b!.subarray(0, k * n), beta, out)
  return out
}

const products = [
  [false, false, 200, 170, 130, 1, 0],
  [true, false, 181, 160, 151, 0.3, -0.7],
  [false, true, 163, 171, 259, 1, 0],
  [true, true, 61, 501, 260, 1, 1],
  [false, false, 5, 900, 1000, 1, 0],
  [false, false, 900, 5, 1000, 1, 0],
] as const

const vectorOf = (kernels: Kernels.Kernels, transpose: boolean, m: number, n: number) => {
  const [x, y] = transpose
    ? [b!.subarray(0, m), c!.slice(0, n)]
    : [b!.subarray(0, n), c!.slice(0, m)]
  kernels.gemv(transpose, m, n, 0.3, a!.subarray(0, m * n), x, -0.7, y)
  return y
}

const vectors = [
  [false, 777, 701],
  [true, 777, 701],
  [false, 3, 200_001],
  [true, 3, 200_001],
  [false, 200_001, 3],
  [true, 200_001, 3],
] as const

/** By the lower triangle alone, with something to add or without. */
const symmetricOf = (kernels: Kernels.Kernels, n: number, isAffine: boolean) => {
  const out = new Float64Array(n).fill(Number.NaN)
  kernels.arena.scoped((space) => {
    const lower = space.f64(n * n)
    for (let i = 0; i < n; i++) {
      lower.set(a!.subarray(i * n, i * n + i + 1), i * n)
      lower.fill(Number.NaN, i * n + i + 1, (i + 1) * n)
    }
    kernels.symmetricProduct(
      n,
      lower,
      b!.subarray(0, n),
      out,
      isAffine ? c!.subarray(0, n) : undefined,
    )
  })
  return out
}

const orders = [725, 798, 903, 944]

const gram = (kernels: Kernels.Kernels, transpose: boolean, n: number, k: number) => {
  const out = new Float64Array(n * n)
  kernels.syrk(transpose, n, k, 0.5, a!.subarray(0, n * k), 0, out)
  return out
}

describe("SharedKernels", () => {
  it.each(products)("gemm %s %s %i x %i x %i: the bits of one thread", (...shape) => {
    const expected = product(Kernels.strict(), shape)
    for (const pool of pools) assert.isUndefined(difference(product(pool, shape), expected))
    assert.isUndefined(
      difference(product(relaxed, shape), product(RelaxedKernels.relaxed(), shape)),
    )
  })

  it.each(vectors)("gemv %s %i x %i: the bits of one thread", (...shape) => {
    const expected = vectorOf(Kernels.strict(), ...shape)
    for (const pool of pools) assert.isUndefined(difference(vectorOf(pool, ...shape), expected))
    assert.isUndefined(
      difference(vectorOf(relaxed, ...shape), vectorOf(RelaxedKernels.relaxed(), ...shape)),
    )
  })

  it.each(orders)("symmetricProduct of order %i: the bits of one thread", (n) => {
    for (const isAffine of [true, false]) {
      const expected = symmetricOf(Kernels.reference(), n, isAffine)
      assert.isFalse(expected.some(Number.isNaN))
      for (const pool of [Kernels.strict(), ...pools])
        assert.isUndefined(difference(symmetricOf(pool, n, isAffine), expected))
      const alone = symmetricOf(RelaxedKernels.relaxed(), n, isAffine)
      assert.isUndefined(difference(symmetricOf(relaxed, n, isAffine), alone))
    }
  })

  it.each([true, false])("syrk %s: the bits of one thread", (transpose) => {
    const expected = gram(Kernels.strict(), transpose, 331, 201)
    for (const pool of pools)
      assert.isUndefined(difference(gram(pool, transpose, 331, 201), expected))
  })

  it("computes alone what is small, and while threads start", () => {
    const fresh = SharedKernels.make(2, { capacity })
    const [shape] = products
    assert.isUndefined(difference(product(fresh, shape), product(Kernels.strict(), shape)))
    const small = [false, false, 7, 6, 5, 1, 0] as const
    assert.isUndefined(difference(product(fresh, small), product(Kernels.strict(), small)))
  })

  it("is of this thread alone with one thread, and where it is given a capacity", () => {
    assert.strictEqual(SharedKernels.make(1, { capacity: 2 ** 20 }).started(), 1)
    assert.strictEqual(pools[0]!.withCapacity(2 ** 20).arena.capacity, 2 ** 20)
  })

  it.each([0, 1.5, 1000, Number.NaN])("refuses %d threads", (count) => {
    assert.throws(() => SharedKernels.make(count), /threads/)
  })

  it("is given to a program by its layer", () => {
    const name = Effect.map(Kernels.Current, (kernels) => kernels.name)
    const layer = SharedKernels.layer(2)
    assert.strictEqual(Effect.runSync(Effect.provide(name, layer)), "strict")
  })

  it("keeps no program alive", () => {
    const entry = fileURLToPath(new URL("../src/SharedKernels.ts", import.meta.url))
    const program = `const { make } = await import(${JSON.stringify(entry)}); make(3); console.log("end")`
    const { status, stdout } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", program],
      { encoding: "utf8", timeout: 60_000 },
    )
    assert.deepStrictEqual([status, stdout], [0, "end\n"])
  })
})
