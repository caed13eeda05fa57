/** Means over the runs of a table. */

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
