/** Compiled runs in bilinear games: a step is that of the plain loops to rounding, a run is its steps to the bit, and none sees those beside it. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { compiled } from "./support/Found.ts"
import { near, normals, roundings, total } from "./support/Runs.ts"

const plain = Kernels.reference()

/** One run, and runs that fill one vector of any width, leave lanes, and need several. */
const severals = [1, 2, 3, 4, 5, 8, 9, 17]

const kinds = ["whole", "ball", "simplex"] as const

const set = fc.record({
  kind: fc.constantFrom(...kinds),
  extent: fc.double({ min: 0.5, max: 2, noNaN: true }),
})

/** Of either player: within a vector of any width, whole ones, and more than registers hold. */
const strategies = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 10 }) },
  { weight: 2, arbitrary: fc.constantFrom(16, 17, 33, 64) },
  { weight: 1, arbitrary: fc.constantFrom(70, 129) },
)

const drawn = fc.record({
  seed: fc.nat(1000),
  isExtra: fc.boolean(),
  rows: strategies,
  columns: strategies,
  sets: fc.tuple(set, set),
  strength: fc.constantFrom(0, 0.1),
  hasSaddle: fc.boolean(),
  hasCenter: fc.boolean(),
  isFresh: fc.boolean(),
})

type Drawn = typeof drawn extends fc.Arbitrary<infer A> ? A : never
type Run = Kernels.MonotoneRun & {
  readonly best: { residual: number; readonly point: Float64Array }
}

const stepsOf = ({ columns, isExtra, rows, sets, strength }: Drawn): Kernels.MonotoneSteps => ({
  isExtra,
  rows,
  columns,
  sets,
  step: 0.1,
  strength,
  until: -1,
  modulus: 0,
  doubt: Number.NaN,
  goal: 1e9,
  slack: 0,
  accuracy: -1,
})

/** Run `r` of a draw, over so many steps. */
const runOf = (given: Drawn, steps: number, r = 0): Run => {
  const { columns, hasCenter, hasSaddle, isExtra, isFresh, rows, seed } = given
  const size = rows + columns
  const vector = (name: string, scale = 1, count = size) =>
    normals(seed, `${name} ${r}`, count, scale)
  const queries = isFresh ? (isExtra ? 2 * steps : steps) : 1
  return {
    matrix: vector("matrix", 1 / Math.sqrt(size), rows * columns),
    saddle: hasSaddle ? vector("saddle", 0.1) : new Float64Array(size),
    center: hasCenter ? vector("center", 0.1) : undefined,
    errors: vector("errors", 0.1, queries * size),
    point: vector("point"),
    mean: { sum: vector("sum"), compensation: vector("compensation", 1e-17) },
    best: { residual: Infinity, point: new Float64Array(size) },
  }
}

const copyOf = (run: Run): Run => ({
  ...run,
  point: run.point.slice(),
  mean: { sum: run.mean.sum.slice(), compensation: run.mean.compensation.slice() },
  best: { residual: run.best.residual, point: run.best.point.slice() },
})

/** What a run leaves. */
const left = ({ best, mean, point }: Run) => [
  point,
  mean.sum,
  mean.compensation,
  best.point,
  best.residual,
]

