/** What tables of runs are summed up in. */
import { Expectation } from "@nonconvex/evidence"

/** The mean of a field over the rows that pass and have a finite one; NaN of none. */
export const mean = <Row>(
  rows: ReadonlyArray<Row>,
  field: (row: Row) => number,
  keep: (row: Row) => boolean = () => true,
): number => {
  const values = rows.filter(keep).map(field).filter(Number.isFinite)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The distinct values of a field, in order of appearance. */
export const distinct = <Row, Value>(
  rows: ReadonlyArray<Row>,
  field: (row: Row) => Value,
): Array<Value> => [...new Set(rows.map(field))]

/** The means of a field by the number of raises. */
export const byRaises = <Row extends { readonly raises: number }>(
  rows: ReadonlyArray<Row>,
  field: (row: Row) => number,
) =>
  distinct(rows, ({ raises }) => raises).map(
    (raises) => [`${raises} raises`, mean(rows, field, (row) => row.raises === raises)] as const,
  )

/** No run was lost, or ran out of steps. */
export const allFit = (rows: ReadonlyArray<{ readonly outcome: string }>) =>
  Expectation.that(
    "All runs end at the same training loss",
    rows.every(({ outcome }) => outcome === "fitted"),
    distinct(rows, ({ outcome }) => outcome).join(", "),
    "fitted",
  )
