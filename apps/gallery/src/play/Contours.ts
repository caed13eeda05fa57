/** Contour lines of a function on a grid, as segments in units of the grid. */

interface Grid {
  readonly columns: number
  readonly rows: number
  /** Values at the corners, `columns + 1` by `rows + 1`, row by row. */
  readonly values: Float64Array
}

type Segment = readonly [fromX: number, fromY: number, toX: number, toY: number]

/** Values of a function at the corners of a grid over a box. */
export const gridOf = (
  value: (x: number, y: number) => number,
  { x, y }: { readonly x: readonly [number, number]; readonly y: readonly [number, number] },
  columns: number,
  rows: number,
): Grid => {
  const values = new Float64Array((columns + 1) * (rows + 1))
  for (let j = 0; j <= rows; j++) {
    for (let i = 0; i <= columns; i++) {
      values[j * (columns + 1) + i] = value(
        x[0] + (i / columns) * (x[1] - x[0]),
        y[1] - (j / rows) * (y[1] - y[0]),
      )
    }
  }
  return { columns, rows, values }
}

/** Segments of a level set: two ends in each crossed cell, four in a saddle cell. */
export const contour = ({ columns, rows, values }: Grid, level: number): ReadonlyArray<Segment> => {
  const segments: Array<Segment> = []
  const ends: Array<number> = []
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const at = j * (columns + 1) + i
      const [a, b, c, d] = [
        values[at]!,
        values[at + 1]!,
        values[at + columns + 2]!,
        values[at + columns + 1]!,
      ]
      ends.length = 0
      const cross = (from: number, to: number, x: number, y: number, dx: number, dy: number) => {
        if (from < level === to < level) return
        const part = (level - from) / (to - from)
        ends.push(x + part * dx, y + part * dy)
      }
      cross(a, b, i, j, 1, 0)
      cross(b, c, i + 1, j, 0, 1)
      cross(d, c, i, j + 1, 1, 0)
      cross(a, d, i, j, 0, 1)
      for (let k = 0; k + 3 < ends.length; k += 4) {
        segments.push([ends[k]!, ends[k + 1]!, ends[k + 2]!, ends[k + 3]!])
      }
    }
  }
  return segments
}
