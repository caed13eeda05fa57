/** Test rows that the network of `--from` may have seen in its earlier training. */
import * as Prepared from "@nonconvex/datasets/Prepared"
import { Effect, Schema } from "effect"
import * as DataDigest from "../../networks/DataDigest.ts"
import type { Made } from "../../networks/SavedNetwork.ts"
import * as Table from "../../cli/TextTable.ts"

export const SeenRows = Schema.Struct({
  /** Number of test rows that may have been seen. */
  rows: Schema.Int,
  /** Their first lines in the file, if it is known which ones they are. */
  lines: Schema.Array(Schema.Int),
  because: Schema.String,
})
export type SeenRows = typeof SeenRows.Type

/** Maximum number of lines in the report. */
const mostLines = 20

const all = ({ test }: Prepared.Prepared, because: string): SeenRows => ({
  rows: test.samples,
  lines: [],
  because,
})

/** All test rows, because a file of another program does not say what it was trained on. */
export const ofForeign = (data: Prepared.Prepared): SeenRows =>
  all(data, "the file does not record the rows on which it was trained")

/** Test rows now that were training rows when the network was made; undefined if there are none. */
export const ofSaved = Effect.fn("SeenRows.ofSaved")(function* (
  made: Made | undefined,
  data: Prepared.Prepared,
) {
  if (made?.digest === undefined)
    return all(data, "an older version saved it, without a digest of its rows")
  if (made.testRowsSeen === true) return all(data, "a training before the last one had used them")
  if (made.digest !== (yield* DataDigest.of(data)))
    return all(data, "it was trained on a file with different rows")
  const { file } = data
  if (file === undefined) return undefined
  const { places, whole } = file
  const { seed, testFraction = Prepared.usualTestFraction } = made
  const earlier = yield* Effect.fromResult(Prepared.placesOf(whole, { seed, testFraction }))
  const heldOut = new Set(earlier.test)
  const seen = places.test.filter((i) => !heldOut.has(i))
  if (seen.length === 0) return undefined
  const lines = seen.slice(0, mostLines).map((i) => whole.frame.lines[whole.rows[i]!]!)
  const because = `it was trained with --seed ${seed} --test-fraction ${testFraction}, which split the rows differently`
  return { rows: seen.length, lines, because } satisfies SeenRows
})

/** The warning for a reader. */
export const render = ({ because, lines, rows }: SeenRows, of: number): string => {
  const which =
    lines.length === 0
      ? ""
      : ` (lines ${lines.join(", ")}${rows > lines.length ? " and more" : ""} of the file)`
  return `warning    ${rows} of ${Table.plural(of, "test row")}${which} may have been in the earlier training of --from: ${because}; their error may be too small, so test on new rows`
}
