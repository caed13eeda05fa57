/** Claims behind an experiment: those about the quantities that it plots. */
import type { ExperimentResult } from "@nonconvex/evidence"
import type * as Verdict from "@nonconvex/evidence/Verdict"
import { type Html, html, nothing } from "./Html.ts"
import { nameOf } from "@nonconvex/gallery/internal/Page"
import * as NumberedPlaces from "./NumberedPlaces.ts"

/** Statements whose source names a theorem, a figure or another place that the source of the experiment also names. */
export const behind = (
  { source }: Pick<ExperimentResult, "source">,
  verdicts: ReadonlyArray<Verdict.Verdict>,
): ReadonlyArray<Verdict.Verdict> => {
  const namesIn = (statement: string) =>
    NumberedPlaces.placesIn(statement).map(NumberedPlaces.nameOf)
  const names = new Set(namesIn(source.statement))
  return verdicts.filter((verdict) =>
    namesIn(verdict.source.statement).some((name) => names.has(name)),
  )
}

/** Links to them, and to all of the paper. `system` is its id. */
export const render = (
  system: string,
  result: Pick<ExperimentResult, "source">,
  verdicts: ReadonlyArray<Verdict.Verdict>,
): Html => {
  if (verdicts.length === 0) return nothing
  const own = behind(result, verdicts)
  return html`<p class="source">
    Claims behind it: ${own.map(({ id }) => html`<a href="#${id}">${nameOf(id)}</a>, `)}<a
      href="#claims?system=${system}"
      >${own.length === 0 ? "" : "and "}all ${verdicts.length} on this paper</a
    >
  </p>`
}
