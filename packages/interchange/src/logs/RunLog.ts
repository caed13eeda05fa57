/** Log of one run, from any program. */
import { resumed, type Series } from "./Series.ts"

/** Format of a log. */
export type LogFormat =
  | "tensorboard"
  | "trainer-state"
  | "csv"
  | "json"
  | "parquet"
  | "mlflow-database"
  | "mlflow-files"

/** Log of a run. */
export interface RunLog {
  /** Columns in order of occurrence; the steps of a table are row numbers, from 0. */
  readonly columns: ReadonlyArray<Series>
  /** True for a table, one of whose columns may be the step. */
  readonly isByRow: boolean
  /** Settings of the run that are not numbers, such as `optim` or `logging_steps`. */
  readonly settings: ReadonlyMap<string, string>
  /** Notes on the reading: truncated, resumed, skipped. */
  readonly notes: ReadonlyArray<string>
}

/** Numbers of a table by the step of their row; rows without a step are dropped. */
const byStep = ({ columns }: RunLog, step: string): ReadonlyArray<Series> => {
  const steps = columns.find(({ name }) => name === step)!
  const rows = columns.reduce((most, each) => Math.max(most, (each.steps.at(-1) ?? -1) + 1), 0)
  const stepOf = new Float64Array(rows).fill(Number.NaN)
  for (let k = 0; k < steps.steps.length; k++) stepOf[steps.steps[k]!] = steps.values[k]!
  return columns.map(({ name, steps: at, values }) => ({
    name,
    steps: at.map((row) => stepOf[row]!),
    values,
  }))
}

/** Note on a run that went back to these steps. */
export const resumedNote = (restarts: ReadonlyArray<number>): string => {
  const times = restarts.length === 1 ? "once" : `${restarts.length} times`
  const shown = restarts.slice(0, 3).join(", ") + (restarts.length > 3 ? " and later" : "")
  return `resumed ${times}, at step ${shown}: the entries written after the resumption count`
}

/**
 * Some series of a log over increasing steps, with notes. For a resumed run, the values written last count. The first of `names`
 * is the loss, whose steps are used. Other metrics may be logged late. `step` names the column of a table with the steps.
 * Without it rows are numbered.
 */
export const seriesOf = (
  log: RunLog,
  names: ReadonlyArray<string>,
  step?: string,
): { readonly series: ReadonlyArray<Series>; readonly notes: ReadonlyArray<string> } => {
  const columns = log.columns.filter(({ name }) => names.includes(name) || name === step)
  const placed = step === undefined || !log.isByRow ? columns : byStep({ ...log, columns }, step)
  let back: ReadonlyArray<number> = []
  const series = placed.map((column) => {
    const found = resumed(column)
    if (column.name === names[0]) back = found.restarts
    return found.series
  })
  if (back.length === 0) return { series, notes: log.notes }
  return { series, notes: [...log.notes, resumedNote(back)] }
}
