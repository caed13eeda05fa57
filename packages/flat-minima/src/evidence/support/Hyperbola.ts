/** Minima of `(x y - 1)^2 / 2`, where everything is known. */
import { Draw } from "@nonconvex/evidence"
import { scalarModel } from "../../problems/ScalarModel.ts"

export const hyperbola = scalarModel()

/** The minimum (x, 1 / x). */
export interface OnHyperbola {
  readonly x: number
  readonly seed: number
}
export const onHyperbola = Draw.record<OnHyperbola>({
  x: Draw.logarithmic(1, 2.5),
  seed: Draw.seed(),
})
