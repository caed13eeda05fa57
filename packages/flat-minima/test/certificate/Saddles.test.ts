import { Draw } from "@nonconvex/evidence"
import { RandomStream, Seed } from "@nonconvex/numerics"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import { quadratic } from "@nonconvex/problems"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { type Certificate, certify } from "../../src/certificate/Certificate.ts"

const saddles = Draw.record({
  /** Size of the negative eigenvalue; the largest is 1. */
  size: Draw.logarithmic(1, 1e-6),
  /** Number of zero eigenvalues. */
  zeros: Draw.integer(1, 4),
  seed: Draw.seed(),
})

/** The certificate at the critical point of a quadratic with eigenvalues 1, `sign size` and zeros; its residual is 0. */
const holdsOf = (sign: number, test: (certificate: Certificate) => boolean) =>
  fc.property(saddles, ({ seed, size, zeros }) => {
    const n = 2 + zeros
    const root = Seed.root(seed)
    const objective = quadratic({
      spectrum: [1, sign * size, ...Array.from({ length: zeros }, () => 0)],
      basis: Orthogonal.haar(n, RandomStream.make(root.child("basis"))),
    })
    return test(certify(objective, new Float64Array(n), { lossTolerance: 1e-2, seed: root }))
  })

const isNotFlat = ({ verdict }: Certificate) => verdict !== "flat"

describe("certify", () => {
  it("never calls a saddle flat, however small its negative eigenvalue is beside the largest", () => {
    fc.assert(holdsOf(-1, isNotFlat))
  })

  it("would, of a minimum with an eigenvalue of that size, or by a bar of 1e-3 of the largest", () => {
    assert.isTrue(fc.check(holdsOf(1, isNotFlat)).failed)
    const isBelowTheBar = ({ smallestEigenvalue, topEigenvalue }: Certificate) =>
      smallestEigenvalue < -1e-3 * topEigenvalue
    assert.isTrue(fc.check(holdsOf(-1, isBelowTheBar)).failed)
  })
})
