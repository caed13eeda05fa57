import { Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
import { arrival } from "./Arrival.ts"
import type { Subject } from "./Subject.ts"

export const objective = scalarFactorisation()

/** Start with `2 x0 > y0 > x0`, and the corresponding learning rate `1 / (x0^2 + y0^2)`. */
export const expand = ({ slope: ratio, x }: Pick<Descent, "slope" | "x">) => ({
  start: Float64Array.of(x, ratio * x),
  eta: 1 / (x * x * (1 + ratio * ratio)),
})

export const besideDiagonal = Draw.record({
  x: Draw.logarithmic(10, 1),
  slope: Draw.linear(1.01, 1.1),
  /** The radius as a fraction of x0. */
  fraction: Draw.logarithmic(0.3, 0.1),
})

export type Descent = Draw.Drawn<typeof besideDiagonal>

/** Margin of "SAM comes a million times nearer to the origin within 40 / (eta rho^2) steps". */
export const originMargin = (subject: Subject, instance: Descent): Margin.Comparison => {
  const { eta, start } = expand(instance)
  const radius = instance.fraction * instance.x
  return arrival(subject.sam(radius, eta), objective, start, {
    budget: 40 / (eta * radius * radius),
    goal: 1e-6 * Vector.norm(start),
  })
}
