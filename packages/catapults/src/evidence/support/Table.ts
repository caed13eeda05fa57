/** What tables of runs are summed up in. */
import { Expectation, Summary } from "@nonconvex/evidence"

/** The mean of a field over the rows that pass (default all) and have a finite one; NaN of none. */
export const mean = <Row>(
  rows: ReadonlyArray<Row>,
  field: (row: Row) => number,
  keep: (row: Row) => boolean = () => true,
): number => Summary.mean(rows.filter(keep).map(field).filter(Number.isFinite))

/** The largest loss of a run; NaN of no rows. */
export const peak = (rows: ReadonlyArray<{ readonly loss: number }>): number =>
  Summary.largest(rows.map(({ loss }) => loss))

/** `1 raise`, `2 raises`. */
export const raisesInWords = (raises: number): string =>
  `${raises} ${raises === 1 ? "raise" : "raises"}`

/** The means of a field by the number of raises. */
export const byRaises = <Row extends { readonly raises: number }>(
  rows: ReadonlyArray<Row>,
  field: (row: Row) => number,
) =>
  Summary.distinct(rows.map(({ raises }) => raises)).map(
    (raises) => [`${raises} raises`, mean(rows, field, (row) => row.raises === raises)] as const,
  )

/** How the rows ended, each once. */
const outcomes = (rows: ReadonlyArray<{ readonly outcome: string }>): string =>
  Summary.distinct(rows.map(({ outcome }) => outcome)).join(", ")

/** Every run ended so. */
export const allEnd = (
  name: string,
  rows: ReadonlyArray<{ readonly outcome: string }>,
  wanted: string,
) => Expectation.every(name, rows, ({ outcome }) => outcome === wanted, outcomes, wanted)

/** No run was lost, or ran out of steps. */
export const allFit = (rows: ReadonlyArray<{ readonly outcome: string }>) =>
  allEnd("All runs end at the same training loss", rows, "fitted")
