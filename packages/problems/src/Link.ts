import * as Elementary from "@nonconvex/numerics/Elementary"

/** An even convex loss of one variable with `l''(0) = 1` and slopes in (-1, 1). */
export interface Link {
  readonly name: string
  readonly minimum: number
  readonly value: (s: number) => number
  readonly derivative: (s: number) => number
  readonly secondDerivative: (s: number) => number
}

/** Past this, 1 + s^2 rounds to s^2 after the root, and s^2 would overflow long after. */
const huge = 2 ** 28

const hypotenuse = (s: number): number => {
  const magnitude = Math.abs(s)
  return magnitude < huge ? Math.sqrt(1 + s * s) : magnitude
}

/** `sqrt(1 + s^2)`, for every finite s. */
export const sqrt1p: Link = {
  name: "sqrt(1 + s^2)",
  minimum: 1,
  value: hypotenuse,
  derivative: (s) => s / hypotenuse(s),
  secondDerivative: (s) => {
    const root = hypotenuse(s)
    return 1 / root / root / root
  },
}

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
