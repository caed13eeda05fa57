import { RandomStream, Seed } from "@nonconvex/numerics"
import { bilinearGame, matrixGame } from "@nonconvex/problems"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { type Problem, saddlePoint } from "../../src/index.ts"
import * as Run from "../../src/solve/Run.ts"
import { inexact } from "../../src/oracle/InexactOracle.ts"
import * as ErrorStrategy from "../../src/oracle/ErrorStrategy.ts"
import { plan } from "../../src/solve/Plan.ts"

const instance = fc.record({
  seed: fc.nat(1000),
  rows: fc.integer({ min: 1, max: 5 }),
  columns: fc.integer({ min: 1, max: 5 }),
  isOnBalls: fc.boolean(),
  /** Of the declared error, that of the oracle: one that errs by far more may look as if it were not monotone, or certify nothing. */
  honesty: fc.constantFrom(0, 0.5, 1, 1000),
  most: fc.constantFrom(1, 7, 10_000),
})

type Drawn = typeof instance extends fc.Arbitrary<infer A> ? A : never

const posed = ({ columns, honesty, isOnBalls, rows, seed }: Drawn) => {
  const stream = RandomStream.make(Seed.root(seed))
  const matrix = stream.normals(rows * columns)
  const feasible = FeasibleSet.ball(1)
  const game = isOnBalls
    ? bilinearGame({ matrix, columns, feasible })
    : matrixGame({ matrix, columns })
  const exact = saddlePoint(game)
  const start = new Float64Array(rows + columns).fill(0.1)
  const chosen = plan(exact, start, { gap: 0.5, deviation: 1e-4 })
  const errors = ErrorStrategy.constant(stream.normals(rows + columns))
  const error = 0.5 * chosen.allowedError
  const problem: Problem = { ...inexact(exact, errors, honesty * error), error }
  return { problem, start, chosen }
}

/** The answer of a run, or what it ended with. */
const endOf = (drawn: Drawn, most: number): unknown => {
  const { chosen, problem, start } = posed(drawn)
  try {
    const run = Run.begin(problem, start, chosen)
    while (Run.certified(run) === undefined) Run.step(run, most)
    return [Run.certified(run), run.steps]
  } catch (error) {
    return { ...(error as object) }
  }
}

describe("steps of a solve taken together", () => {
  it("end where single ones do, bit for bit, with an answer or with the same failure", () => {
    fc.assert(
      fc.property(instance, (drawn) => {
        assert.deepStrictEqual(endOf(drawn, drawn.most), endOf(drawn, 0))
      }),
      { numRuns: 60 },
    )
  })
})
