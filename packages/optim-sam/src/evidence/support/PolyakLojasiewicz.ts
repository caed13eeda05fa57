import { Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../../theory/Theory.ts"
import * as Observe from "./Observe.ts"
import { expandPl, randomPl } from "./RandomLoss.ts"
import type { Subject } from "./Subject.ts"

export const horizon = 200

/**
 * Margin of `L_t <= factor^t L_0 + floor` from step 1 on; the minimum is 0.
 *
 * The comparison stops at 1e-10 times the larger of L_0 and the losses of the targets, which are of order 1. In rank 1 the
 * bound is attained. Below that, the accumulated rounding of the residuals exceeds 1e-9.
 */
export const contractionMargin = (
  method: ReturnType<Subject["sam"]>,
  { objective, start }: Pick<ReturnType<typeof expandPl>, "objective" | "start">,
  { factor, floor }: Theory.Contraction,
): Margin.Comparison => {
  const gradient = new Float64Array(start.length)
  const initial = objective.valueAndGradient(start, gradient)
  let margin = Margin.holds(true)
  Observe.follow(method, objective, start, horizon, (point, t) => {
    if (t === 0) return undefined
    const loss = objective.valueAndGradient(point, gradient)
    if (loss < 1e-10 * Math.max(1, initial)) return "stop"
    margin = Margin.all(
      margin,
      Margin.atMost(loss, Elementary.pow(factor, t) * initial + floor, 1e-9),
    )
    return undefined
  })
  return margin
}

export const usamRun = Draw.record({
  problem: randomPl(),
  product: Draw.linear(1, 0.01),
  /** Radius times smoothness. */
  relativeRadius: Draw.linear(0.98, 0.01),
})
