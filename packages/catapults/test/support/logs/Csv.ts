/** Logs as text. */
import type { Columns } from "./Training.ts"

/** The columns under their names, six digits a number and nothing where there is none. */
export const csvOf = (
  columns: Columns,
  names: Readonly<Partial<Record<keyof Columns, string>>>,
): string => {
  const chosen = Object.entries(names) as ReadonlyArray<readonly [keyof Columns, string]>
  const cell = (value: number) => (Number.isNaN(value) ? "" : String(Number(value.toPrecision(6))))
  const rows = Array.from(columns.steps, (_, k) => chosen.map(([key]) => cell(columns[key][k]!)))
  return [chosen.map(([, name]) => name), ...rows].map((row) => `${row.join(",")}\n`).join("")
}
