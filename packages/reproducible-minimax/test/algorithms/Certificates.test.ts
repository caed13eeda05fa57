import { RandomStream, Seed } from "@nonconvex/numerics"
import { bilinearGame, matrixGame } from "@nonconvex/problems"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Theory from "../../src/theory/Theory.ts"
import {
  inexactProximalPoint,
  type Problem,
  regularisedMinimax,
  saddlePoint,
} from "../../src/index.ts"

const instance = fc.record({
  seed: fc.nat(1000),
  rows: fc.integer({ min: 1, max: 6 }),
  columns: fc.integer({ min: 1, max: 6 }),
  sets: fc.constantFrom("simplexes", "balls", "one of each"),
  gap: fc.constantFrom(1, 0.4),
  delta: fc.constantFrom(1, 1e-2, 1e-4),
  error: fc.constantFrom<number>(0, 1e-7),
  stop: fc.constantFrom("certified" as const, "fixed" as const),
})

type Drawn = typeof instance extends fc.Arbitrary<infer A> ? A : never

const posed = ({ columns, error, rows, seed, sets }: Drawn) => {
  const stream = RandomStream.make(Seed.root(seed))
  const matrix = stream.normals(rows * columns)
  const ball = FeasibleSet.ball(1)
  const feasible = sets === "balls" ? ball : ([ball, FeasibleSet.simplex()] as const)
  const game =
    sets === "simplexes"
      ? matrixGame({ matrix, columns })
      : bilinearGame({ matrix, columns, feasible, saddle: stream.normals(rows + columns) })
  return { problem: saddlePoint(game, { error }), start: stream.normals(rows + columns) }
}

/** The same problem with an oracle that no kernel knows. */
const unknown = (problem: Problem): Problem => ({
  ...problem,
  operator: (z, out) => problem.operator(z, out),
})

/** The same with a support function of its own, twice as large: steps are known, and what certifies them is not. */
const ofAnotherSupport = (problem: Problem): Problem => ({
  ...problem,
  feasible: {
    ...problem.feasible,
    support: (...given) => 2 * problem.feasible.support(...given),
  },
})

describe("steps up to a certificate by a residual of the variational inequality", () => {
  it("end where single ones do, bit for bit", () => {
    fc.assert(
      fc.property(instance, fc.boolean(), fc.boolean(), (drawn, isProximal, isOther) => {
        const { delta, gap, stop } = drawn
        const { problem, start } = posed(drawn)
        const request = { gap, distance: 2, inexact: "start", delta } as const
        const solve = (oracle: Problem) =>
          isProximal
            ? inexactProximalPoint(oracle, start, { ...request, steps: 3 })
            : regularisedMinimax(oracle, start, { ...request, stop })
        const known = isOther ? ofAnotherSupport(problem) : problem
        assert.deepStrictEqual(solve(known), solve(unknown(known)))
      }),
      { numRuns: 40 },
    )
  })

  it("are those of the theorem where an oracle is too inexact to certify any", () => {
    const [distance, steps] = [2, 3]
    fc.assert(
      fc.property(instance, (drawn) => {
        const { problem, start } = posed({ ...drawn, error: 0.1 })
        const request = { gap: drawn.gap, distance, inexact: "start", delta: 1e-2, steps } as const
        const { evaluations, status } = inexactProximalPoint(problem, start, request)
        const { smoothness: l } = problem
        const accuracy = Theory.proximalAccuracy(l, request.delta, steps)
        const most = Theory.extragradientSteps(l, l, distance, accuracy)
        assert.deepStrictEqual([status, evaluations], ["stalled", 2 * steps * most])
      }),
      { numRuns: 20 },
    )
  })
})
