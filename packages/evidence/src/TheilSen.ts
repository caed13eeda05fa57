import * as Summary from "./Summary.ts"

/** Slope by Theil and Sen: the median of the slopes of all pairs. */
export const medianSlope = (points: ReadonlyArray<readonly [x: number, y: number]>): number =>
  Summary.median(
    points.flatMap(([x, y], at) => points.slice(at + 1).map(([x2, y2]) => (y2 - y) / (x2 - x))),
  )
