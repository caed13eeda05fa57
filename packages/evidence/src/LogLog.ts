/** Logarithmic scales: grids of experiments, and the power laws fitted on them. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"

/**
 * Integers from 1 to `last`, about `perDecade` in each decade, each once, ascending, with the last one. Throws InvalidInput
 * unless `last` is an integer of at least 1 and `perDecade` is positive.
 */
export const decades = (last: number, perDecade: number): ReadonlyArray<number> => {
  Require.count("LogLog.decades", "last", last)
  Require.positive("LogLog.decades", "perDecade", perDecade)
  const found = new Set<number>()
  for (let k = 0; Elementary.pow(10, k / perDecade) < last; k++)
    found.add(Math.round(Elementary.pow(10, k / perDecade)))
  found.add(last)
  return [...found].filter((n) => n <= last)
}

/** The slope of the line of least squares through (log x, log y): p for y = c x^p. NaN where fewer than two x differ. */
export const slope = (points: ReadonlyArray<readonly [x: number, y: number]>): number => {
  const logs = points.map(([x, y]) => [Elementary.log(x), Elementary.log(y)] as const)
  const mean = (at: 0 | 1) => logs.reduce((sum, each) => sum + each[at], 0) / logs.length
  const [mx, my] = [mean(0), mean(1)]
  const above = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0)
  return above / logs.reduce((sum, [x]) => sum + Elementary.square(x - mx), 0)
}
