import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Link } from "../Link.ts"

/** `log cosh s` without overflow, and with full relative accuracy near 0, where it is about `s^2 / 2`. */
export const logCosh: Link = {
  name: "log cosh s",
  minimum: 0,
  value: (s) => {
    const magnitude = Math.abs(s)
    if (magnitude < 1) {
      const half = Elementary.sinh(0.5 * magnitude)
      return Elementary.log1p(2 * half * half)
    }
    return magnitude - Math.LN2 + Elementary.log1p(Elementary.exp(-2 * magnitude))
  },
  derivative: Elementary.tanh,
  secondDerivative: (s) => {
    // 1 - tanh^2 would cancel for large s
    const decay = Elementary.exp(-2 * Math.abs(s))
    return (4 * decay) / ((1 + decay) * (1 + decay))
  },
}
