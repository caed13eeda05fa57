/** Symmetric eigendecompositions by compiled code: known spectra, hard matrices, and refusals. */
import { InvalidInput, Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import { Effect } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { CompiledKernels } from "../src/index.ts"
import { doubles } from "./support/Drawn.ts"
import { compiled } from "./support/Found.ts"

const ulp = 2 ** -53
const plain = Kernels.reference()

/** Around leaves of 16, vectors of 8, and the sizes 64, 96 and 128 at which work is split. */
const sizes = [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 18, 31, 33, 40, 63, 64, 65, 97, 100, 131, 200]

const fill = (n: number, entry: (i: number, j: number) => number): Float64Array => {
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      a[i * n + j] = entry(i, j)
      a[j * n + i] = a[i * n + j]!
    }
  return a
}

/** Q diag(values) Q^T. */
const withSpectrum = (values: Float64Array, seed: number): Float64Array => {
  const n = values.length
  const q = Orthogonal.haar(n, RandomStream.make(Seed.root(seed)))
  const scaled = q.map((x, at) => x * values[at % n]!)
  const a = new Float64Array(n * n)
  plain.gemm(false, true, n, n, n, 1, scaled, q, 0, a)
  return fill(n, (i, j) => a[i * n + j]!)
}

const random = (n: number, seed: number) => {
  const from = doubles({ seed, decades: 0 }, "a", n * n)
  return fill(n, (i, j) => from[i * n + j]!)
}

/** Families of n x n matrices by name. */
const families: Readonly<Record<string, (n: number, seed: number) => Float64Array>> = {
  random,
  huge: (n, seed) => random(n, seed).map((x) => 1e300 * x),
  tiny: (n, seed) => random(n, seed).map((x) => 1e-300 * x),
  zero: (n) => new Float64Array(n * n),
  identity: (n) => fill(n, (i, j) => (i === j ? 1 : 0)),
  ones: (n) => fill(n, () => 1),
  "graded entries": (n, seed) => {
    const x = random(n, seed)
    return fill(n, (i, j) => x[i * n + j]! * 10 ** (-(i + j) / 4))
  },
  "graded spectrum": (n, seed) =>
    withSpectrum(
      Float64Array.from({ length: n }, (_, i) => (-1) ** i * 10 ** (-(300 * i) / n)),
      seed,
    ),
  clustered: (n, seed) =>
    withSpectrum(
      Float64Array.from({ length: n }, (_, i) => Math.floor((4 * i) / n) + 1e-14 * i),
      seed,
    ),
  repeated: (n, seed) =>
    withSpectrum(
      Float64Array.from({ length: n }, (_, i) => Math.floor(i / 3)),
      seed,
    ),
  "rank deficient": (n, seed) =>
    withSpectrum(
      Float64Array.from({ length: n }, (_, i) => (i < n / 3 ? 1 + i : 0)),
      seed,
    ),
  "nearly the identity": (n, seed) => {
    const x = random(n, seed)
    return fill(n, (i, j) => (i === j ? 1 : 1e-15 * x[i * n + j]!))
  },
  Wilkinson: (n) => fill(n, (i, j) => (i === j ? Math.abs(i - (n - 1) / 2) : i === j + 1 ? 1 : 0)),
  Hilbert: (n) => fill(n, (i, j) => 1 / (i + j + 1)),
}

const frobenius = (a: Float64Array) => plain.norm(a)

/**
 * Asserts that values ascend, and that vectors are orthonormal and solve the problem to 50 ulp times n of the norm, as
 * SymmetricEigen promises.
 */
const solves = (
  what: string,
  a: Float64Array,
  n: number,
  { values, vectors }: SymmetricEigen.Eigen,
): void => {
  const [count, limit] = [values.length, 50 * n * ulp]
  // exact, so that squares neither overflow nor underflow
  const scale = frobenius(a) > 0 ? 2 ** Math.floor(Math.log2(frobenius(a) / n)) : 1
  const scaled = a.map((x) => x / scale)
  const residual = new Float64Array(count * n)
  plain.gemm(false, false, count, n, n, 1, vectors, scaled, 0, residual)
  for (let j = 0; j < count; j++) {
    if (j > 0) assert.isAtLeast(values[j]!, values[j - 1]!, what)
    const [row, v] = [residual, vectors].map((x) => x.subarray(j * n, (j + 1) * n))
    plain.axpy(-values[j]! / scale, v!, row!)
    assert.isAtMost(plain.norm(row!), limit * frobenius(scaled), `${what}, residual ${j}`)
  }
  const gram = new Float64Array(count * count)
  plain.gemm(false, true, count, count, n, 1, vectors, vectors, 0, gram)
  for (let j = 0; j < count; j++) gram[j * count + j]! -= 1
  assert.isAtMost(Vector.maxAbs(gram), limit, `${what}, orthogonality`)
}

