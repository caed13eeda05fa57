import { Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { completion, dense, measure, minimiseNuclearNorm } from "../../src/index.ts"
import * as Matrix from "../../src/internal/Matrix.ts"
import { operatorNorm } from "../../src/recovery/Shrinkage.ts"
import { assertClose, sensing } from "../support/Numbers.ts"
import { largestPenalty, softImpute } from "../../src/recovery/SoftImpute.ts"

const kernels = Kernels.strict()

/** All entries of an n x n matrix except the listed ones. */
const allBut = (n: number, hidden: ReadonlyArray<readonly [number, number]>) =>
  completion({
    rows: n,
    columns: n,
    entries: Array.from({ length: n * n }, (_, k) => [Math.floor(k / n), k % n] as const).filter(
      ([r, c]) => !hidden.some(([row, column]) => row === r && column === c),
    ),
  })

describe("the least nuclear norm", () => {
  it("fills the peers' 5 x 5 table, where a general solver was once off by its sign", () => {
    const y = Float64Array.of(0.1, -0.1, 0.2, -0.2, 0.02)
    const table = Matrix.multiply(Float64Array.of(1, 2, 3, 4, 5), y, 5, 1, 5, kernels)
    const seen = allBut(5, [[1, 2]])
    const { matrix, status } = minimiseNuclearNorm(seen, measure(seen, table))
    assert.strictEqual(status, "certified")
    assert.closeTo(matrix[1 * 5 + 2]!, 0.4, 1e-6)
  })

  it("fills the symmetric variant, 55 y y'", () => {
    const y = Float64Array.of(0.1, -0.1, 0.2, -0.2, 0.02)
    const table = Matrix.multiply(y, y, 5, 1, 5, kernels).map((value) => 55 * value)
    const seen = allBut(5, [
      [1, 2],
      [2, 1],
    ])
    const { matrix } = minimiseNuclearNorm(seen, measure(seen, table))
    assert.closeTo(matrix[1 * 5 + 2]!, -1.1, 1e-6)
    assert.closeTo(matrix[2 * 5 + 1]!, -1.1, 1e-6)
  })

  it.for([
    { shape: "wide", rows: 100, columns: 130, rank: 3 },
    { shape: "tall", rows: 130, columns: 100, rank: 3 },
    { shape: "of a rank too high to follow", rows: 100, columns: 100, rank: 40 },
  ])("proves itself where it follows singular vectors: $shape", ({ columns, rank, rows }) => {
    const stream = RandomStream.make(Seed.root(rank))
    const [left, right] = [new Float64Array(rows * rank), new Float64Array(rank * columns)]
    stream.fillNormal(left)
    stream.fillNormal(right)
    const truth = Matrix.multiply(left, right, rows, rank, columns, kernels)
    const entries = Array.from(truth.keys())
      .filter(() => stream.uniform() < 0.5)
      .map((at) => [Math.floor(at / columns), at % columns] as const)
    const seen = completion({ rows, columns, entries })
    const found = minimiseNuclearNorm(seen, measure(seen, truth), { tolerance: 1e-8 })
    assert.strictEqual(found.status, "certified")
    assert.isAtMost(operatorNorm(found.certificate, rows, columns, kernels), 1 + 1e-12)
    assert.isAtMost(found.gap, 1e-8 * found.nuclearNorm)
    // rank 40 has more degrees of freedom than entries are seen, rank 3 has a ninth
    const far = Vector.distance(found.matrix, truth) / Vector.norm(truth)
    if (rank === 3) assert.isAtMost(far, 1e-6)
    else assert.isAtLeast(far, 1e-2)
  })

  it("proves itself: a certificate of norm one, in the span of the measurements, and a small gap", () => {
    const { measurements, targets } = sensing(6, 2, 24, 4)
    const found = minimiseNuclearNorm(measurements, targets)
    assert.strictEqual(found.status, "certified")
    assert.isAtMost(operatorNorm(found.certificate, 6, 6, kernels), 1 + 1e-12)
    assert.closeTo(Vector.dot(found.certificate, found.matrix), found.lowerBound, 1e-12)
    assert.isAtMost(found.gap, 1e-9 * found.nuclearNorm)
    assert.isAtLeast(found.gap, -1e-12)
    // orthogonal to everything that the measurements do not see
    const blind = new Float64Array(36).fill(1)
    const space = minimiseNuclearNorm(measurements, measure(measurements, blind)).matrix
    const seenPart = Float64Array.from(blind, (value, k) => value - space[k]!)
    assert.closeTo(Vector.dot(found.certificate, seenPart), 0, 1e-9)
  })

  it("says so where its budget did not suffice", () => {
    const { measurements, targets } = sensing(8, 2, 36, 4)
    const found = minimiseNuclearNorm(measurements, targets, { maxIterations: 5 })
    assert.strictEqual(found.status, "budget")
    assert.isAbove(found.gap, 1e-9 * found.nuclearNorm)
    assert.isAbove(found.lowerBound, 0)
  })

  it("needs steps like the inverse of the least singular value, and certifies nothing before", () => {
    const all = allBut(2, [])
    const solve = (least: number) =>
      minimiseNuclearNorm(all, Float64Array.of(1, 0, 0, least), { maxIterations: 500 })
    assert.strictEqual(solve(1e-2).status, "certified")
    const early = solve(1e-5)
    assert.strictEqual(early.status, "budget")
    assert.isAbove(early.gap, 1e-9 * early.nuclearNorm)
    assert.closeTo(early.nuclearNorm, 1 + 1e-5, 1e-12)
    assert.isAtMost(early.lowerBound, 1 + 1e-5)
  })

  it("tells measurements that contradict each other, with the residual", () => {
    const seen = completion({
      rows: 2,
      columns: 2,
      entries: [
        [0, 0],
        [0, 0],
        [1, 1],
      ],
    })
    const found = minimiseNuclearNorm(seen, Float64Array.of(1, 3, 1))
    assert.strictEqual(found.status, "inconsistent")
    assert.closeTo(found.inconsistency, Math.sqrt(2) / Math.sqrt(11), 1e-12)
    assertClose(found.matrix, [2, 0, 0, 1], 1e-12)
    assert.strictEqual(minimiseNuclearNorm(seen, Float64Array.of(2, 2, 1)).status, "certified")
  })

  it("is zero for targets of zero, and for measurements of nothing", () => {
    const { measurements } = sensing(3, 1, 4, 1)
    const zero = minimiseNuclearNorm(measurements, new Float64Array(4))
    assert.deepStrictEqual([zero.status, zero.nuclearNorm, zero.gap], ["certified", 0, 0])
    const blind = measurements.sandwiched(new Float64Array(9), Matrix.identity(3))
    assert.strictEqual(minimiseNuclearNorm(blind, new Float64Array(4)).status, "certified")
    assert.strictEqual(
      minimiseNuclearNorm(blind, Float64Array.of(1, 0, 0, 0)).status,
      "inconsistent",
    )
  })
})

describe("soft-impute", () => {
  it("is the shrunk matrix where every entry is seen", () => {
    const seen = allBut(2, [])
    const targets = Float64Array.of(3, 0, 0, 1)
    const found = softImpute(seen, targets, { penalty: 2, tolerance: 1e-12 })
    assertClose(found.matrix, [1, 0, 0, 0], 1e-10)
    assert.deepStrictEqual([found.rank, found.status], [1, "certified"])
    assert.closeTo(largestPenalty(seen, targets), 3, 1e-12)
  })

  it("carries a gap that bounds what is left, and goes to the least nuclear norm", () => {
    const { measurements, targets } = sensing(6, 1, 22, 9)
    const largest = largestPenalty(measurements, targets)
    const loose = softImpute(measurements, targets, { penalty: 0.1 * largest, maxIterations: 3 })
    const tight = softImpute(measurements, targets, { penalty: 0.1 * largest, tolerance: 1e-10 })
    assert.strictEqual(loose.status, "budget")
    assert.isAtLeast(loose.objective - tight.objective, 0)
    assert.isAtMost(loose.objective - tight.objective, loose.gap)
    assert.isAtMost(tight.gap, 1e-10 * tight.objective)
    const small = softImpute(measurements, targets, {
      penalty: 1e-5 * largest,
      start: tight.matrix,
      maxIterations: 20_000,
    })
    assertClose(small.matrix, minimiseNuclearNorm(measurements, targets).matrix, 1e-3)
  })

  it("is zero from the largest penalty on", () => {
    const { measurements, targets } = sensing(4, 1, 9, 2)
    const penalty = 1.0001 * largestPenalty(measurements, targets)
    const found = softImpute(measurements, targets, { penalty })
    assert.strictEqual(Vector.norm(found.matrix), 0)
    assert.strictEqual(found.status, "certified")
  })

  it("does not see the scale of the data", () => {
    const seen = allBut(2, [[1, 1]])
    const targets = Float64Array.of(1, 2, 3)
    const plain = softImpute(seen, targets, { penalty: 0.5 })
    for (const exponent of [-550, -500, 500, 550]) {
      const scale = 2 ** exponent
      const scaled = targets.map((b) => b * scale)
      const found = softImpute(seen, scaled, { penalty: 0.5 * scale })
      assert.deepStrictEqual(
        [found.matrix, found.rank, found.iterations, found.status],
        [plain.matrix.map((x) => x * scale), plain.rank, plain.iterations, plain.status],
      )
      assert.strictEqual(largestPenalty(seen, scaled), scale * largestPenalty(seen, targets))
    }
  })

  it("is zero for a penalty beyond the range of the targets", () => {
    const tiny = Float64Array.of(1, 2, 3, 4).map((b) => b * 2 ** -1060)
    const found = softImpute(allBut(2, []), tiny, { penalty: 1000 })
    assert.deepStrictEqual([found.matrix, found.status], [new Float64Array(4), "certified"])
  })

  it("is zero for measurements of nothing", () => {
    const nothing = dense({ rows: 2, columns: 2, matrices: new Float64Array(12) })
    const found = softImpute(nothing, Float64Array.of(1, 2, 3), { penalty: 1 })
    assert.deepStrictEqual([found.matrix, found.status], [new Float64Array(4), "certified"])
    assert.deepStrictEqual([found.objective, found.gap], [7, 0])
  })
})
