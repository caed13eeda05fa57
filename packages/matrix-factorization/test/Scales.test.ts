/** Data of any scale: small measurements count as much as large ones, and neither scale nor repetition changes certificates. */
import { InvalidInput, Kernels, Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { normals } from "../src/evidence/support/Instances.ts"
import { constraints } from "../src/recovery/Constraints.ts"
import { completion, dense, measure, minimiseNuclearNorm, recover } from "../src/index.ts"
import * as Matrix from "../src/internal/Matrix.ts"
import { assertClose, densified } from "./support/Numbers.ts"
import { type Measurements } from "../src/measurements/Measurements.ts"
import { sparse } from "../src/measurements/SparseMeasurements.ts"

const kernels = Kernels.strict()

/** A dense design from rows, one measurement each. */
const rowsOf = (side: number, rows: ReadonlyArray<ArrayLike<number>>) =>
  dense({
    rows: side,
    columns: side,
    matrices: Float64Array.from(rows.flatMap((row) => Array.from(row))),
  })

/** Residual of the measurement that fits worst, relative to its own target. */
const worst = (measurements: Measurements, x: Float64Array, targets: Float64Array): number =>
  measure(measurements, x).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - targets[i]!) / Math.abs(targets[i]!)),
    0,
  )

describe("measurements of very different sizes", () => {
  it.each([1, 1e-3, 1e-6, 1e-7, 1e-9, 1e-30, 1e-200])(
    "are all kept: a second entry seen through %d",
    (small) => {
      const seen = rowsOf(2, [
        [1, 0, 0, 0],
        [0, 0, 0, small],
      ])
      const found = minimiseNuclearNorm(seen, Float64Array.of(1, 5 * small))
      assert.strictEqual(found.status, "certified")
      assertClose(found.matrix, [1, 0, 0, 5], 1e-12)
    },
  )

  it("are all kept: 12 independent ones with norms down to 5e-7, and with one of them twice", () => {
    const truth = Matrix.multiply(
      Float64Array.of(1, 2, 3, 4, 5),
      Float64Array.of(1, -1, 2, -2, 1),
      5,
      1,
      5,
      kernels,
    )
    const some = Array.from({ length: 12 }, (_, i) =>
      normals(Seed.root(4).child(i), 25).map((a) => a * 10 ** ((-6.3 * i) / 11)),
    )
    for (const rows of [some, [...some, some[11]!], [...some, some[0]!, some[5]!]]) {
      const measurements = rowsOf(5, rows)
      const targets = measure(measurements, truth)
      const found = minimiseNuclearNorm(measurements, targets)
      assert.strictEqual(found.status, "certified")
      assert.isBelow(worst(measurements, found.matrix, targets), 1e-11)
    }
  })

  it("are all kept where directions nearly agree, and where there are more than entries", () => {
    const truth = Float64Array.of(1, 2, 3, 4)
    const near = [
      [1, 1, 0, 0],
      [1, 1, 1e-8, 0],
      [1, 1, 1e-8, 1e-8],
    ]
    const mixed = Array.from({ length: 40 }, (_, i) => {
      const [p, q, r] = normals(Seed.root(5).child(i), 3)
      return near[0]!.map((_a, k) => p! * near[0]![k]! + q! * near[1]![k]! + r! * near[2]![k]!)
    })
    for (const rows of [near, [...near, near[1]!], mixed]) {
      const measurements = rowsOf(2, rows)
      const { minimumNorm, rank } = constraints(measurements, measure(measurements, truth))
      assert.strictEqual(rank, 3)
      // what 1e-8 of the entries is known to
      assertClose(minimumNorm, [1.5, 1.5, 3, 4], 1e-6)
    }
  })

  it("do not hide a contradiction: one in a small target is one", () => {
    const entries = [
      [0, 0],
      [1, 1],
      [1, 1],
    ] as const
    const targets = Float64Array.of(1e9, 1, 3)
    const seen = completion({ rows: 2, columns: 2, entries })
    for (const measurements of [seen, densified(seen)]) {
      const found = minimiseNuclearNorm(measurements, targets)
      assert.strictEqual(found.status, "inconsistent")
      assert.isAbove(found.residual, 1e-6)
      assert.strictEqual(recover(measurements, targets).status, "inconsistent")
    }
    for (const measurements of [seen, densified(seen)]) {
      const { residual, minimumNorm } = constraints(measurements, Float64Array.of(1e9, 3, 3))
      assert.strictEqual(residual(minimumNorm), 0)
    }
  })

  it("may be sparse ones of 1e170 and 1e-170", () => {
    const seen = sparse({
      rows: 2,
      columns: 2,
      offsets: Uint32Array.of(0, 1, 3),
      positions: Uint32Array.of(0, 1, 3),
      values: Float64Array.of(1e170, 1e-170, 2e-170),
    })
    const found = minimiseNuclearNorm(seen, Float64Array.of(3e170, 5e-170))
    assert.strictEqual(found.status, "certified")
    assert.isBelow(worst(seen, found.matrix, Float64Array.of(3e170, 5e-170)), 1e-12)
  })
})

