import { RandomStream, Seed } from "@nonconvex/numerics"
import { bilinearGame, FeasibleSet, matrixGame } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { proximalPoint } from "../../src/algorithms/InexactProximalPoint.ts"
import { minimax } from "../../src/algorithms/RegularisedMinimax.ts"
import { together } from "../../src/algorithms/Together.ts"
import {
  ErrorStrategy,
  inexact,
  inexactProximalPoint,
  regularisedMinimax,
  saddlePoint,
} from "../../src/index.ts"

const request = (inexactly: "gradient" | "start") =>
  ({ gap: 0.2, distance: 2, inexact: inexactly, delta: 1e-3 }) as const
const draw = RandomStream.make(Seed.root(3))

/** Games of two sizes and on two sets, some of whose oracles no kernel knows. */
const posed = [2, 3, 2, 3, 3].map((n, k) => {
  const matrix = draw.normals(n * n).map((x) => x / (4 * n))
  const game =
    k < 3
      ? matrixGame({ matrix, columns: n })
      : bilinearGame({ matrix, columns: n, feasible: FeasibleSet.ball(1) })
  const exact = saddlePoint(game, { smoothness: 1, error: 0 })
  const strategy = k === 2 ? ErrorStrategy.damping : ErrorStrategy.constant(draw.normals(2 * n))
  return { problem: inexact(exact, strategy, 1e-3), start: new Float64Array(2 * n).fill(1 / n) }
})

describe("several solvers together", () => {
  it.each(["gradient", "start"] as const)(
    "find what each finds alone, to the bit, with an inexact %s",
    (inexactly) => {
      const starts = [...posed, ...posed]
      const found = together<object>(
        starts.map(({ problem, start }, k) =>
          k < posed.length
            ? minimax(problem, start, request(inexactly))
            : proximalPoint(problem, start, request(inexactly)),
        ),
      )
      const alone = starts.map(({ problem, start }, k) =>
        k < posed.length
          ? regularisedMinimax(problem, start, request(inexactly))
          : inexactProximalPoint(problem, start, request(inexactly)),
      )
      assert.deepStrictEqual(found, alone)
    },
  )

  it("are none where there are none", () => {
    assert.deepStrictEqual(together([]), [])
  })
})
