/** Minima of `(x y - 1)^2 / 2`, where everything has a closed form. */
import { Draw } from "@nonconvex/evidence"
import { scalarModel } from "../../problems/ScalarModel.ts"

export const hyperbola = scalarModel()

/** The minimum (x, 1 / x). */
export const onHyperbola = Draw.record({ x: Draw.logarithmic(1, 2.5), seed: Draw.seed() })
