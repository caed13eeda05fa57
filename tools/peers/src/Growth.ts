/** How the time of work grows with its size. */

/** A size of a family of cases and the seconds of a run of it. */
export interface Timed {
  readonly size: number
  readonly seconds: number
}

/** The power of the size that the time goes by: the slope of the least squares line of log seconds over log sizes; NaN of fewer than two sizes. */
export const slope = (points: ReadonlyArray<Timed>): number => {
  const x = points.map(({ size }) => Math.log(size))
  const y = points.map(({ seconds }) => Math.log(seconds))
  const mean = (values: ReadonlyArray<number>) =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [middle, level] = [mean(x), mean(y)]
  const along = x.reduce((sum, value, i) => sum + (value - middle) * (y[i]! - level), 0)
  return along / x.reduce((sum, value) => sum + (value - middle) ** 2, 0)
}
