import { Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { completion, flattestInterpolant, measure, recover } from "../../src/index.ts"
import { search } from "../../src/flatness/AugmentedLagrangian.ts"
import * as Factorisation from "../../src/factorisation/Factorisation.ts"
import * as Initialisation from "../../src/factorisation/Initialisation.ts"
import { assertClose, sensing } from "../support/Numbers.ts"
import { traceNorm, UnseenDirections } from "../../src/flatness/TraceNorm.ts"

describe("the flattest interpolant", () => {
  it("is certified in two layers: T is the weighted trace norm, and the bound is next to it", () => {
    const { measurements, targets, truth } = sensing(6, 1, 28, 8)
    const found = flattestInterpolant(measurements, targets)
    assert.strictEqual(found.status, "certified")
    assertClose(found.matrix, truth, 1e-6)
    assert.closeTo(found.sharpness, traceNorm(measurements).value(found.matrix), 1e-9)
    assert.isAtMost(found.sharpness - found.lowerBound!, 1e-8 * found.sharpness)
    assert.isAtMost(found.residual, 1e-12)
  })

  it("is found by search in three layers, as flat as from any single random start", () => {
    const { measurements, targets } = sensing(4, 1, 10, 8)
    const found = flattestInterpolant(measurements, targets, { depth: 3, seed: Seed.root(4) })
    assert.strictEqual(found.status, "local")
    assert.isAtMost(found.residual, 1e-6)
    const shape = Factorisation.uniformShape(4, 4, 3)
    const start = Initialisation.gaussian(shape, { scale: 1, seed: Seed.root(11) })
    const alone = search(measurements, targets, shape, start, { feasibility: 1e-9 })
    assert.isAtMost(found.sharpness, alone.sharpness * (1 + 1e-6))
  })

  it("does not pretend: inconsistent, unseen, out of budget", () => {
    const { measurements, targets } = sensing(4, 1, 10, 8)
    const twice = completion({
      rows: 2,
      columns: 2,
      entries: [
        [0, 0],
        [0, 0],
        [1, 1],
        [0, 1],
      ],
    })
    const contradiction = flattestInterpolant(twice, Float64Array.of(1, 3, 1, 1), { depth: 3 })
    assert.deepStrictEqual(
      [contradiction.status, contradiction.feasibleStarts],
      ["inconsistent", 0],
    )
    assert.isAbove(contradiction.residual, 0.1)
    assert.throws(
      () =>
        flattestInterpolant(
          completion({
            rows: 2,
            columns: 3,
            entries: [
              [0, 0],
              [0, 1],
            ],
          }),
          Float64Array.of(1, 1),
        ),
      UnseenDirections,
      "do not see 1 row and 1 column directions of the matrix; remove these directions, or measure them",
    )
    const short = flattestInterpolant(measurements, targets, { maxIterations: 2 })
    assert.strictEqual(short.status, "budget")
  })
})

describe("the search in three layers", () => {
  const { measurements, targets } = sensing(4, 1, 12, 8)
  const plain = flattestInterpolant(measurements, targets, { depth: 3 })

  it.each([
    [1, 1e-8],
    [1e-6, 1e-6],
    [1e-3, 1e-3],
    [1e-6, 1],
    [1e100, 1e-100],
  ])("does not see the scale: measurements times %d, targets times %d", (a, b) => {
    const found = flattestInterpolant(
      measurements.scaled(new Float64Array(12).fill(a)),
      targets.map((target) => target * b),
      { depth: 3 },
    )
    assert.deepStrictEqual([found.status, found.feasibleStarts], ["local", plain.feasibleStarts])
    assert.isAtMost(found.residual, 1e-6)
    const size = b / a
    assertClose(
      found.matrix.map((x) => x / size),
      plain.matrix,
      1e-4,
    )
    const expected = plain.sharpness * a ** 2 * size ** (4 / 3)
    assert.closeTo(found.sharpness / expected, 1, 1e-4)
  })

  it("finds zero for targets of zero", () => {
    const found = flattestInterpolant(measurements, new Float64Array(12), { depth: 3 })
    assert.deepStrictEqual([found.status, found.sharpness, found.residual], ["local", 0, 0])
    assert.deepStrictEqual(found.matrix, new Float64Array(16))
  })
})

describe("recovery", () => {
  it("returns the matrix with its certificates, the isometry and the error that they imply", () => {
    const { measurements, targets, truth } = sensing(5, 1, 40, 6)
    const found = recover(measurements, targets)
    assert.strictEqual(found.status, "certified")
    assert.strictEqual(found.rank, 1)
    assertClose(found.matrix, truth, 1e-7)
    assert.isBelow(found.disagreement!, 1e-7)
    assert.isTrue(0 < found.isometry.lo && found.isometry.lo < 1 && 1 < found.isometry.hi)
    // more independent measurements than entries: only rounding is left
    assert.isTrue(found.determined)
    assert.isBelow(found.errorBound!.nuclear, 1e-12)
    assert.isBelow(found.errorBound!.flattest!, 1e-12)
    assert.isAtMost(Vector.distance(found.matrix, truth), 1e-12 * Vector.norm(truth))
  })

  it("bounds the true error where it did not recover", () => {
    const { measurements, targets, truth } = sensing(5, 2, 12, 6)
    const found = recover(measurements, targets)
    const error = Vector.distance(found.matrix, truth)
    assert.isAbove(error, 0.01)
    // of rank 2: the nuclear norm is at most sqrt(2) times the Frobenius norm
    assert.isAtMost(error, found.errorBound!.nuclear * Math.SQRT2 * Vector.norm(truth))
    assert.isFalse(found.determined)
    // what the triangle inequality says by itself, for the flattest with its own nuclear norm
    assert.isAtMost(found.errorBound!.nuclear, 2 * (1 + 1e-8))
    assert.isAtLeast(found.errorBound!.flattest!, found.errorBound!.nuclear * (1 - 1e-8))
    assert.isAtMost(found.errorBound!.flattest!, 2.5)
  })

  it("implies the same error at every scale of the measurements", () => {
    const { measurements, targets } = sensing(5, 1, 20, 6)
    const plain = recover(measurements, targets)
    for (const factor of [2 ** -400, 1 / 1024, 1024, 2 ** 400]) {
      const scaled = measurements.scaled(new Float64Array(20).fill(factor))
      const found = recover(
        scaled,
        targets.map((b) => b * factor),
      )
      assert.deepStrictEqual(found.errorBound, plain.errorBound)
      assert.deepStrictEqual(found.matrix, plain.matrix)
      assert.closeTo(found.isometry.hi / factor / factor, plain.isometry.hi, 1e-12)
    }
  })

  it("counts what the duality gap leaves open, where the budget did not suffice", () => {
    const { measurements, targets } = sensing(8, 2, 36, 4)
    const found = recover(measurements, targets, { maxIterations: 5, starts: 2 })
    assert.strictEqual(found.status, "budget")
    const factor = found.nuclear.nuclearNorm / found.nuclear.lowerBound
    assert.isAbove(factor, 1.01)
    const part = Math.min(1, Math.sqrt(found.correlation))
    assert.closeTo(found.errorBound!.nuclear, part * (1 + factor), 1e-12)
  })

  it("says that directions are unseen, or that nothing fits", () => {
    const seen = completion({
      rows: 3,
      columns: 3,
      entries: [
        [0, 0],
        [0, 1],
        [1, 0],
      ],
    })
    const partial = recover(seen, Float64Array.of(1, 2, 3))
    assert.deepStrictEqual([partial.status, partial.flattest], ["unseen", undefined])
    assert.closeTo(partial.errorBound!.nuclear, 2, 1e-7)
    assert.strictEqual(partial.errorBound!.flattest, undefined)
    const twice = completion({
      rows: 1,
      columns: 2,
      entries: [
        [0, 0],
        [0, 0],
        [0, 1],
      ],
    })
    const found = recover(twice, Float64Array.of(1, 2, 1))
    assert.strictEqual(found.status, "inconsistent")
    assert.isAbove(found.nuclear.inconsistency, 0.2)
    assert.isAbove(Vector.norm(measure(twice, found.matrix)), 0)
    assert.strictEqual(found.errorBound, undefined)
  })
})
