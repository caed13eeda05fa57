/** Compiled runs of sharpness-aware perturbation: of one the lanes hold coordinates, of several the runs. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { compiled } from "./support/Found.ts"
import { below, near, normals, roundings, total } from "./support/Runs.ts"

const plain = Kernels.reference()

/** Within a vector of any width, whole ones and several. */
const width = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom(16, 17, 31, 32, 33, 64, 65, 100) },
)

describe("sharpness-aware perturbation of diagonal networks", () => {
  const drawn = fc.record({
    seed: fc.nat(1000),
    // in the rows of one block, and of several
    n: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 17, 24)),
    width,
    gradientThreshold: fc.constantFrom(Infinity, 5, 0),
  })

  type Drawn = typeof drawn extends fc.Arbitrary<infer A> ? A : never

  const problem = ({ gradientThreshold, n, seed, width: w }: Drawn, steps: number) => ({
    run: {
      matrix: normals(seed, "matrix", n * w),
      labels: normals(seed, "labels", n),
      rate: 0.01,
      plainRate: 0.02,
      radius: 0.1,
      gradientThreshold,
    },
    /** Run number `r`, with draws and a point of its own. */
    drawn: (r = 0) => ({
      indices: below(seed, `indices ${r}`, steps, n),
      signs: normals(seed, `signs ${r}`, steps).map(Math.sign),
      point: normals(seed, `point ${r}`, 2 * w, 0.5),
    }),
  })

  const gradientOf = (
    { n, width: w }: Drawn,
    { labels, matrix }: ReturnType<typeof problem>["run"],
    point: Float64Array,
  ): Float64Array => {
    const gradient = new Float64Array(2 * w)
    for (let i = 0; i < n; i++) {
      let residual = -labels[i]!
      for (let j = 0; j < w; j++)
        residual += matrix[i * w + j]! * (point[j]! ** 2 - point[w + j]! ** 2)
      for (let j = 0; j < w; j++) {
        const slope = (2 / n) * residual * matrix[i * w + j]!
        gradient[j]! += slope * point[j]!
        gradient[w + j]! -= slope * point[w + j]!
      }
    }
    return gradient
  }

  /** By how much the numbers after a step from `point` may differ. */
  const toRounding = (
    given: Drawn,
    run: ReturnType<typeof problem>["run"],
    point: Float64Array,
  ): number => {
    const { labels, matrix, plainRate, radius } = run
    const [all, size, y] = [total(matrix), total(point) + radius, total(labels)]
    // what no gradient, at the point or at the perturbed one, is larger than
    const largest = 2 * (all * size * size + y) * all * size
    // the direction of the gradient, which is taken off, has the errors of the gradient over its norm
    const turned = 1 + (2 * largest) / plain.norm(gradientOf(given, run, point))
    return roundings(2 * given.width + given.n + 30, size + plainRate * largest * turned)
  }

  it("a step is that of the plain loops to rounding", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, (given) => {
          const { drawn: runOf, run } = problem(given, 1)
          const [actual, expected] = [runOf(), runOf()]
          const found = native.perturbDiagonal(run, 1, [actual])
          assert.deepStrictEqual(found, plain.perturbDiagonal(run, 1, [expected]))
          assert.strictEqual(found[0]!.steps, 1)
          near("point", actual.point, expected.point, toRounding(given, run, runOf().point))
        }),
      )
    })
  })

  /** Of runs: at a point without a gradient, and at ones whose squares are large and too large. */
  const scales = fc.array(fc.constantFrom(1, 1, 1, 1, 0, 1e30, 1e160), {
    minLength: 1,
    maxLength: 17,
  })

  /** Runs from points of these sizes, and a threshold between the norms of two gradients. */
  const several = (given: Drawn, sizes: ReadonlyArray<number>, steps: number) => {
    const { drawn: runOf, run } = problem(given, steps)
    const begin = () =>
      sizes.map((size, r) => ({ ...runOf(r), point: runOf(r).point.map((x) => size * x) }))
    const norms = begin().map(({ point }) => plain.norm(gradientOf(given, run, point)))
    const gradientThreshold = 1.01 * norms.toSorted((a, b) => a - b)[norms.length >> 1]!
    return { run: { ...run, gradientThreshold }, begin }
  }

  it("a step of each of several is that of the plain loops to rounding, where others are plain, or not taken", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, scales, (given, sizes) => {
          const { begin, run } = several(given, sizes, 1)
          const [before, actual, expected] = [begin(), begin(), begin()]
          const found = native.perturbDiagonal(run, 1, actual)
          assert.deepStrictEqual(found, plain.perturbDiagonal(run, 1, expected))
          for (const [r, { steps }] of found.entries()) {
            const { point } = before[r]!
            const most = steps === 0 ? 0 : toRounding(given, run, point)
            near(`point ${r}`, actual[r]!.point, expected[r]!.point, most)
          }
        }),
      )
    })
  })

  it("runs are their steps to the bit, whatever others do", () => {
    compiled((native) => {
      const ends = scales.map((sizes) => sizes.map((size) => (size === 1e30 ? 1 : size)))
      fc.assert(
        fc.property(drawn, ends, (given, sizes) => {
          const { begin, run: fast } = several(given, sizes, 6)
          const run = { ...fast, rate: 1e-3, plainRate: 1e-3 }
          const [together, stepwise] = [begin(), begin()]
          const found = native.perturbDiagonal(run, 6, together)
          const counts = sizes.map(() => ({ steps: 0, perturbed: 0 }))
          for (let t = 0; t < 6; t++) {
            const next = stepwise.map(({ indices, point, signs }, r) => {
              const at = counts[r]!.perturbed
              return {
                indices: indices.subarray(at, at + 1),
                signs: signs.subarray(at, at + 1),
                point,
              }
            })
            for (const [r, taken] of native.perturbDiagonal(run, 1, next).entries()) {
              counts[r]!.steps += taken.steps
              counts[r]!.perturbed += taken.perturbed
            }
          }
          assert.deepStrictEqual(found, counts)
          for (const [r, { point }] of together.entries())
            assert.deepStrictEqual(stepwise[r]!.point, point)
        }),
      )
    })
  })

  it("a run alone is its steps to the bit", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, (given) => {
          const { drawn: runOf, run } = problem(given, 6)
          const [together, stepwise] = [runOf(), runOf()]
          const [found] = native.perturbDiagonal(run, 6, [together])
          let perturbed = 0
          for (let t = 0; t < found!.steps; t++) {
            const [indices, signs] = [stepwise.indices, stepwise.signs]
            const own = {
              indices: indices.subarray(perturbed, perturbed + 1),
              signs: signs.subarray(perturbed, perturbed + 1),
            }
            const [one] = native.perturbDiagonal(run, 1, [{ ...own, point: stepwise.point }])
            assert.strictEqual(one!.steps, 1)
            perturbed += one!.perturbed
          }
          assert.strictEqual(perturbed, found!.perturbed)
          assert.deepStrictEqual(stepwise.point, together.point)
        }),
      )
    })
  })

  it("stops before a gradient of 0, and throws what the embedded kernels throw", () => {
    compiled((native) => {
      const { drawn: runOf, run } = problem({ seed: 1, n: 3, width: 5, gradientThreshold: 1 }, 2)
      const zero = { ...runOf(), point: new Float64Array(10) }
      const none = { steps: 0, perturbed: 0 }
      assert.deepStrictEqual(native.perturbDiagonal(run, 2, [zero]), [none])
      assert.deepStrictEqual(native.perturbDiagonal(run, 2, []), [])
      const [good, other] = [runOf(), runOf(1)]
      const call = (steps: number, changes: Partial<typeof good>) => () =>
        native.perturbDiagonal(run, steps, [good, { ...other, ...changes }])
      assert.throws(call(3, {}), /indices/)
      assert.throws(call(2, { indices: Uint32Array.of(0, 3) }), /samples/)
      assert.throws(call(2, { signs: new Float64Array(1) }), /signs/)
      assert.throws(call(2, { point: new Float64Array(9) }), /point/)
      assert.deepStrictEqual([good, other], [runOf(), runOf(1)])
    })
  })
})
