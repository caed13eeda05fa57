/** Rows of a table with a header, as numbers, while they are read. */
import { Result } from "effect"
import { BadCell, BadHeader, EmptyCsv, type MissingColumn, RaggedRow } from "../CsvError.ts"

import * as Cell from "./Cell.ts"
import * as Header from "./Header.ts"
import { cellAt, type Columns, finiteAt } from "./typed/Columns.ts"
import type { Notation } from "./Notation.ts"

/** Positions by name, in the order of the file, from 0. */
export type Names = ReadonlyMap<string, number>

/** Selection of the rows to keep. */
export interface Choice<out Problem> {
  /** Numeric columns, in the order in which they are kept. */
  readonly numbers: ReadonlyArray<string>
  /** True if a cell may be empty, read as NaN. */
  readonly mayMiss?: boolean
  /** True if the rows are of a log: a missing value is NaN, and a diverged number, such as NaN or an infinity, is infinite. */
  readonly isLog?: boolean
  /** Takes the other requested columns of a row, or returns its problem. */
  readonly also?: (record: ReadonlyArray<string>, row: number) => Problem | undefined
}

export type RowsProblem = BadCell | BadHeader | MissingColumn | RaggedRow

/** Selects the content to keep, given columns and number format, or returns a problem. */
export type Choose<Problem> = (
  names: Names,
  notation: Notation,
) => Result.Result<Choice<Problem>, Problem>

/** Mutable. `choose` sees the header, which has no two columns with the same name. */
export class NamedRows<Problem> {
  readonly #path: string
  readonly #choose: Choose<Problem>
  #choice: (Choice<Problem> & { readonly width: number }) | undefined = undefined
  #kept: ReadonlyArray<number> = []
  #block = new Float64Array(1024)
  #used = 0
  /** Error of a header that ends with a delimiter, once a row has a cell there. */
  #nameless: BadHeader | undefined = undefined
  #notation: Notation = Cell.standard
  rows = 0

  constructor(path: string, choose: Choose<Problem>) {
    this.#path = path
    this.#choose = choose
  }

  /** Columns that are kept, available after the header. */
  get columns(): ReadonlyArray<string> | undefined {
    return this.#choice?.numbers
  }

  /** Receives the number format, before any record. */
  readonly begin = (notation: Notation): void => {
    this.#notation = notation
  }

  /** Takes a record that starts in this row, or returns its problem. */
  readonly add = (record: ReadonlyArray<string>, row: number): Problem | RowsProblem | undefined =>
    this.#choice === undefined ? this.#begin(record, row) : this.#append(record, row, this.#choice)

  /** Takes a row of typed columns, from 0, as the record that its cells would be. */
  readonly addRow = (
    columns: Columns["columns"],
    row: number,
  ): Problem | RowsProblem | undefined => {
    const choice = this.#choice
    if (choice === undefined || choice.also !== undefined || columns.length !== choice.width) {
      return this.add(
        columns.map((column) => cellAt(column, row)),
        row + 1,
      )
    }
    this.#makeRoom()
    for (let k = 0; k < this.#kept.length; k++) {
      const column = columns[this.#kept[k]!]!
      const number = finiteAt(column, row)
      const problem =
        number === undefined
          ? this.#appendCell(cellAt(column, row), row + 1, k, choice)
          : this.#push(number)
      if (problem !== undefined) return problem
    }
    this.rows++
    return undefined
  }

  #begin(first: ReadonlyArray<string>, row: number): Problem | BadHeader | undefined {
    const place = { path: this.#path, row }
    // a delimiter at the end of the line, as far as no row has a cell below it
    const isDelimited = first.length > 1 && first.at(-1) === ""
    const header = isDelimited ? first.slice(0, -1) : first
    const places = Header.placesOf(header, place)
    if (Result.isFailure(places)) return places.failure
    if (isDelimited) {
      this.#nameless = new BadHeader({ ...place, column: "", positions: [first.length] })
    }
    const names = places.success
    const chosen = this.#choose(names, this.#notation)
    if (Result.isFailure(chosen)) return chosen.failure
    this.#choice = { ...chosen.success, width: header.length }
    // where all are kept a million names need not be looked up
    this.#kept = chosen.success.numbers.map((name, k) =>
      header[k] === name ? k : names.get(name)!,
    )
    return undefined
  }

  #append(
    record: ReadonlyArray<string>,
    row: number,
    choice: Choice<Problem> & { readonly width: number },
  ): Problem | RowsProblem | undefined {
    const path = this.#path
    const { also, width } = choice
    const isLonger = record.length === width + 1
    if (isLonger && record[width] !== "" && this.#nameless !== undefined) return this.#nameless
    if (record.length !== width && !(isLonger && record[width] === "")) {
      return new RaggedRow({ path, row, expected: width, found: record.length })
    }
    this.#makeRoom()
    for (let k = 0; k < this.#kept.length; k++) {
      const problem = this.#appendCell(record[this.#kept[k]!]!, row, k, choice)
      if (problem !== undefined) return problem
    }
    this.rows++
    return also?.(record, row)
  }

  #push(number: number): undefined {
    this.#block[this.#used++] = number
  }

  #appendCell(
    cell: string,
    row: number,
    k: number,
    { isLog = false, mayMiss, numbers }: Choice<Problem>,
  ): BadCell | undefined {
    const number = Cell.toNumber(cell, this.#notation)
    if (isLog && (number === "not-finite" || Cell.isNonFinite(cell))) {
      return this.#push(Number.POSITIVE_INFINITY)
    }
    // a loss that ran away is as large as its digits, and no key
    if (isLog && number === "beyond-exact") return this.#push(Number(cell))
    if (typeof number === "number") return this.#push(number)
    if (number === "missing" && mayMiss === true) return this.#push(Number.NaN)
    return new BadCell({ path: this.#path, row, column: numbers[k]!, cell, reason: number })
  }

  #makeRoom(): void {
    const end = this.#used + this.#kept.length
    if (end <= this.#block.length) return
    const larger = new Float64Array(Math.max(end, 2 * this.#block.length))
    larger.set(this.#block)
    this.#block = larger
  }

  /** The rows since the last time, row-major, copied. */
  take(): Float64Array {
    const values = this.#block.slice(0, this.#used)
    this.#used = 0
    return values
  }

  /** Remaining rows, row-major, at the end of the table; or an error if there are none. */
  finish(): Result.Result<Float64Array, EmptyCsv> {
    const path = this.#path
    if (this.#choice === undefined) {
      return Result.fail(new EmptyCsv({ path, missing: "everything" }))
    }
    return this.rows === 0
      ? Result.fail(new EmptyCsv({ path, missing: "data" }))
      : Result.succeed(this.take())
  }
}
