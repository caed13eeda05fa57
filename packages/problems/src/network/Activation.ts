/** An elementwise function between layers, applied to the first `count` elements of arrays. */
export interface Activation {
  readonly name: string
  /** Writes `sigma(z)` into `value` and `sigma'(z)` into `slope`. */
  apply(z: Float64Array, value: Float64Array, slope: Float64Array, count: number): void
  /** Writes `sigma''(z)` into `bend`, from what `apply` wrote. */
  applyBend(value: Float64Array, slope: Float64Array, bend: Float64Array, count: number): void
}

/** `max(z, 0)`, with slope 0 at 0 and second derivative 0 everywhere. */
export const relu: Activation = {
  name: "relu",
  apply: (z, value, slope, count) => {
    for (let i = 0; i < count; i++) {
      const on = z[i]! > 0
      value[i] = on ? z[i]! : 0
      slope[i] = on ? 1 : 0
    }
  },
  applyBend: (_value, _slope, bend, count) => {
    bend.fill(0, 0, count)
  },
}

export const tanh: Activation = {
  name: "tanh",
  apply: (z, value, slope, count) => {
    for (let i = 0; i < count; i++) {
      const t = Math.tanh(z[i]!)
      value[i] = t
      slope[i] = 1 - t * t
    }
  },
  applyBend: (value, slope, bend, count) => {
    for (let i = 0; i < count; i++) bend[i] = -2 * value[i]! * slope[i]!
  },
}

/** No activation: a linear network, whose loss is a product of matrices. */
export const identity: Activation = {
  name: "identity",
  apply: (z, value, slope, count) => {
    for (let i = 0; i < count; i++) {
      value[i] = z[i]!
      slope[i] = 1
    }
  },
  applyBend: (_value, _slope, bend, count) => {
    bend.fill(0, 0, count)
  },
}
