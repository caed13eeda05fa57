import type { Row } from "@nonconvex/evidence/Experiment"
import { useMemo } from "preact/hooks"
import { significantDigits } from "../SignificantDigits.ts"
import * as Address from "./Address.ts"
import { saveCsv } from "./Draw.ts"

/** Rows per page of the table. */
const pageLength = 50

const compare = (a: Row[string] | undefined, b: Row[string] | undefined): number => {
  if (typeof a === "number" && typeof b === "number") return a - b
  const [first, second] = [String(a ?? ""), String(b ?? "")]
  return first < second ? -1 : first > second ? 1 : 0
}

const shown = (value: Row[string] | undefined): string =>
  typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value ?? "")

/** Order in an address: a column, with a minus sign if the largest comes first. */
const orderIn = (
  told: string | undefined,
  columns: ReadonlyArray<string>,
): { readonly column: string; readonly sign: 1 | -1 } | undefined => {
  const isDown = told?.startsWith("-") === true && !columns.includes(told)
  const column = isDown ? told.slice(1) : told
  return column !== undefined && columns.includes(column)
    ? { column, sign: isDown ? -1 : 1 }
    : undefined
}

/**
 * Rows, one page at a time, sorted by any column; the address stores the page and the order. Values of a column may be links:
 * `links` has the address for each.
 */
export const Table = ({
  links = {},
  rows,
}: {
  readonly links?: Readonly<Record<string, (value: string) => string>>
  readonly rows: ReadonlyArray<Row>
}) => {
  const { query } = Address.useAddress()
  const columns = useMemo(() => [...new Set(rows.flatMap(Object.keys))], [rows])
  const order = orderIn(query["sort"], columns)
  const numeric = useMemo(
    () => new Set(columns.filter((column) => typeof rows[0]?.[column] === "number")),
    [rows, columns],
  )
  const sorted = useMemo(
    () =>
      order === undefined
        ? rows
        : rows.toSorted((a, b) => order.sign * compare(a[order.column], b[order.column])),
    [rows, order?.column, order?.sign],
  )
  const pages = Math.max(1, Math.ceil(rows.length / pageLength))
  const told = /^\d{1,7}$/.test(query["row"] ?? "") ? Number(query["row"]) : 1
  const page = Math.min(pages - 1, Math.floor(Math.max(0, told - 1) / pageLength))
  const setPage = (to: number) =>
    Address.change({ row: to === 0 ? "" : String(to * pageLength + 1) })
  const first = page * pageLength
  const sort = (column: string) => {
    const isDown = order?.column === column && order.sign === 1
    Address.change({ row: "", sort: `${isDown ? "-" : ""}${column}` })
  }
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="rows">
        <table class="rows">
          <thead>
            <tr>
              {columns.map((column) => {
                const sign = order?.column === column ? order.sign : 0
                return (
                  <th
                    key={column}
                    class={numeric.has(column) ? "number" : ""}
                    aria-sort={sign === 0 ? "none" : sign === 1 ? "ascending" : "descending"}
                  >
                    <button type="button" class="plain" onClick={() => sort(column)}>
                      {column}
                      {sign === 0 ? "" : sign === 1 ? " ↑" : " ↓"}
                    </button>
                  </th>
                )
              })}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(first, first + pageLength).map((row, i) => (
              <tr key={first + i}>
                {columns.map((column) => (
                  <td key={column} class={typeof row[column] === "number" ? "number" : ""}>
                    {links[column] === undefined || row[column] === undefined ? (
                      shown(row[column])
                    ) : (
                      <a href={links[column](String(row[column]))}>
                        {String(row[column]).slice(0, 12)}
                      </a>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages <= 1 ? null : (
        <p class="tools">
          <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>
            Before
          </button>
          <span>
            {`rows ${first + 1} to ${Math.min(rows.length, first + pageLength)} of ${rows.length}`}
          </span>
          <button type="button" disabled={page === pages - 1} onClick={() => setPage(page + 1)}>
            After
          </button>
        </p>
      )}
    </>
  )
}

/** Rows behind the figures of an experiment, rendered when they come into view. */
export const Rows = ({
  isWhole = false,
  name,
  rows,
}: {
  /** True to write numbers with all digits. */
  readonly isWhole?: boolean
  readonly name: string
  readonly rows: ReadonlyArray<Row>
}) => {
  const isOpen = Address.useAddress().query["rows"] === "open"
  return (
    <details
      open={isOpen}
      onToggle={(event) => {
        const { open } = event.currentTarget
        if (open !== isOpen) Address.change({ rows: open ? "open" : "" })
      }}
    >
      <summary>{`Data: ${rows.length} ${rows.length === 1 ? "row" : "rows"}`}</summary>
      <p>
        <button type="button" onClick={() => saveCsv(name, rows)}>
          {`${name}.csv`}
        </button>{" "}
        {isWhole ? null : (
          <span class="muted">{`numbers to ${significantDigits} digits; results.json has all of them`}</span>
        )}
      </p>
      {isOpen ? <Table rows={rows} /> : null}
    </details>
  )
}
