/** Summaries of tables of runs. */
import { Expectation } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"

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

/**
 * Tests whether compared runs end with training losses within 10 %, since other quantities are compared at equal loss.
 */
export const endAlike = <Row extends { readonly trainLoss: number }>(
  rows: ReadonlyArray<Row>,
  other: { readonly name: string; readonly of: (row: Row) => number },
) => {
  const spread = (values: ReadonlyArray<number>) =>
    Summary.largest(values) / Summary.smallest(values)
  return Expectation.atMost(
    "Largest / smallest final training loss",
    rows.length === 0 ? [] : spread(rows.map(({ trainLoss }) => trainLoss)),
    1.1,
    { control: other.name, observed: spread(rows.map(other.of)) },
  )
}

interface Forced {
  readonly raises: number
  readonly isHeld: boolean
}

/** Means of a field by the number of raises, over runs that are not controls. */
const byRaises = <Row extends Forced>(rows: ReadonlyArray<Row>, field: (row: Row) => number) => {
  const free = rows.filter(({ isHeld }) => !isHeld)
  return Summary.distinct(free.map(({ raises }) => raises)).map((raises) =>
    mean(free, field, (row) => row.raises === raises),
  )
}

/** Ratio of each mean to the mean at one raise fewer. */
export const overFewer = <Row extends Forced>(
  rows: ReadonlyArray<Row>,
  field: (row: Row) => number,
): ReadonlyArray<number> => {
  const means = byRaises(rows, field)
  return means.slice(1).map((value, k) => value / means[k]!)
}

/** Ratio of the mean at each number of raises to the mean without raises. */
export const overNone = <Row extends Forced>(
  rows: ReadonlyArray<Row>,
  field: (row: Row) => number,
): ReadonlyArray<number> => {
  const [none, ...means] = byRaises(rows, field)
  return means.map((value) => value / none!)
}

/** The control of a comparison by raises: the same schedule without its catapults, over no raise. */
export const heldOverNone = <Row extends Forced>(
  rows: ReadonlyArray<Row>,
  field: (row: Row) => number,
) => ({
  control: "the raises held below the critical rate",
  observed:
    mean(rows, field, ({ isHeld }) => isHeld) /
    mean(rows, field, ({ isHeld, raises }) => !isHeld && raises === 0),
})

/** Outcomes of the rows, each once. */
const outcomes = (rows: ReadonlyArray<{ readonly outcome: string }>): string =>
  Summary.distinct(rows.map(({ outcome }) => outcome)).join(", ")

/** Tests whether every run had this outcome. */
export const allEnd = <Row extends { readonly outcome: string }>(
  name: string,
  rows: ReadonlyArray<Row>,
  wanted: string,
  against: Expectation.Against<ReadonlyArray<Row>>,
) => Expectation.every(name, rows, ({ outcome }) => outcome === wanted, outcomes, wanted, against)

/** Tests whether every run interpolated: none diverged or ran out of steps. */
export const allFit = (rows: ReadonlyArray<{ readonly outcome: string }>) =>
  allEnd(
    "All runs reach the required training loss",
    rows,
    "fitted",
    Expectation.uncontrolled("only runs at this training loss are compared"),
  )
