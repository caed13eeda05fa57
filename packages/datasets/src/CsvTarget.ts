/** The target column of a CSV file: labels of classes, or real values. */
import { Result } from "effect"
import { isMissing, toNumber } from "./internal/Cell.ts"
import { BadCell, SingleClass } from "./CsvError.ts"

import type { Classification, Regression, Target } from "./Dataset.ts"
import type { Notation } from "./internal/Notation.ts"

/** Column of the target, and the conversion of its cells. */
export interface CsvTarget<out T extends Target> {
  readonly column: string
  readonly collect: (path: string, notation: Notation) => TargetCells<T>
}

/** The target cells of one file so far. */
export interface TargetCells<out T extends Target> {
  readonly add: (cell: string, row: number) => BadCell | undefined
  readonly finish: () => Result.Result<T, BadCell | SingleClass>
}

/** One real number per row. */
export const values = (column: string): CsvTarget<Regression> => ({
  column,
  collect: (path, notation) => {
    const numbers: Array<number> = []
    return {
      add: (cell, row) => {
        const number = toNumber(cell, notation)
        if (typeof number !== "number") {
          return new BadCell({ path, row, column, cell, reason: number })
        }
        numbers.push(number)
        return undefined
      },
      finish: () => Result.succeed({ _tag: "Regression", values: Float64Array.from(numbers) }),
    }
  },
})

export interface LabelOptions {
  /**
   * Classes in the order of their indices; default those found in the file. For test data, give those of the training data.
   * Also allows a class called "none" or "NA", which otherwise mark a missing value.
   */
  readonly classes?: ReadonlyArray<string>
}

/**
 * Name or integer of a class in each row.
 *
 * Integers become classes in the order of their values ("1", "01" and "1.0" are the same class), names in the order of their
 * code units. A column with both is treated as names.
 */
export const labels = (
  column: string,
  { classes }: LabelOptions = {},
): CsvTarget<Classification> => ({
  column,
  collect: (path, notation) => {
    const cells: Array<LabelCell> = []
    return {
      add: (cell, row) => {
        if (isMissing(cell) && !classes?.includes(cell)) {
          return new BadCell({ path, row, column, cell, reason: "missing" })
        }
        cells.push({ cell, row })
        return undefined
      },
      finish: () =>
        classes === undefined
          ? inferClasses(cells, { path, column, notation })
          : matchClasses(cells, classes, { path, column, notation }),
    }
  },
})

interface LabelCell {
  readonly cell: string
  readonly row: number
}

interface Place {
  readonly path: string
  readonly column: string
  readonly notation: Notation
}

const inferClasses = (cells: ReadonlyArray<LabelCell>, { path, column, notation }: Place) => {
  const numbers = cells.map(({ cell }) => toNumber(cell, notation))
  const areNumbers = numbers.every((number) => typeof number === "number")
  const fraction = areNumbers ? numbers.findIndex((number) => !Number.isSafeInteger(number)) : -1
  if (fraction >= 0) {
    const { cell, row } = cells[fraction]!
    return Result.fail(new BadCell({ path, row, column, cell, reason: "not-an-integer-class" }))
  }
  const names = areNumbers ? numbers.map(String) : cells.map(({ cell }) => cell)
  const distinct = [...new Set(names)]
  const classes = areNumbers
    ? distinct.toSorted((a, b) => Number(a) - Number(b))
    : distinct.toSorted()
  return classes.length === 1
    ? Result.fail(new SingleClass({ path, column, class: classes[0]! }))
    : Result.succeed(indexed(names, classes))
}

const matchClasses = (
  cells: ReadonlyArray<LabelCell>,
  classes: ReadonlyArray<string>,
  { path, column, notation }: Place,
): Result.Result<Classification, BadCell> => {
  const known = new Set(classes)
  const names = cells.map(({ cell }) => {
    const number = toNumber(cell, notation)
    return known.has(cell) || typeof number !== "number" ? cell : String(number)
  })
  const stranger = names.findIndex((name) => !known.has(name))
  if (stranger < 0) return Result.succeed(indexed(names, classes))
  const { cell, row } = cells[stranger]!
  return Result.fail(new BadCell({ path, row, column, cell, reason: "not-a-class" }))
}

const indexed = (names: ReadonlyArray<string>, classes: ReadonlyArray<string>): Classification => {
  const index = new Map(classes.map((name, c) => [name, c]))
  return {
    _tag: "Classification",
    labels: Int32Array.from(names, (name) => index.get(name)!),
    classes,
  }
}
