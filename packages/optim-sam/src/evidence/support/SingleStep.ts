import { Draw } from "@nonconvex/evidence"
import { randomStronglyConvex } from "./RandomStronglyConvex.ts"

export const singleStep = Draw.record({
  problem: randomStronglyConvex(),
  radius: Draw.logarithmic(1, 1e-3),
  /** Learning rate times smoothness. */
  product: Draw.linear(1, 0.01),
})
