import { InvalidInput, Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Svd from "@nonconvex/numerics/Svd"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { epsilon, worst } from "./support/Matrices.ts"

const kinds = [
  "random",
  "graded columns",
  "graded rows",
  "rank deficient",
  "zero",
  "huge",
  "tiny",
  "equal columns",
  "clustered",
] as const

const structure = fc.record({
  m: fc.integer({ min: 0, max: 40 }),
  n: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: 64, max: 90 }) },
  ),
  kind: fc.constantFrom(...kinds),
  seed: fc.nat(2 ** 31),
})

const expand = (m: number, n: number, kind: (typeof kinds)[number], seed: number): Float64Array => {
  const stream = RandomStream.make(Seed.root(seed))
  const a = new Float64Array(m * n)
  if (kind === "zero") return a
  stream.fillNormal(a)
  const grade = (i: number, of: number) => 10 ** (-150 + (300 * i) / Math.max(1, of - 1))
  return a.map((x, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    if (kind === "graded columns") return x * grade(j, n)
    if (kind === "graded rows") return x * grade(i, m)
    if (kind === "rank deficient") return a[(i % 3) * n + j]! * (1 + Math.floor(i / 3))
    if (kind === "equal columns") return a[i * n]!
    // Singular values near 1, which differ by some ulp.
    if (kind === "clustered") return (i === j ? 1 : 0) + 1e-15 * x
    return x * { random: 1, huge: 1e300, tiny: 1e-305 }[kind]
  })
}

const orthogonality = (vectors: Float64Array, length: number, count: number): number => {
  let largest = 0
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const product = Vector.dot(
        vectors.subarray(i * length, (i + 1) * length),
        vectors.subarray(j * length, (j + 1) * length),
      )
      largest = Math.max(largest, Math.abs(product - (i === j ? 1 : 0)))
    }
  }
  return largest
}

/** U diag(decay^k) V, with U (m x rank) and V (rank x n) of normal numbers: what low-rank models produce. */
const decaying = (m: number, n: number, rank: number, decay: number): Float64Array => {
  const stream = RandomStream.make(Seed.root(m + n + rank))
  const u = new Float64Array(m * rank)
  const v = new Float64Array(rank * n)
  stream.fillNormal(u)
  stream.fillNormal(v)
  for (let k = 0; k < rank; k++) Vector.scale(decay ** k, v.subarray(k * n, (k + 1) * n))
  const a = new Float64Array(m * n)
  Kernels.strict().gemm(false, false, m, n, rank, 1, u, v, 0, a)
  return a
}

describe("Svd", () => {
  it.each([
    [150, 80, 52, 1],
    [150, 80, 52, 0.7],
    [80, 150, 52, 0.9],
    [150, 80, 80, 0.9],
    [100, 100, 60, 0.95],
  ])("takes no column for noise that is none: %i x %i, rank %i, decay %d", (m, n, rank, decay) => {
    const a = decaying(m, n, rank, decay)
    const k = Math.min(m, n)
    const { left, right, status, values } = Svd.decompose(a, m, n)
    assert.strictEqual(status, "converged")
    // V_j sigma_j, and then A - U (sigma V)
    for (let j = 0; j < k; j++) Vector.scale(values[j]!, right.subarray(j * n, (j + 1) * n))
    const rest = a.slice()
    Kernels.strict().gemm(true, false, m, n, k, -1, left, right, 1, rest)
    assert.isAtMost(Vector.maxAbs(rest), 50 * epsilon * Math.max(m, n) * values[0]!)
    assert.isAbove(values[rank - 1]!, 1e-9 * values[0]!)
    // the sum of squares is that of the entries
    assert.closeTo(Vector.norm(Svd.singularValues(a, m, n)) / Vector.norm(a), 1, 1e-13)
  })

  it("puts the matrix together again from orthonormal vectors", () => {
    fc.assert(
      fc.property(structure, ({ m, n, kind, seed }) => {
        const a = expand(m, n, kind, seed)
        const before = a.slice()
        const { values, left, right, status } = Svd.decompose(a, m, n)
        const k = Math.min(m, n)
        const norm = values[0] || 1
        const bound = 50 * epsilon * Math.max(1, m, n)
        const product = new Float64Array(m * n)
        for (let j = 0; j < k; j++) {
          for (let i = 0; i < m; i++) {
            for (let l = 0; l < n; l++) {
              product[i * n + l] =
                product[i * n + l]! + (values[j]! / norm) * left[j * m + i]! * right[j * n + l]!
            }
          }
        }
        assert.strictEqual(status, "converged")
        assert.isAtMost(
          worst(
            product,
            a.map((x) => x / norm),
          ),
          bound,
          "residual",
        )
        assert.isAtMost(orthogonality(left, m, k), bound, "left")
        assert.isAtMost(orthogonality(right, n, k), bound, "right")
        assert.isTrue(values.every((x, j) => x >= 0 && (j === 0 || values[j - 1]! >= x)))
        assert.isAtMost(worst(Svd.singularValues(a, m, n), values, norm), bound, "values alone")
        assert.deepStrictEqual(a, before)
      }),
      { numRuns: 120 },
    )
  })

  it("works on long columns in the arena, which it gives back", () => {
    const { arena } = Kernels.strict()
    const used = arena.used
    // Q diag(1, 1e-100, ..., 1e-300) by columns: 80 x 4.
    const q = Svd.decompose(expand(80, 4, "random", 3), 80, 4).left
    const d = [1, 1e-100, 1e-200, 1e-300]
    const a = Float64Array.from(
      { length: 320 },
      (_, at) => q[(at % 4) * 80 + (at >> 2)]! * d[at % 4]!,
    )
    const relative = Svd.singularValues(a, 80, 4).map((x, j) => x / d[j]! - 1)
    assert.isAtMost(Vector.maxAbs(relative), 50 * epsilon * 80)
    assert.strictEqual(arena.used, used)
  })

  it("has the small singular values to relative accuracy where columns are badly scaled", () => {
    // A = Q D with orthogonal Q: the singular values are those of D, over 300 orders of magnitude.
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(2 ** 31), (n, seed) => {
        const q = Orthogonal.haar(n, RandomStream.make(Seed.root(seed)))
        const d = Float64Array.from({ length: n }, (_, j) => 10 ** (150 - (300 * j) / (n - 1)))
        const a = q.map((x, at) => x * d[at % n]!)
        const relative = Svd.singularValues(a, n, n).map((x, j) => x / d[j]! - 1)
        assert.isAtMost(Vector.maxAbs(relative), 50 * epsilon * n)
      }),
      { numRuns: 30 },
    )
  })

  it("has the Hilbert matrix's smallest singular value as its scaling allows", () => {
    // Order 5, from exact rational arithmetic: 3.287928772171862e-6.
    const n = 5
    const a = Float64Array.from(
      { length: n * n },
      (_, at) => 1 / (Math.floor(at / n) + (at % n) + 1),
    )
    assert.isAtMost(Math.abs(Svd.singularValues(a, n, n)[4]! / 3.287928772171862e-6 - 1), 1e-9)
  })

  it("refuses wrong lengths and entries that are not finite", () => {
    assert.throws(() => Svd.decompose(new Float64Array(5), 2, 3), InvalidInput, "must be 6")
    assert.throws(() => Svd.singularValues(Float64Array.of(1, NaN), 1, 2), InvalidInput, "a[1]")
    assert.throws(() => Svd.decompose(new Float64Array(0), -1, 0), InvalidInput)
  })
})
