/** Collects the records of a CSV file into a data set, row by row. */
import { Result } from "effect"
import { toNumber } from "./CsvCell.ts"
import { choose, type Columns, type FeatureChoice } from "./CsvColumns.ts"
import { BadCell, EmptyCsv, RaggedRow, type CsvError } from "./CsvError.ts"
import type { CsvTarget, TargetCells } from "./CsvTarget.ts"
import type { Dataset, Provenance, Target } from "./Dataset.ts"

export interface TableOptions<out T extends Target> extends FeatureChoice {
  readonly target: CsvTarget<T>
  readonly name: string
  readonly provenance: Provenance
}

/** Mutable. */
export class CsvTable<T extends Target> {
  readonly #path: string
  readonly #options: TableOptions<T>
  #columns: Columns | undefined = undefined
  readonly #rows: Array<Float64Array> = []
  readonly #targets: TargetCells<T>

  constructor(path: string, options: TableOptions<T>) {
    this.#path = path
    this.#options = options
    this.#targets = options.target.collect(path)
  }

  /** Takes a record that starts in this row, or says what is wrong with it. */
  add(record: ReadonlyArray<string>, row: number): CsvError | undefined {
    return this.#columns === undefined
      ? this.#addHeader(record, row)
      : this.#addRow(record, row, this.#columns)
  }

  #addHeader(record: ReadonlyArray<string>, row: number): CsvError | undefined {
    const path = this.#path
    const columns = choose(record, this.#options.target.column, this.#options, { path, row })
    if (Result.isFailure(columns)) return columns.failure
    this.#columns = columns.success
    return undefined
  }

  #addRow(
    record: ReadonlyArray<string>,
    row: number,
    { header, features, target }: Columns,
  ): CsvError | undefined {
    const path = this.#path
    if (record.length !== header.length) {
      return new RaggedRow({ path, row, expected: header.length, found: record.length })
    }
    const numbers = new Float64Array(features.length)
    for (let k = 0; k < features.length; k++) {
      const j = features[k]!
      const number = toNumber(record[j]!)
      if (typeof number !== "number") {
        return new BadCell({ path, row, column: header[j]!, cell: record[j]!, reason: number })
      }
      numbers[k] = number
    }
    this.#rows.push(numbers)
    return this.#targets.add(record[target]!, row)
  }

  /** The data set of all records added, or what is wrong with them. */
  finish(): Result.Result<Dataset<T>, CsvError> {
    const path = this.#path
    const columns = this.#columns
    const rows = this.#rows
    if (columns === undefined) return Result.fail(new EmptyCsv({ path, missing: "everything" }))
    if (rows.length === 0) return Result.fail(new EmptyCsv({ path, missing: "data" }))
    const dimension = columns.features.length
    const features = new Float64Array(rows.length * dimension)
    rows.forEach((numbers, i) => features.set(numbers, i * dimension))
    return Result.map(this.#targets.finish(), (target) => ({
      name: this.#options.name,
      features,
      samples: rows.length,
      dimension,
      featureNames: columns.features.map((j) => columns.header[j]!),
      target,
      provenance: this.#options.provenance,
    }))
  }
}
