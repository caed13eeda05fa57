import { Draw } from "@nonconvex/evidence"

export const point = Draw.record({
  activation: Draw.oneOf("cubic", "sinh"),
  slope: Draw.logarithmic(1, 0.01),
  z: Draw.logarithmic(1, 1e-3).chain((scale) => Draw.oneOf(scale, 30 * scale)),
  isNegative: Draw.oneOf(false, true),
})
