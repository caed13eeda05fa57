import { InvalidInput, Kernels, Vector } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import {
  epsilon,
  hermitian,
  type Structure,
  structure,
  symmetric,
  worst,
} from "./support/Matrices.ts"

const bound = (n: number) => 50 * epsilon * Math.max(1, n)

/** The largest entry of A V - V diag(values), relative to the largest entry of A. */
const residual = (
  re: Float64Array,
  im: Float64Array,
  n: number,
  pairs: ReturnType<typeof HermitianEigen.eigen>,
): number => {
  const scale = Math.max(Vector.maxAbs(re), Vector.maxAbs(im)) || 1
  let largest = 0
  pairs.values.forEach((value, j) => {
    for (let i = 0; i < n; i++) {
      let x = (-value / scale) * pairs.re[j * n + i]!
      let y = (-value / scale) * pairs.im[j * n + i]!
      for (let k = 0; k < n; k++) {
        const [a, b] = [re[i * n + k]! / scale, im[i * n + k]! / scale]
        const [u, v] = [pairs.re[j * n + k]!, pairs.im[j * n + k]!]
        x += a * u - b * v
        y += a * v + b * u
      }
      const size = Math.hypot(x, y)
      if (!(size <= largest)) largest = size
    }
  })
  return largest
}

const orthogonality = (
  n: number,
  { values, re, im }: ReturnType<typeof HermitianEigen.eigen>,
): number => {
  let largest = 0
  for (let i = 0; i < values.length; i++) {
    for (let j = 0; j <= i; j++) {
      let x = i === j ? -1 : 0
      let y = 0
      for (let k = 0; k < n; k++) {
        const [a, b] = [re[i * n + k]!, im[i * n + k]!]
        const [c, d] = [re[j * n + k]!, im[j * n + k]!]
        x += a * c + b * d
        y += b * c - a * d
      }
      largest = Math.max(largest, Math.hypot(x, y))
    }
  }
  return largest
}

const holds = (of: Structure) => {
  const { re, im } = hermitian(of)
  const pairs = HermitianEigen.eigen(re, im, of.n)
  const norm = Math.max(Vector.maxAbs(re), Vector.maxAbs(im)) || 1
  assert.isAtMost(residual(re, im, of.n, pairs), bound(of.n), "residual")
  assert.isAtMost(orthogonality(of.n, pairs), bound(of.n), "orthogonality")
  const values = HermitianEigen.eigenvalues(re, im, of.n)
  assert.isAtMost(worst(values, pairs.values, norm), bound(of.n), "eigenvalues alone")
}

describe("HermitianEigen", () => {
  it("has small residuals and orthonormal vectors on every family", () => {
    fc.assert(fc.property(structure(60), holds), { numRuns: 120 })
  })

  it("has the same bits from the strict kernels and the plain loops", () => {
    fc.assert(
      fc.property(structure(50), (of) => {
        const { re, im } = hermitian(of)
        const strict = HermitianEigen.eigen(re, im, of.n, Kernels.strict())
        assert.deepStrictEqual(HermitianEigen.eigen(re, im, of.n, Kernels.reference()), strict)
      }),
      { numRuns: 30 },
    )
  })

  it("keeps imaginary couplings of 1e-8 beside real ones of 1", () => {
    const re = Float64Array.of(0, 1, 1, 0)
    const im = Float64Array.of(0, -9e-9, 9e-9, 0)
    assert.isAtMost(residual(re, im, 2, HermitianEigen.eigen(re, im, 2)), bound(2))
    const three = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 1, 0)
    const weak = Float64Array.of(0, 0, -9e-9, 0, 0, 0, 9e-9, 0, 0)
    assert.isAtMost(residual(three, weak, 3, HermitianEigen.eigen(three, weak, 3)), bound(3))
  })

  it("reads the lower triangles only, and not the diagonal of the imaginary part", () => {
    for (const n of [3, 50]) {
      const { re, im } = hermitian({ n, family: "random", seed: 9 })
      const pairs = HermitianEigen.eigen(re, im, n)
      const values = HermitianEigen.eigenvalues(re, im, n)
      for (const other of [0, 1e300, NaN]) {
        const halfRe = re.map((x, at) => (at % n > Math.floor(at / n) ? other : x))
        const halfIm = im.map((x, at) => (at % n >= Math.floor(at / n) ? other : x))
        assert.deepStrictEqual(HermitianEigen.eigen(halfRe, halfIm, n), pairs)
        assert.deepStrictEqual(HermitianEigen.eigenvalues(halfRe, halfIm, n), values)
      }
    }
  })

  it("agrees with the real problem where the imaginary part is zero", () => {
    fc.assert(
      fc.property(structure(40), (of) => {
        const a = symmetric(of)
        const values = HermitianEigen.eigenvalues(a, new Float64Array(of.n ** 2), of.n)
        const norm = Vector.maxAbs(a) || 1
        assert.isAtMost(worst(values, SymmetricEigen.eigenvalues(a, of.n), norm), bound(of.n))
      }),
      { numRuns: 40 },
    )
  })

  it("has each eigenvalue twice in the real embedding", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(2 ** 31), (n, seed) => {
        const { re, im } = hermitian({ n, family: "random", seed })
        const m = 2 * n
        const embedded = new Float64Array(m * m)
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            embedded[i * m + j] = re[i * n + j]!
            embedded[(n + i) * m + n + j] = re[i * n + j]!
            embedded[(n + i) * m + j] = im[i * n + j]!
            embedded[i * m + n + j] = -im[i * n + j]!
          }
        }
        const values = HermitianEigen.eigenvalues(re, im, n)
        const twice = Float64Array.from({ length: m }, (_, i) => values[i >> 1]!)
        assert.isAtMost(worst(SymmetricEigen.eigenvalues(embedded, m), twice), 20 * bound(n))
      }),
      { numRuns: 30 },
    )
  })

  it("selects a range", () => {
    const { re, im } = hermitian({ n: 35, family: "random", seed: 9 })
    const part = HermitianEigen.eigenRange(re, im, 35, 30, 35)
    const whole = HermitianEigen.eigen(re, im, 35)
    assert.deepStrictEqual(part.values, whole.values.slice(30))
    assert.isAtMost(residual(re, im, 35, part), bound(35))
  })

  it("knows the Pauli matrix Y, and dimensions 0 and 1", () => {
    const { values } = HermitianEigen.eigen(new Float64Array(4), Float64Array.of(0, -1, 1, 0), 2)
    assert.isAtMost(worst(values, Float64Array.of(-1, 1)), 2 * epsilon)
    assert.strictEqual(
      HermitianEigen.eigen(new Float64Array(0), new Float64Array(0), 0).values.length,
      0,
    )
    // The imaginary part of the diagonal counts as 0.
    const one = HermitianEigen.eigen(Float64Array.of(2), Float64Array.of(7), 1)
    assert.deepStrictEqual(one.values, Float64Array.of(2))
  })

  it("refuses wrong lengths, bad ranges and entries that are not finite", () => {
    const two = new Float64Array(4)
    assert.throws(() => HermitianEigen.eigen(two, new Float64Array(3), 2), InvalidInput, "im")
    assert.throws(
      () => HermitianEigen.eigenvalues(two, Float64Array.of(0, 0, NaN, 0), 2),
      InvalidInput,
    )
    assert.throws(() => HermitianEigen.eigenRange(two, two, 2, 1, 3), InvalidInput)
  })
})
