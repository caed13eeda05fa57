import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { matrixGame } from "@nonconvex/problems/BilinearGame"
import * as InteriorPoint from "../../game/InteriorPoint.ts"
import { polish } from "../../game/RegularisedPoint.ts"
import { saddlePoint } from "../../problem/Problem.ts"
import { streamOf } from "../support/GameShape.ts"
import { derived } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

const shape = { rows: Draw.integer(1, 12), columns: Draw.integer(1, 12), seed: Draw.seed() }

export const regularisedPointOfAGame = claim({
  id: "reproducible-minimax/regularised-point-of-a-game",
  statement:
    "The solution of a regularised matrix game by an interior-point and Newton's method is within its certificate of the solution by extragradient.",
  inFloatingPoint: "limit",
  source: Kind.identity(
    derived("strong monotonicity, with residuals in twice the working precision"),
  ),
  instances: Draw.record({ ...shape, strength: Draw.logarithmic(1, 0.03) }),
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { seed, strength } = instance
    const columns = Math.min(instance.rows, instance.columns)
    const rows = Math.max(instance.rows, instance.columns)
    const stream = streamOf(seed)
    const matrix = Float64Array.from({ length: rows * columns }, () => 1 + stream.uniform())
    const size = rows + columns
    const found = kernels.arena.scoped((workspace) => {
      const state = InteriorPoint.begin({ matrix, rows, columns, strength, kernels, workspace })
      while (state.status === "running" && state.gap > 1e-14) InteriorPoint.step(state)
      return polish(state)
    })
    const center = new Float64Array(size).fill(1 / rows, 0, rows).fill(1 / columns, rows)
    const problem = saddlePoint(matrixGame({ matrix, columns, kernels }), { error: 0 })
    const expected = reproducibleMinimax.regularised(problem, center, factor * strength, 1e-12)
    const point = Float64Array.of(...found.min, ...found.max)
    return Margin.atMost(Vector.distance(point, expected), found.distance + 1e-9)
  },
  controls: [{ name: "a strength that is a tenth more", value: 1.1 }],
})
