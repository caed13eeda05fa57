import { Draw } from "@nonconvex/evidence"

/** delta is 10^-digits. */
export const asked = (epsilon = Draw.logarithmic(100, 1e-3)) =>
  Draw.record({ epsilon, digits: Draw.logarithmic(300, 0.31) })
