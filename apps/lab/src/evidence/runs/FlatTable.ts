/** Rows of many runs as one table, with the run, its seed and its settings in each row. */
import type { Row } from "@nonconvex/evidence/Experiment"
import type { KeptRun } from "@nonconvex/store/Runs"
import type { Value } from "./Clause.ts"
import * as Configuration from "./Configuration.ts"

/** `text` too where some values are texts and others are not. */
export type Type = "number" | "text" | "boolean"

export interface Column {
  readonly name: string
  readonly type: Type
  /** Value in a row; undefined if it has none. */
  readonly of: (run: KeptRun, row: Row) => Value | undefined
}

const typeOf = (value: Value): Type => (typeof value === "string" ? "text" : (typeof value as Type))

type Types = Map<string, Type>

const see = (types: Types, name: string, value: Value): void => {
  const known = types.get(name)
  const type = typeOf(value)
  if (known === undefined) types.set(name, type)
  else if (known !== type) types.set(name, "text")
}

/** Columns of every run. */
const fields: ReadonlyArray<readonly [string, Type, (run: KeptRun) => Value]> = [
  ["run", "text", ({ id }) => id],
  ["experiment", "text", ({ key }) => key.subject],
  ["seed", "number", ({ key }) => key.seed],
]

/** Determines the columns of a table from its runs: call `add` for each with its rows, then read `columns`. */
export const finder = () => {
  const settings: Types = new Map()
  const cells: Types = new Map()
  return {
    add: ({ key }: KeptRun, rows: ReadonlyArray<Row>): void => {
      for (const [name, value] of Configuration.settingsOf(key.config)) see(settings, name, value)
      for (const row of rows) for (const name of Object.keys(row)) see(cells, name, row[name]!)
    },
    /**
     * Run, experiment, seed, settings, and the columns of the rows. If two columns share a name, all except that of the rows
     * get a prefix, as in `config.radius`.
     */
    columns: (): ReadonlyArray<Column> => {
      const taken = new Set(fields.map(([name]) => name))
      return [
        ...fields.map(([name, type, of]): Column => ({
          name: cells.has(name) ? `run.${name}` : name,
          type,
          of,
        })),
        ...Array.from(settings, ([name, type]): Column => ({
          name: cells.has(name) || taken.has(name) ? `config.${name}` : name,
          type,
          of: ({ key }) => Configuration.settingOf(key.config, name),
        })),
        ...Array.from(cells, ([name, type]): Column => ({ name, type, of: (_, row) => row[name] })),
      ]
    },
  }
}