describe("compiled decompositions", () => {
  it("are taken from the module", () => {
    compiled(({ symmetricEigen }) => {
      const pairs = symmetricEigen?.(2, 0, 2, Float64Array.of(2, 1, 1, 2))
      assert.isAtMost(Math.abs(pairs!.values[0]! - 1) + Math.abs(pairs!.values[1]! - 3), 8 * ulp)
    })
  })

  for (const [name, make] of Object.entries(families)) {
    it(`solve the problem where the matrix is ${name}, and have the values of the plain loops`, () => {
      compiled((native) => {
        for (const n of sizes) {
          const a = make(n, n)
          const pairs = SymmetricEigen.eigen(a, n, native)
          solves(`${name} n=${n}`, a, n, pairs)
          const expected = SymmetricEigen.eigenvalues(a, n, plain)
          const largest = Math.max(Math.abs(expected[0]!), Math.abs(expected[n - 1]!))
          const distances = pairs.values.map((value, j) => value - expected[j]!)
          assert.isAtMost(Vector.maxAbs(distances), 100 * n * ulp * largest)
        }
      })
    })
  }

  it("know the second difference matrix", () => {
    compiled((native) => {
      for (const n of [5, 40, 150]) {
        const a = fill(n, (i, j) => (i === j ? 2 : i === j + 1 ? -1 : 0))
        const { values, vectors } = SymmetricEigen.eigen(a, n, native)
        values.forEach((value, k) => {
          const angle = ((k + 1) * Math.PI) / (n + 1)
          assert.isAtMost(Math.abs(value - (2 - 2 * Math.cos(angle))), 50 * n * ulp)
          const first = vectors[k * n]!
          const distances = Float64Array.from({ length: n }, (_, i) => {
            const sine = Math.sqrt(2 / (n + 1)) * Math.sin((i + 1) * angle)
            return vectors[k * n + i]! * Math.sign(first) - sine
          })
          // the gaps of the spectrum are 1 / n^2 and more
          assert.isAtMost(Vector.maxAbs(distances), 50 * n ** 3 * ulp)
        })
      }
    })
  })

  it("read the lower triangle only, change nothing, and repeat their bits", () => {
    compiled((native) => {
      for (const n of [3, 16, 17, 50, 130]) {
        const a = random(n, n)
        const half = a.map((x, at) => (at % n > Math.floor(at / n) ? Number.NaN : x))
        const before = half.slice()
        const pairs = SymmetricEigen.eigen(a, n, native)
        assert.deepStrictEqual(SymmetricEigen.eigen(half, n, native), pairs)
        assert.deepStrictEqual(half, before)
        // whatever the room of the module holds by then
        SymmetricEigen.eigen(new Float64Array(9).fill(1e300), 3, native)
        assert.deepStrictEqual(SymmetricEigen.eigen(a, n, native), pairs)
      }
    })
  })

  it("have the same bits on any number of threads", () => {
    compiled((one) => {
      for (const threads of [2, 3, 8]) {
        const several = Effect.runSync(CompiledKernels.make(threads))
        for (const n of [64, 129, 200, 301]) {
          const a = random(n, n)
          assert.deepStrictEqual(
            SymmetricEigen.eigen(a, n, several),
            SymmetricEigen.eigen(a, n, one),
          )
        }
      }
    })
  })

  it("select a range as the whole has it", () => {
    compiled((native) => {
      const range = fc
        .constantFrom(...Object.keys(families))
        .chain((name) =>
          fc
            .constantFrom(...sizes)
            .chain((n) => fc.tuple(fc.constant({ name, n }), fc.nat(n), fc.nat(n))),
        )
      fc.assert(
        fc.property(range, ([{ n, name }, x, y]) => {
          const [from, to] = [Math.min(x, y), Math.max(x, y)]
          const a = families[name]!(n, n)
          const part = SymmetricEigen.eigenRange(a, n, from, to, native)
          const whole = SymmetricEigen.eigen(a, n, native)
          assert.deepStrictEqual(part.values, whole.values.slice(from, to))
          solves(name, a, n, part)
        }),
        { numRuns: 60 },
      )
    })
  })

  it("refuse what is not finite, as the plain loops do", () => {
    compiled((native) => {
      for (const n of [1, 2, 9, 40]) {
        for (const wrong of [Number.NaN, Infinity, -Infinity]) {
          const at = (n - 1) * n + (n >> 1)
          const a = random(n, n).with(at, wrong)
          const message = (kernels: Kernels.Kernels) => {
            try {
              SymmetricEigen.eigen(a, n, kernels)
            } catch (error) {
              if (error instanceof InvalidInput) return error.message
            }
            return "none"
          }
          assert.include(message(native), `a[${at}]`)
          assert.strictEqual(message(native), message(plain))
        }
      }
      assert.deepStrictEqual(
        SymmetricEigen.eigen(new Float64Array(0), 0, native),
        SymmetricEigen.eigen(new Float64Array(0), 0, plain),
      )
      assert.throws(() => SymmetricEigen.eigen(new Float64Array(3), 2, native), InvalidInput)
      assert.throws(() => SymmetricEigen.eigen(new Float64Array(3), 2 ** 40, native), InvalidInput)
    })
  })
})

