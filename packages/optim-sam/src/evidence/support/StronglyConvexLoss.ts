import { Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../../theory/Theory.ts"
import * as Observe from "./Observe.ts"
import { expand, randomStronglyConvex } from "./RandomStronglyConvex.ts"
import type { Subject } from "./Subject.ts"

/** A run of 200 steps from a random start; `product` is the learning rate times the smoothness. */
export const runs = (product: ReturnType<typeof Draw.linear>) =>
  Draw.record({ problem: randomStronglyConvex(), product, radius: Draw.logarithmic(0.1, 1e-3) })

type StronglyConvexRun = Draw.Drawn<ReturnType<typeof runs>>

export const horizon = 200

/**
 * Margin of `L_t - L* <= factor^t (L_0 - L*) + floor` after each step; the minimum is 0. It makes no statement before the
 * first step.
 */
export const lossMargin = (
  subject: Subject,
  { problem, product, radius }: StronglyConvexRun,
  { kernels }: Given,
  bound: typeof Theory.stronglyConvexSam,
): Margin.Comparison => {
  const { alpha, beta, objective, start } = expand(problem, kernels)
  const eta = product / beta
  const { factor, floor } = bound(eta, radius, alpha, beta)
  const gradient = new Float64Array(start.length)
  const initial = objective.valueAndGradient(start, gradient)
  let margin = Margin.all()
  Observe.follow(subject.sam(radius, eta), objective, start, horizon, (point, t) => {
    if (t === 0) return
    const loss = objective.valueAndGradient(point, gradient)
    margin = Margin.all(
      margin,
      Margin.atMost(loss, Elementary.pow(factor, t) * initial + floor, 1e-9),
    )
  })
  return margin
}
