import { Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Observe from "./Observe.ts"
import { randomQuadratic } from "./RandomStronglyConvex.ts"
import { within } from "./Within.ts"

export const nearThreshold = Draw.record({
  problem: randomQuadratic(),
  radius: Draw.logarithmic(1, 1e-3),
  /** Learning rate or radius as a multiple of the threshold. */
  multiple: within([1.5, 1.01], [0.5, 0.99]),
})

export const horizon = 3000

/** Runs for 3,000 steps, or until the distance has grown a millionfold; returns `|w_t| / |w_0|` at the end. */
export const growth = (method: Method, objective: Objective, start: Float64Array) => {
  const initial = Vector.norm(start)
  let last = { ratio: 1, steps: 0 }
  Observe.follow(method, objective, start, horizon, (point, steps) => {
    last = { ratio: Vector.norm(point) / initial, steps }
    return last.ratio > 1e6 ? "stop" : undefined
  })
  return last
}

/** Margin of "diverges above the threshold, and stays below `ceiling` under it". */
export const side = (
  { ratio, steps }: ReturnType<typeof growth>,
  multiple: number,
  ceiling = 1,
) => {
  if (multiple < 1)
    return Margin.of("distance / distance at the start", Margin.atMost(ratio, ceiling))
  return ratio > 1e6
    ? Margin.of("number of steps to a millionfold distance", Margin.atMost(steps, horizon))
    : Margin.of("distance / distance at the start", Margin.atLeast(ratio, 1e6))
}
