/** Elementwise functions of networks: the twin of `assembly/activation.ts`, element by element. */
import * as Elementary from "../../Elementary.ts"

/** In the order of the numbers in `assembly/activation.ts`. */
export const names = ["identity", "relu", "tanh", "sigmoid", "softplus", "square", "cube"] as const

type Name = (typeof names)[number]

const tanh = (x: number): number => {
  const a = Math.abs(x)
  let size
  if (a < 0.625) {
    const z = a * a
    const p = (-0.9643991794250523 * z + -99.28772310019185) * z + -1614.6876844170845
    const q = ((z + 112.81167849163293) * z + 2235.4883906010045) * z + 4844.063053251255
    size = a + a * (z * (p / q))
  } else {
    size = 1 - 2 / (Elementary.exp(a + a) + 1)
  }
  return x < 0 || Object.is(x, -0) ? -size : size
}

/** 1 / (1 + e^-x), from e = e^-|x|. */
const sigmoid = (x: number, e: number): number => (x < 0 ? e : 1) / (1 + e)

/** log(1 + e) for 0 <= e <= 1. */
const log1p = (e: number): number => {
  const w = 1 + e
  return Elementary.log(w) - (w - 1 - e) / w
}

type Rule = (x: number) => readonly [value: number, slope: number]

const rules: Readonly<Record<Name, Rule>> = {
  identity: (x) => [x, 1],
  relu: (x) => (x <= 0 ? [0, 0] : [x, 1]),
  tanh: (x) => {
    const t = tanh(x)
    return [t, 1 - t * t]
  },
  sigmoid: (x) => {
    const e = Elementary.exp(-Math.abs(x))
    const d = 1 + e
    return [sigmoid(x, e), e / d / d]
  },
  softplus: (x) => {
    const e = Elementary.exp(-Math.abs(x))
    return [Math.max(x, 0) + log1p(e), sigmoid(x, e)]
  },
  square: (x) => [x * x, x + x],
  cube: (x) => [x * x * x, 3 * (x * x)],
}

interface Numbers {
  readonly length: number
  [index: number]: number
}

/** value = phi(x), slope = phi'(x); computed in float64 and rounded by the arrays. */
export const activate = (name: Name, x: Numbers, value: Numbers, slope: Numbers): void => {
  const rule = rules[name]
  for (let i = 0; i < x.length; i++) {
    const [v, s] = rule(x[i]!)
    value[i] = v
    slope[i] = s
  }
}
