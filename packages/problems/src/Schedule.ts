/** A hyper-parameter as a function of the step, counted from 0. */
export type Schedule = (step: number) => number

export const constant =
  (value: number): Schedule =>
  () =>
    value

/** A number stands for the schedule that is constant. */
export const from = (value: number | Schedule): Schedule =>
  typeof value === "number" ? constant(value) : value

/** Half a cosine from `initial` down to 0 over `steps` steps, then 0. */
export const cosine =
  (initial: number, steps: number): Schedule =>
  (step) =>
    step >= steps ? 0 : (initial / 2) * (1 + Math.cos((Math.PI * step) / steps))

/** `initial` multiplied by `factor` at each of the given steps. */
export const piecewise =
  (initial: number, factor: number, at: ReadonlyArray<number>): Schedule =>
  (step) =>
    initial * factor ** at.filter((milestone) => step >= milestone).length
