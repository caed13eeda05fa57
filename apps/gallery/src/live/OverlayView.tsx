/** Chosen runs as overlaid curves, with the columns to draw. */
import { useMemo } from "preact/hooks"
import * as Address from "../page/Address.ts"
import { FigureView } from "../page/FigureView.tsx"
import type { Columns as Packed } from "../Columns.ts"
import { rowsOf } from "../Parts.ts"
import { useAllAsked } from "./Ask.ts"
import { columnsOf, type Curve, defaultsOf, labelsOf, overlay } from "./Curves.ts"
import type { RunFacts, RunTable } from "./Messages.ts"

/** Most runs with distinguishable colours. */
export const mostCurves = 8

/** Curves of runs once all their rows have arrived; undefined until then. */
export const useCurves = (
  ids: ReadonlyArray<string>,
  stamp: string | undefined,
): ReadonlyArray<Curve> | undefined => {
  const { answer: facts } = useAllAsked<RunFacts>(
    ids.map((id) => `/api/runs/${id}`),
    stamp,
  )
  const { answer: tables } = useAllAsked<RunTable>(
    ids.map((id) => `/api/runs/${id}/table`),
    stamp,
  )
  return useMemo(() => {
    if (facts === undefined || tables === undefined) return undefined
    const labels = labelsOf(facts)
    return tables.map(({ columns }, i) => ({
      label: labels[i]!,
      rows: rowsOf(columns as unknown as Packed),
    }))
  }, [facts, tables])
}

const Choice = ({
  label,
  name,
  names,
  value,
}: {
  readonly label: string
  readonly name: string
  readonly names: ReadonlyArray<string>
  readonly value: string
}) => (
  <label class="field">
    {label}
    <select
      aria-label={label}
      value={value}
      onChange={(event) => Address.change({ [name]: event.currentTarget.value })}
    >
      {names.map((each) => (
        <option key={each} value={each}>
          {each}
        </option>
      ))}
    </select>
  </label>
)

export const OverlayView = ({
  curves,
  query,
}: {
  readonly curves: ReadonlyArray<Curve>
  readonly query: Address.Address["query"]
}) => {
  const { numbers } = columnsOf(curves)
  const standard = defaultsOf(curves)
  const chosen = (name: string, otherwise: string) =>
    numbers.find((each) => each === query[name]) ?? otherwise
  const x = chosen("x", standard?.x ?? "")
  const y = chosen("y", standard?.y ?? "")
  const figure = useMemo(
    () => (standard === undefined ? undefined : overlay(curves, { x, y })),
    [curves, x, y],
  )
  if (figure === undefined) return <p class="muted">The rows of these runs share no numbers.</p>
  return (
    <>
      <div class="fields">
        <Choice label="Metric" name="y" names={numbers} value={y} />
        <Choice label="Against" name="x" names={numbers} value={x} />
      </div>
      <div class="figures">
        <FigureView figure={figure} name="overlay" query={query} rows={[]} />
      </div>
    </>
  )
}
