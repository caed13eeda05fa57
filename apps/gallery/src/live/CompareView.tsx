/** Compared runs: differences, means with confidence intervals, and tests against the first, as in `nonconvex compare`. */
import { useMemo } from "preact/hooks"
import * as Address from "../page/Address.ts"
import type { Figure } from "../page/Draw.ts"
import { FigureView } from "../page/FigureView.tsx"
import { useAsked, useGoing } from "./Ask.ts"
import { defaultsOf } from "./Curves.ts"
import type { Comparison, RunList } from "./Messages.ts"
import { mostCurves, OverlayView, useCurves } from "./OverlayView.tsx"
import { Awaited, Field, GridTable } from "./Pieces.tsx"
import { idsOf } from "./RunsView.tsx"

/** Differences from the first group, each with its confidence interval. */
const figureOf = ({ against = "the first", differences }: Comparison): Figure | undefined => {
  if (differences.length === 0) return undefined
  const y = { field: "label", type: "nominal", sort: null, title: null }
  const x = { field: "at", type: "quantitative", title: `difference from ${against}` }
  return {
    id: "differences",
    title: "Differences",
    caption:
      "Points are differences of means, bars their 95 % confidence intervals. If a bar crosses zero, the sign of the difference is undecided.",
    spec: {
      data: { values: differences.map((each) => ({ ...each })) },
      layer: [
        {
          mark: { type: "rule", strokeWidth: 2 },
          encoding: { y, x: { ...x, field: "low" }, x2: { field: "high" } },
        },
        { mark: { type: "point", filled: true, size: 70 }, encoding: { y, x } },
        {
          data: { values: [{ zero: 0 }] },
          mark: { type: "rule", strokeDash: [4, 3] },
          encoding: { x: { field: "zero", type: "quantitative" } },
        },
      ],
    },
  }
}

export const CompareView = ({ query }: { readonly query: Address.Address["query"] }) => {
  const { now } = useGoing()
  const { by = "", metric = "", where = "" } = query
  const ids = idsOf(query["runs"])
  const isAsked = ids.length > 1 || where !== ""
  const list = useAsked<RunList>(
    ids.length === 0 && where !== ""
      ? `/api/runs?${new URLSearchParams({ where }).toString()}`
      : undefined,
    now?.stamp,
  )
  const drawn = ids.length > 0 ? ids : (list.answer?.runs ?? []).map(({ id }) => id)
  const curves = useCurves(drawn.slice(0, mostCurves), now?.stamp)
  const standard = curves === undefined ? undefined : defaultsOf(curves)
  // of chosen runs the curves show the metric, and the table what differs
  const measured =
    metric !== "" || standard === undefined || ids.length > 0
      ? metric
      : `last(${query["y"] ?? standard.y})`
  const asked = new URLSearchParams({ where, by, metric: measured })
  for (const id of ids) asked.append("run", id)
  const isReady = isAsked && (ids.length > 0 || curves !== undefined || metric !== "")
  const path = isReady ? `/api/compare?${asked.toString()}` : undefined
  const found = useAsked<Comparison>(path, now?.stamp)
  const { answer } = found
  const figure = useMemo(() => answer && figureOf(answer), [answer])
  const field = (name: string, label: string, hint: string, value: string) => (
    <Field
      label={label}
      hint={hint}
      value={value}
      set={(text) => Address.change({ [name]: text })}
    />
  )
  return (
    <>
      <h1>Compare</h1>
      <div class="fields">
        {field("where", "Filter runs", "experiment=optim-sam/valley", where)}
        {field("by", "Group by", "all settings that differ", by)}
        {field("metric", "Metric of the table", measured === "" ? "last(loss)" : measured, metric)}
      </div>
      {isAsked ? null : (
        <p>
          Enter a filter, or <a href="#runs">select runs</a>.
        </p>
      )}
      {curves === undefined || curves.length === 0 ? null : (
        <>
          <OverlayView curves={curves} query={query} />
          {drawn.length <= mostCurves ? null : (
            <p class="muted">{`The curves are the latest ${mostCurves} of these runs.`}</p>
          )}
        </>
      )}
      {isReady ? <Awaited {...found} /> : null}
      {answer === undefined ? null : (
        <>
          <p role="status">{answer.headline}</p>
          {answer.apart === undefined ? null : <p>{answer.apart}</p>}
          {figure === undefined ? null : (
            <div class="figures">
              <FigureView figure={figure} name="comparison" query={query} rows={[]} />
            </div>
          )}
          {answer.tables.map((grid, i) => (
            <GridTable key={i} grid={grid} label={`comparison, table ${i + 1}`} />
          ))}
          {answer.notes.map((note) => (
            <p key={note} class="callout">
              {note}
            </p>
          ))}
          {answer.legend === undefined ? null : <p class="muted">{answer.legend}</p>}
        </>
      )}
    </>
  )
}
