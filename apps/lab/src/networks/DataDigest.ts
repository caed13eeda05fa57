/** Digest of the rows that a network was trained and tested on, before they were divided. */
import * as Dataset from "@nonconvex/datasets/Dataset"
import * as Frame from "@nonconvex/datasets/Frame"
import type * as Prepared from "@nonconvex/datasets/Prepared"
import * as Split from "@nonconvex/datasets/Split"
import { Effect } from "effect"

const ofColumn = (column: Frame.Column, rows: ReadonlyArray<number>) =>
  Dataset.sha256(
    column._tag === "Numbers"
      ? Float64Array.from(rows, (row) => column.values[row]!)
      : JSON.stringify(rows.map((row) => Frame.word(column, row) ?? null)),
  )

/**
 * SHA-256, in hexadecimal, of the rows of a file that have a target: this and the columns that became features, in the order of
 * the rows. Of a bundled set, of both of its parts. Independent of the division of the rows.
 */
export const of = Effect.fn("DataDigest.of")(function* (data: Prepared.Prepared) {
  if (data.file === undefined) return yield* Split.digest(data)
  const { learned, whole } = data.file
  const names = [whole.column.name, ...learned.encoder.map(({ column }) => column)]
  const digests = yield* Effect.forEach(names, (name) =>
    ofColumn(whole.frame.columns.get(name)!, whole.rows),
  )
  return yield* Dataset.sha256(JSON.stringify([names, digests]))
})
