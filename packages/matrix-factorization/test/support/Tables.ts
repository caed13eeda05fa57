/** Tables of known structure with missing entries. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import type { Table } from "../../src/index.ts"

/** Entries at these places, numbered row by row. */
export const tableAt = (
  rows: number,
  columns: number,
  places: Iterable<number>,
  value: (row: number, column: number) => number,
): Table => {
  const list = Uint32Array.from(places)
  const rowOf = list.map((at) => Math.floor(at / columns))
  const columnOf = list.map((at) => at % columns)
  const values = Float64Array.from(rowOf, (row, i) => value(row, columnOf[i]!))
  return { rows, columns, rowOf, columnOf, values }
}

/** Splits a table into seen and held-out entries; every row and column of a square one keeps its diagonal. */
export const split = (
  rows: number,
  columns: number,
  part: number,
  value: (row: number, column: number) => number,
) => {
  const stream = RandomStream.make(Seed.root(5))
  const isSeen = Array.from(
    { length: rows * columns },
    (_, at) => stream.uniform() < part || Math.floor(at / columns) % columns === at % columns,
  )
  const places = (seen: boolean) => [...isSeen.keys()].filter((at) => isSeen[at] === seen)
  return {
    seen: tableAt(rows, columns, places(true), value),
    held: tableAt(rows, columns, places(false), value),
  }
}

/** Ratings of 1 to 5: effects, a low-rank product, noise, and a few users and items with most of the ratings. */
export const ratings = (options: {
  readonly rows: number
  readonly columns: number
  readonly count: number
  readonly rank: number
  readonly seed: number
}) => {
  const { columns, count, rank, rows, seed } = options
  const stream = RandomStream.make(Seed.root(seed))
  const normals = (length: number, deviation: number) =>
    Float64Array.from({ length }, () => deviation * stream.normal())
  const [b, c] = [normals(rows, 0.4), normals(columns, 0.5)]
  const [u, v] = [normals(rows * rank, 1), normals(columns * rank, 0.6 / Math.sqrt(rank))]
  const seen = new Set<number>()
  while (seen.size < count) {
    const skewed = (length: number) => Math.floor(length * stream.uniform() ** 2)
    seen.add(skewed(rows) * columns + skewed(columns))
  }
  const value = (row: number, column: number) => {
    let sum = 3.5 + b[row]! + c[column]! + 0.8 * stream.normal()
    for (let k = 0; k < rank; k++) sum += u[row * rank + k]! * v[column * rank + k]!
    return Math.min(5, Math.max(1, Math.round(sum)))
  }
  const places = [...seen]
  return {
    seen: tableAt(
      rows,
      columns,
      places.filter((_, i) => i % 5 > 0),
      value,
    ),
    held: tableAt(
      rows,
      columns,
      places.filter((_, i) => i % 5 === 0),
      value,
    ),
  }
}
