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

interface Numbers {
  readonly length: number
  [index: number]: number
}

/** Writes phi(x) and phi'(x) at index i, without allocating a pair for each element. */
type Rule = (x: number, value: Numbers, slope: Numbers, i: number) => void

const rules: Readonly<Record<Name, Rule>> = {
  identity: (x, value, slope, i) => {
    value[i] = x
    slope[i] = 1
  },
  relu: (x, value, slope, i) => {
    const isOff = x <= 0
    value[i] = isOff ? 0 : x
    slope[i] = isOff ? 0 : 1
  },
  tanh: (x, value, slope, i) => {
    const t = tanh(x)
    value[i] = t
    slope[i] = 1 - t * t
  },
  sigmoid: (x, value, slope, i) => {
    const e = Elementary.exp(-Math.abs(x))
    const d = 1 + e
    value[i] = sigmoid(x, e)
    slope[i] = e / d / d
  },
  softplus: (x, value, slope, i) => {
    const e = Elementary.exp(-Math.abs(x))
    value[i] = Math.max(x, 0) + log1p(e)
    slope[i] = sigmoid(x, e)
  },
  square: (x, value, slope, i) => {
    value[i] = x * x
    slope[i] = x + x
  },
  cube: (x, value, slope, i) => {
    value[i] = x * x * x
    slope[i] = 3 * (x * x)
  },
}

/** value = phi(x), slope = phi'(x); computed in float64 and rounded by the arrays. */
export const activate = (name: Name, x: Numbers, value: Numbers, slope: Numbers): void => {
  const rule = rules[name]
  for (let i = 0; i < x.length; i++) rule(x[i]!, value, slope, i)
}