describe("several top pairs", () => {
  const options = (n: number, count: number, kernels: Kernels.Kernels) => ({
    dimension: n,
    count,
    seed: Seed.root(1),
    kernels,
  })

  it("of a small matrix come from a decomposition, with their residuals", () => {
    compiled((native) => {
      let calls = 0
      const counted: Kernels.Kernels = {
        ...native,
        symmetricEigen: (n, from, to, a) => {
          if (to - from < n) calls++
          return native.symmetricEigen?.(n, from, to, a)
        },
      }
      // copies of an eigenvalue, which one start of Lanczos does not look for
      const values = Float64Array.from({ length: 100 }, (_, i) => (i < 5 ? 50 : i / 10) - 1000)
      const a = withSpectrum(values, 3)
      const top = Lanczos.topOfSymmetric(a, options(100, 6, counted))
      assert.strictEqual(calls, 1)
      assert.strictEqual(top.status, "converged")
      assert.strictEqual(top.products, 6)
      const expected = values.toSorted().toReversed()
      const limit = 50 * 100 * ulp * 1000
      top.values.forEach((value, j) => {
        assert.isAtMost(Math.abs(value - expected[j]!), limit)
        assert.isAtMost(top.residuals[j]!, limit)
        const v = top.vectors.subarray(j * 100, (j + 1) * 100)
        const product = new Float64Array(100)
        plain.symmetricProduct(100, a, v, product)
        plain.axpy(-value, v, product)
        assert.isAtMost(Math.abs(plain.norm(product) - top.residuals[j]!), limit)
      })
      const strict = { ...options(100, 6, counted), tolerance: 0 }
      assert.strictEqual(Lanczos.topOfSymmetric(a, strict).status, "budget")
    })
  })

  it("of a larger matrix, and one pair, are iterated", () => {
    compiled((native) => {
      const counted = (n: number, count: number) => {
        let whole = 0
        const kernels: Kernels.Kernels = {
          ...native,
          symmetricEigen: (size, from, to, a) => {
            if (size === n) whole++
            return native.symmetricEigen?.(size, from, to, a)
          },
        }
        Lanczos.topOfSymmetric(random(n, n), options(n, count, kernels))
        return whole
      }
      assert.deepStrictEqual(
        [counted(96, 2), counted(97, 2), counted(160, 10), counted(161, 10), counted(60, 1)],
        [1, 0, 1, 0, 0],
      )
    })
  })

  it("refuse what they refuse by iteration", () => {
    compiled((native) => {
      const a = random(30, 1)
      const given = options(30, 3, native)
      for (const wrong of [
        { ...given, tolerance: Number.NaN },
        { ...given, maxProducts: 5 },
        { ...given, subspace: 4 },
        { ...given, start: new Float64Array(29) },
      ])
        assert.throws(() => Lanczos.topOfSymmetric(a, wrong), InvalidInput)
      assert.throws(() => Lanczos.topOfSymmetric(a.with(31, Number.NaN), given), InvalidInput)
    })
  })
})
