import * as Elementary from "@nonconvex/numerics/Elementary"

/** A number and its standard error. */
export interface Estimate {
  readonly estimate: number
  readonly standardError: number
}

/** Mean of independent samples with its standard error; Infinity for a single sample. */
export const meanOf = (samples: ReadonlyArray<number>): Estimate => {
  const { length } = samples
  const estimate = samples.reduce((sum, value) => sum + value, 0) / length
  const square = samples.reduce((sum, value) => sum + Elementary.square(value - estimate), 0)
  return {
    estimate,
    standardError:
      length < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(square / (length - 1) / length),
  }
}
