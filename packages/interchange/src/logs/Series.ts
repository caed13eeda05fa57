/** Series of a training run: numbers by name, each with its step. */
import { LogTooLarge } from "./LogError.ts"

/** One number over the steps of a run. */
export interface Series {
  readonly name: string
  /** Increasing. */
  readonly steps: Float64Array
  /** Values as written, including NaN and infinities. */
  readonly values: Float64Array
}

/** Limits on the numbers and names of a log. */
export const most = { numbers: 2 ** 24, names: 2 ** 16, text: 2 ** 16 }

/** Collects numbers by name, within limits. Mutable. */
export class Collector {
  readonly #path: string
  readonly #columns = new Map<string, { steps: Float64Array; values: Float64Array; used: number }>()
  #count = 0

  constructor(path: string) {
    this.#path = path
  }

  get isEmpty(): boolean {
    return this.#columns.size === 0
  }

  /** Adds a number. Throws LogTooLarge. */
  add(name: string, step: number, value: number): void {
    let column = this.#columns.get(name)
    if (column === undefined) {
      if (this.#columns.size === most.names) {
        throw new LogTooLarge({ path: this.#path, what: "names of numbers", most: most.names })
      }
      column = { steps: new Float64Array(8), values: new Float64Array(8), used: 0 }
      this.#columns.set(name, column)
    }
    if (++this.#count > most.numbers) {
      throw new LogTooLarge({ path: this.#path, what: "numbers", most: most.numbers })
    }
    if (column.used === column.steps.length) {
      for (const key of ["steps", "values"] as const) {
        const larger = new Float64Array(2 * column.used)
        larger.set(column[key])
        column[key] = larger
      }
    }
    column.steps[column.used] = step
    column.values[column.used++] = value
  }

  /** All series, in order of first appearance. */
  columns(): ReadonlyArray<Series> {
    return Array.from(this.#columns, ([name, { steps, used, values }]) => ({
      name,
      steps: steps.subarray(0, used),
      values: values.subarray(0, used),
    }))
  }
}

/** A series with increasing steps, and the places where it went back. */
export interface Resumed {
  readonly series: Series
  /** Step at which the run continued each time, in order. */
  readonly restarts: ReadonlyArray<number>
}

/**
 * Series of a resumed run: if the steps go back, earlier values from there on are dropped. A step that is repeated at once keeps
 * its last number; an entry without a step is dropped.
 */
export const resumed = ({ name, steps, values }: Series): Resumed => {
  const [keptSteps, keptValues] = [new Float64Array(steps.length), new Float64Array(steps.length)]
  const restarts: Array<number> = []
  let used = 0
  for (let k = 0; k < steps.length; k++) {
    const step = steps[k]!
    if (!Number.isFinite(step)) continue
    const isBack = used > 0 && step < keptSteps[used - 1]!
    while (used > 0 && keptSteps[used - 1]! >= step) used--
    if (isBack) restarts.push(step)
    keptSteps[used] = step
    keptValues[used++] = values[k]!
  }
  return {
    series: { name, steps: keptSteps.slice(0, used), values: keptValues.slice(0, used) },
    restarts,
  }
}
