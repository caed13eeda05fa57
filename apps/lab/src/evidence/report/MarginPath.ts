/** How near to its bound a search came, against its effort, as a picture of two lines. */
import { Verdict } from "@nonconvex/evidence"
import * as Instance from "@nonconvex/evidence/Instance"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Table from "../../cli/TextTable.ts"
import { type Html, html, nothing } from "./Html.ts"

const width = 132
const height = 28
const inset = 5

type Held = typeof Verdict.Held.Type

const rounded = (value: number): number => Math.round(value * 10) / 10

/** Steps from left to right: the draws on a logarithmic axis, the worst margin so far from 0 at the bottom to 1 at the top. */
const steps = (draws: ReadonlyArray<number>, reached: ReadonlyArray<number>): string => {
  const whole = Elementary.log10(draws.at(-1)!)
  const x = (at: number) => rounded(inset + (Elementary.log10(at) / whole) * (width - 2 * inset))
  const y = (margin: number) =>
    rounded(height - inset - Math.min(1, Math.max(0, margin)) * (height - 2 * inset))
  return draws
    .map((at, i) => (i === 0 ? `M${x(at)} ${y(reached[0]!)}` : `H${x(at)}V${y(reached[i]!)}`))
    .join("")
}

const drawing = (draws: ReadonlyArray<number>, reached: ReadonlyArray<number>): Html => {
  const said = draws.map((at, i) => `${Table.margin(reached[i]!)} after ${Table.count(at)}`)
  const label = `worst margin against draws: ${said.join(", ")}`
  return html`<svg width="${width}" height="${height}" role="img" aria-label="${label}">
    <title>${label}</title>
    <path d="M${inset} ${height - inset}H${width - inset}" stroke="var(--bad)" />
    <path d="${steps(draws, reached)}" fill="none" stroke="var(--series-2)" stroke-width="2" />
  </svg>`
}

/** `loose: its bound is 3.1 times the largest value found`; empty of an inequality that is nearly tight, and of what is none. */
export const looseness = (held: Held): string => {
  const factor = Verdict.looseness(held)
  const compared = held.nearest?.compared
  if (factor === undefined || compared === undefined) return ""
  if (factor === Number.POSITIVE_INFINITY) return `loose: ${Instance.comparison(compared)}`
  const times = Table.margin(factor)
  return compared.relation === "at most"
    ? `loose: its bound is ${times} times the largest value found`
    : `loose: the least value found is ${times} times its bound`
}

/** Of an inequality: the worst margin against the number of draws, and whether it is loose. */
export const render = (held: Held): Html => {
  const { margins, nearest, runs } = held
  const isInequality = nearest?.compared !== undefined && nearest.compared.relation !== "equal"
  const draws = Verdict.efforts(runs)
  const { reached } = margins
  if (!isInequality || reached?.length !== draws.length || runs === 1) return nothing
  const loose = looseness(held)
  return html`${drawing(draws, reached)}${loose === "" ? nothing : html`<span class="source">${loose}</span>`}`
}
