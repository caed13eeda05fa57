/** An even convex loss of one variable with `l''(0) = 1` and slopes in (-1, 1). */
export interface Link {
  readonly name: string
  readonly minimum: number
  readonly value: (s: number) => number
  readonly derivative: (s: number) => number
  readonly secondDerivative: (s: number) => number
}

/** Size above which 1 + s^2 rounds to s^2, far below overflow of s^2. */
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