describe("the README's table, however large its numbers", () => {
  const entries = [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [2, 0],
    [2, 2],
  ] as const
  const seen = completion({ rows: 3, columns: 3, entries })
  const targets = Float64Array.of(1, 2, 3, 2, 4, 3, 9)
  const plain = minimiseNuclearNorm(seen, targets)

  it.each([-1000, -565, -534, -60, 508, 1000])(
    "is the same to the last bit times 2^%i, with its certificate",
    (exponent) => {
      const scale = 2 ** exponent
      const found = minimiseNuclearNorm(
        seen,
        targets.map((b) => b * scale),
      )
      assert.deepStrictEqual(found, {
        ...plain,
        matrix: plain.matrix.map((value) => value * scale),
        nuclearNorm: plain.nuclearNorm * scale,
        lowerBound: plain.lowerBound * scale,
        gap: plain.gap * scale,
      })
    },
  )

  it.each([1e-170, 1e-161, 1e153, 1e300])("is certified times %d", (scale) => {
    const found = minimiseNuclearNorm(
      seen,
      targets.map((b) => b * scale),
    )
    assert.strictEqual(found.status, "certified")
    assert.isAtMost(Math.abs(found.gap), 1e-9 * found.nuclearNorm)
    assert.closeTo(found.lowerBound / scale, plain.lowerBound, 1e-7)
    assertClose(
      found.matrix.map((value) => value / scale),
      plain.matrix,
      1e-6,
    )
  })

  it("is refused where the matrix would leave the range of numbers", () => {
    const small = seen.scaled(new Float64Array(7).fill(1e-200))
    assert.throws(
      () =>
        minimiseNuclearNorm(
          small,
          targets.map((b) => b * 1e150),
        ),
      InvalidInput,
      "1e305 times the norm of its measurement",
    )
  })
})

describe("an entry measured twice", () => {
  it("keeps a completion sparse", () => {
    const entries = Array.from({ length: 10 }, (_, k) => [k, (3 * k) % 10] as const)
    const seen = completion({ rows: 10, columns: 10, entries: [...entries, ...entries.slice(4)] })
    const noMatrices = {
      ...seen,
      matrices: () => {
        throw new Error("dense")
      },
      scaled: () => noMatrices,
    }
    const targets = Float64Array.from({ length: 16 }, (_, i) => 1 + (i < 10 ? i : i - 6))
    const { inconsistency, minimumNorm, rank } = constraints(noMatrices, targets)
    assert.deepStrictEqual([inconsistency, rank], [0, 10])
    assert.deepStrictEqual(measure(seen, minimumNorm), targets)
  })

  it("is its mean where the two contradict each other", () => {
    const entries = [
      [0, 0],
      [0, 0],
      [0, 1],
    ] as const
    const seen = completion({ rows: 1, columns: 2, entries })
    const { minimumNorm, project } = constraints(seen, Float64Array.of(1, 4, 7))
    assertClose(minimumNorm, [2.5, 7], 1e-15)
    const z = Float64Array.of(-3, 11)
    project(z)
    assertClose(z, [2.5, 7], 1e-15)
  })
})
