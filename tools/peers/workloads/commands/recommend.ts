/**
 * The command `complete --implicit` on drawn counts: rows with a few topics, columns of a long tail, and a few rows with most of
 * the events.
 */
import { chooseImplicit, recommendImplicit, type Table } from "@nonconvex/matrix-factorization"
import { numbers } from "../../src/Numbers.ts"
import type { Case, Parameters, Work, Workload } from "../../src/Workload.ts"

const topics = 12
const top = 10

/** Four fifths of the cells with their counts, and the fifth that is held out; the Python side makes the same. */
const counts = ({ columns = 0, events = 0, rows = 0 }: Parameters) => {
  const uniform = (count: number, salt: number) => numbers(count, salt).map((u) => u + 0.5)
  const [who, kind, which] = [1, 2, 3].map((salt) => uniform(events, salt))
  const topicsOf = uniform(3 * rows, 4).map((u) => Math.floor(topics * u))
  const seen = new Map<number, number>()
  for (let k = 0; k < events; k++) {
    const row = Math.floor(rows * who![k]! * who![k]!)
    const u = which![k]!
    const place = Math.floor(columns * (u * u * u))
    // a sixth of the events are of what is popular everywhere, half of the first topic of the row, a third of two others
    const choice = Math.floor(6 * kind![k]!)
    const topic = choice < 1 ? 0 : 1 + topicsOf[3 * row + (choice < 4 ? 0 : choice - 3)]!
    // a topic is an order of the columns: those that come first in it are frequent there
    const column = (place * (2 * topic + 1) + 61 * topic * topic) % columns
    const at = row * columns + column
    seen.set(at, (seen.get(at) ?? 0) + 1)
  }
  const places = Uint32Array.from(seen.keys())
  const values = Float64Array.from(seen.values())
  const table = (isHeld: boolean): Table => {
    const kept = Uint32Array.from(places.keys()).filter((i) => (i % 5 === 0) === isHeld)
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

/** Precision and NDCG of lists over the rows that have a held-out cell. */
const quality = (held: Table, lists: ReadonlyArray<Uint32Array>): readonly [number, number] => {
  const sets = Array.from({ length: held.rows }, () => new Set<number>())
  held.rowOf.forEach((row, i) => sets[row]!.add(held.columnOf[i]!))
  let [judged, precision, ndcg] = [0, 0, 0]
  sets.forEach((set, row) => {
    if (set.size === 0) return
    judged++
    let [hits, gain, ideal] = [0, 0, 0]
    for (let k = 0; k < top; k++) {
      const discount = 1 / Math.log2(k + 2)
      if (set.has(lists[row]![k]!)) {
        hits++
        gain += discount
      }
      if (k < set.size) ideal += discount
    }
    precision += hits / top
    ndcg += gain / ideal
  })
  return [ndcg / judged, precision / judged]
}

const listed = (parameters: Parameters): Work => {
  const { held, seen } = counts(parameters)
  const rows = Uint32Array.from({ length: seen.rows }, (_, row) => row)
  let found: ReadonlyArray<number> = []
  return {
    run: () => {
      const { model } = chooseImplicit(seen)
      const { columnOf, starts } = recommendImplicit(seen, model, { top, rows }).lists
      const each = Array.from(rows, (row) => columnOf.subarray(starts[row], starts[row + 1]))
      found = [...quality(held, each), model.rank]
    },
    result: () => found,
  }
}

const sized = (rows: number, columns: number, events: number): Case => {
  const [high, wide, many] = [rows, columns, events].map((count) => count.toLocaleString("en"))
  return {
    name: `${high} x ${wide}, ${many} events`,
    parameters: { rows, columns, events },
    family: { work: "lists from counts", by: "events", size: events },
    figures: ["NDCG@10", "precision@10", "rank"],
  }
}

export const workload: Workload = {
  cases: [
    sized(400, 601, 20_000),
    sized(943, 1681, 100_000),
    { ...sized(6000, 4001, 1_000_000), isLong: true },
  ],
  implementations: [{ name: "complete --implicit", own: true, prepare: listed }],
}
