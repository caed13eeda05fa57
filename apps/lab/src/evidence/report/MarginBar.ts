/** The margins of a claim as a picture of one line: 0 is the edge, 1 is wide. */
import type { Verdict } from "@nonconvex/evidence"
import * as Table from "../../cli/TextTable.ts"
import { type Html, html } from "./Html.ts"

const width = 132
const height = 14
const inset = 5

/** From the worst margin to the median, with the 1st and 10th percentile as ticks; beyond 0 and 1 it stops at the end. */
export const render = (margins: Verdict.Margins): Html => {
  const at = (margin: number) =>
    Math.round((inset + Math.min(1, Math.max(0, margin)) * (width - 2 * inset)) * 10) / 10
  const tick = (margin: number) => html`<path d="M${at(margin)} 3V11" stroke="var(--series-1)" />`
  const label = `margins: worst ${Table.margin(margins.worst)}, 1 % below ${Table.margin(margins.percent1)}, 10 % below ${Table.margin(margins.percent10)}, median ${Table.margin(margins.median)}`
  return html`<svg width="${width}" height="${height}" role="img" aria-label="${label}">
    <title>${label}</title>
    <path d="M${inset} 7H${width - inset}" stroke="var(--line)" stroke-width="2" />
    <path d="M${inset} 1V13" stroke="var(--bad)" />
    <path
      d="M${at(margins.worst)} 7H${at(margins.median)}"
      stroke="var(--series-1)"
      stroke-width="4"
    />
    ${[tick(margins.percent1), tick(margins.percent10)]}
    <circle cx="${at(margins.worst)}" cy="7" r="3.5" fill="var(--series-2)" />
  </svg>`
}
