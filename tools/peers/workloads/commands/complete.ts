/** The command `complete` on ratings of 1 to 5 like those of MovieLens: effects, low rank, noise, and few users and items with most of them. */
import {
  completeTable,
  errorAt,
  fitTable,
  predict,
  type Table,
} from "@nonconvex/matrix-factorization"
import { numbers } from "../../src/Numbers.ts"
import type { Case, Parameters, Work, Workload } from "../../src/Workload.ts"

/** Uniform numbers of this deviation. */
const spread = (count: number, salt: number, deviation: number): Float64Array =>
  numbers(count, salt).map((u) => u * Math.sqrt(12) * deviation)

/** Sums of four such numbers, near normal. */
const noises = (count: number, salt: number, deviation: number): Float64Array => {
  const parts = [0, 1, 2, 3].map((k) => spread(count, salt + k, deviation / 2))
  return parts[0]!.map((x, i) => x + parts[1]![i]! + parts[2]![i]! + parts[3]![i]!)
}

/** Four fifths of the ratings, and the fifth that is held out; the Python side makes the same. */
const ratings = ({ columns = 0, count = 0, rank = 0, rows = 0, strength = 0 }: Parameters) => {
  const skewed = (length: number, salt: number) =>
    Uint32Array.from(numbers(3 * count, salt), (u) => Math.floor(length * (u + 0.5) ** 2))
  const [drawnRows, drawnColumns] = [skewed(rows, 1), skewed(columns, 2)]
  const seen = new Set<number>()
  for (let k = 0; seen.size < count && k < 3 * count; k++) {
    seen.add(drawnRows[k]! * columns + drawnColumns[k]!)
  }
  const [b, c] = [spread(rows, 3, 0.4), spread(columns, 4, 0.5)]
  const [u, v] = [spread(rows * rank, 5, 1), spread(columns * rank, 6, strength / Math.sqrt(rank))]
  const noise = noises(seen.size, 7, 0.85)
  const places = Uint32Array.from(seen)
  const values = Float64Array.from(places, (at, i) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    let value = 3.5 + b[row]! + c[column]! + noise[i]!
    for (let k = 0; k < rank; k++) value += u[row * rank + k]! * v[column * rank + k]!
    return Math.min(5, Math.max(1, Math.floor(value + 0.5)))
  })
  const table = (isHeld: boolean): Table => {
    const kept = Uint32Array.from(places.keys()).filter((i) => (i % 6 === 0) === isHeld)
    return {
      rows,
      columns,
      rowOf: kept.map((i) => Math.floor(places[i]! / columns)),
      columnOf: kept.map((i) => places[i]! % columns),
      values: Float64Array.from(kept, (i) => values[i]!),
    }
  }
  return { seen: table(false), held: table(true) }
}

const completed = (parameters: Parameters): Work => {
  const { held, seen } = ratings(parameters)
  let found: ReadonlyArray<number> = []
  return {
    run: () => {
      const { fit, validation } = completeTable(seen)
      const error = errorAt((row, column) => predict(fit, row, column), held)
      found = [error, validation.error, fit.rank]
    },
    result: () => found,
  }
}

/** A number a row and a column and nothing else, with the ridge that the Python side has. */
const effects = (parameters: Parameters): Work => {
  const { held, seen } = ratings(parameters)
  let found: ReadonlyArray<number> = []
  return {
    run: () => {
      const fit = fitTable(seen, {
        kind: "effects",
        rank: 0,
        penalty: Infinity,
        weighting: 0,
        ridge: [5, 5],
      })
      found = [errorAt((row, column) => predict(fit, row, column), held), Number.NaN, fit.rank]
    },
    result: () => found,
  }
}

const figures = ["held-out RMSE", "RMSE that it expects", "rank"]

/** Ratings whose rank stands out little. */
const weak = (rows: number, columns: number, seen: number): Case => {
  const [high, wide, many] = [rows, columns, seen].map((count) => count.toLocaleString("en"))
  return {
    name: `${high} x ${wide}, ${many} ratings, weak rank 8`,
    parameters: { rows, columns, count: 1.2 * seen, rank: 8, strength: 0.45 },
    family: { work: "completion of weak rank 8", by: "ratings", size: seen },
    figures,
  }
}

export const workload: Workload = {
  cases: [
    {
      name: "400 x 300, 2,106 ratings",
      parameters: { rows: 400, columns: 300, count: 2527, rank: 4, strength: 0.4 },
      figures,
    },
    ...(
      [
        [300, 532, 10_000],
        [520, 920, 31_000],
        [943, 1682, 100_000],
      ] as const
    ).map(([rows, columns, seen]) => weak(rows, columns, seen)),
    {
      name: "943 x 1,682, 100,000 ratings, rank 6",
      parameters: { rows: 943, columns: 1682, count: 120_000, rank: 6, strength: 0.6 },
      figures,
    },
    { ...weak(6000, 4000, 1_000_000), isLong: true },
  ],
  implementations: [
    { name: "complete", own: true, prepare: completed },
    { name: "effects alone", own: true, prepare: effects },
  ],
}