describe("games", () => {
  it("a step is that of the plain loops to rounding", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, fc.constantFrom(1, 3), (given, runs) => {
          const steps = stepsOf(given)
          const actual = Array.from({ length: runs }, (_, r) => runOf(given, 1, r))
          const expected = actual.map(copyOf)
          const done = { steps: 1, isSettled: false }
          assert.deepStrictEqual(native.descendMonotone(steps, 1, actual), done)
          assert.deepStrictEqual(plain.descendMonotone(steps, 1, expected), done)
          for (const [r, run] of actual.entries()) {
            const { columns, rows, sets, strength } = given
            const point = runOf(given, 1, r).point
            // no answer is larger than what all its products add up to; projections bring no two points apart, and round their own sums
            const extents = sets.reduce((sum, { extent }) => sum + extent, 0)
            const offsets = total(point) + total(run.saddle) + extents
            const largest = total(run.matrix) + strength
            const away = offsets + total(run.center ?? new Float64Array())
            const answer = largest * away + total(run.errors)
            const size = (1 + steps.step * largest) * (away + steps.step * answer)
            const most = roundings(3 * (rows + columns) + 30, size)
            near("point", run.point, expected[r]!.point, most)
            near(
              "sum",
              run.mean.sum,
              expected[r]!.mean.sum,
              most + roundings(2, total(run.mean.sum)),
            )
            if (!given.isExtra) continue
            near("best", run.best.point, expected[r]!.best.point, most)
            const residual = Math.abs(run.best.residual - expected[r]!.best.residual)
            assert.isAtMost(residual, (20 * (rows + columns) * most) / steps.step)
          }
        }),
      )
    })
  })

  it("a run is its steps to the bit", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, fc.constantFrom(...severals), (given, runs) => {
          const steps = stepsOf(given)
          const together = Array.from({ length: runs }, (_, r) => runOf(given, 5, r))
          const stepwise = together.map(copyOf)
          assert.strictEqual(native.descendMonotone(steps, 5, together).steps, 5)
          const size = given.rows + given.columns
          const queries = given.isExtra ? 2 * size : size
          for (let t = 0; t < 5; t++) {
            const now = stepwise.map((run) => ({
              ...run,
              errors: given.isFresh
                ? run.errors.subarray(t * queries, (t + 1) * queries)
                : run.errors,
            }))
            assert.strictEqual(native.descendMonotone(steps, 1, now).steps, 1)
          }
          assert.deepStrictEqual(stepwise.map(left), together.map(left))
        }),
      )
    })
  })

  it("several runs are what each is beside itself, to the bit", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, fc.constantFrom(...severals), (given, runs) => {
          const steps = stepsOf(given)
          const together = Array.from({ length: runs + 1 }, (_, r) => runOf(given, 5, r))
          const pairs = together.map((run) => [copyOf(run), copyOf(run)] as const)
          native.descendMonotone(steps, 5, together)
          for (const [r, pair] of pairs.entries()) {
            native.descendMonotone(steps, 5, pair)
            for (const run of pair) assert.deepStrictEqual(left(run), left(together[r]!))
          }
        }),
      )
    })
  })

  it("ends where the residuals of all runs are settled, and keeps the best candidate", () => {
    compiled((native) => {
      const given: Drawn = {
        seed: 7,
        isExtra: true,
        rows: 3,
        columns: 4,
        sets: [
          { kind: "simplex", extent: 1 },
          { kind: "simplex", extent: 1 },
        ],
        strength: 0.1,
        hasSaddle: false,
        hasCenter: true,
        isFresh: false,
      }
      for (const runs of [1, 5]) {
        const steps = { ...stepsOf(given), until: 1e-6, goal: 1e-3 }
        const actual = Array.from({ length: runs }, (_, r) => runOf(given, 1, r))
        const expected = actual.map(copyOf)
        const found = native.descendMonotone(steps, 100_000, actual)
        assert.deepStrictEqual(found, plain.descendMonotone(steps, 100_000, expected))
        assert.isTrue(found.isSettled && found.steps > 0)
        for (const { best } of actual) assert.isAtMost(best.residual, 1e-3)
      }
    })
  })

  it("ends where the residual of the variational inequality of some run is within an accuracy", () => {
    compiled((native) => {
      let settled = 0
      const bounded = fc.record({
        kind: fc.constantFrom("ball" as const, "simplex" as const),
        extent: fc.double({ min: 0.5, max: 2, noNaN: true }),
      })
      fc.assert(
        fc.property(
          drawn,
          fc.tuple(bounded, bounded),
          fc.constantFrom(1, 3, 9),
          fc.constantFrom(0, 0.01),
          (draw, sets, runs, slack) => {
            const given: Drawn = { ...draw, isExtra: true, isFresh: false, sets, strength: 0.1 }
            const begun = Array.from({ length: runs }, (_, r) => runOf(given, 1, r))
            const upTo = (kernels: Kernels.Kernels, accuracy: number) => {
              const steps = { ...stepsOf(given), accuracy, slack }
              return kernels.descendMonotone(steps, 100, begun.map(copyOf))
            }
            const coarse = upTo(plain, 0.4)
            if (!coarse.isSettled) return
            // rounding moves a residual by far less than this
            const [sooner, later] = [upTo(native, 0.4 + 1e-9), upTo(native, 0.4 - 1e-9)]
            assert.isTrue(sooner.isSettled)
            assert.isAtMost(sooner.steps, coarse.steps)
            assert.isAtLeast(later.steps, coarse.steps)
            settled++
          },
        ),
      )
      assert.isAbove(settled, 20)
    })
  })

  it("stops before a step that the largest numbers end, or that is not monotone, and leaves all runs before it", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, fc.constantFrom(1, 3), (given, runs) => {
          const steps = stepsOf(given)
          const huge = Array.from({ length: runs }, (_, r) => runOf(given, 3, r))
          huge.at(-1)!.point[0] = 1e301
          const before = huge.map(copyOf)
          const none = { steps: 0, isSettled: false }
          assert.deepStrictEqual(native.descendMonotone(steps, 3, huge), none)
          assert.deepStrictEqual(huge.map(left), before.map(left))
          if (!given.isExtra) return
          const runsOf = Array.from({ length: runs }, (_, r) => runOf(given, 3, r))
          const strict = { ...steps, modulus: 100, doubt: 0 }
          assert.deepStrictEqual(native.descendMonotone(strict, 3, runsOf), none)
        }),
      )
    })
  })

  it("throws what the embedded kernels throw, and has changed nothing", () => {
    compiled((native) => {
      const given = { seed: 1, isExtra: true, rows: 2, columns: 3, strength: 0.1 } as const
      const sets = [
        { kind: "ball", extent: 1 } as const,
        { kind: "whole", extent: 0 } as const,
      ] as const
      const draw: Drawn = {
        ...given,
        sets: [...sets],
        hasSaddle: true,
        hasCenter: true,
        isFresh: false,
      }
      const steps = stepsOf(draw)
      const [first, second] = [runOf(draw, 1, 0), runOf(draw, 1, 1)]
      const before = [first, second].map(copyOf)
      const [short, { center: _, ...without }] = [new Float64Array(4), second]
      const wrong: ReadonlyArray<readonly [Kernels.MonotoneSteps, number, Kernels.MonotoneRun]> = [
        [{ ...steps, step: 0 }, 1, second],
        [{ ...steps, strength: Number.NaN }, 1, second],
        [{ ...steps, sets: [{ kind: "ball", extent: -1 }, steps.sets[1]] }, 1, second],
        [{ ...steps, rows: 1 }, 1, second],
        [steps, 0.5, second],
        [steps, 1, { ...second, matrix: short }],
        [steps, 1, { ...second, errors: short }],
        [steps, 1, { ...second, point: short }],
        [steps, 1, { ...second, saddle: short }],
        [steps, 1, { ...second, mean: { ...second.mean, sum: short } }],
        [steps, 1, { ...second, best: { residual: 1, point: short } }],
        [steps, 1, { ...without, center: undefined }],
      ]
      for (const [of, count, run] of wrong)
        assert.throws(() => native.descendMonotone(of, count, [first, run]), /descendMonotone/)
      assert.deepStrictEqual([first, second].map(left), before.map(left))
      assert.deepStrictEqual(native.descendMonotone(steps, 4, []), { steps: 4, isSettled: false })
    })
  })
})
