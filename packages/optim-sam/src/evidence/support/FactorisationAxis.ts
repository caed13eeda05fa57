import { Draw } from "@nonconvex/evidence"
import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
import type { Subject } from "./Subject.ts"
import { within } from "./Within.ts"

const objective = scalarFactorisation()

export const onAxis = Draw.record({
  /** Initial height y0 of SAM near the axis x = 0. */
  height: Draw.logarithmic(1, 20),
  /** `eta y0^2`: the learning rate in units of the curvature. */
  product: within([1, 0.01], [1, 1.2]),
  /** `rho / y0`. */
  radius: Draw.logarithmic(0.02, 1e-3),
})

type OnAxis = Draw.Drawn<typeof onAxis>

export const begin = (subject: Subject, { height, product, radius }: OnAxis) => {
  const rho = radius * height
  const eta = product / (height * height)
  const method = subject.sam(rho, eta)
  const state = method.init(objective, Float64Array.of((rho * product) / 2, height))
  return { eta, rho, method, state }
}
