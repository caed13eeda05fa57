/** Power laws, fitted on logarithmic scales. */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** The slope of the line of least squares through (log x, log y): p for y = c x^p. NaN where fewer than two x differ. */
export const slope = (points: ReadonlyArray<readonly [x: number, y: number]>): number => {
  const logs = points.map(([x, y]) => [Elementary.log(x), Elementary.log(y)] as const)
  const mean = (at: 0 | 1) => logs.reduce((sum, each) => sum + each[at], 0) / logs.length
  const [mx, my] = [mean(0), mean(1)]
  const above = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0)
  return above / logs.reduce((sum, [x]) => sum + Elementary.square(x - mx), 0)
}
