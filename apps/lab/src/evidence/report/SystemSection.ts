/** One system on the page: its paper, its claims, its errata, its experiments. */
import type { SystemReport } from "@nonconvex/evidence"
import type { Drawings } from "./Drawings.ts"
import * as Errata from "./Errata.ts"
import * as Findings from "./Findings.ts"
import * as ExperimentSection from "./ExperimentSection.ts"
import { type Html, html, nothing } from "./Html.ts"
import type { Failure } from "./Results.ts"
import type { StudyReport } from "../study/StudyReport.ts"
import * as StudySection from "./StudySection.ts"
import * as VerdictTable from "./VerdictTable.ts"

const failed = ({ experiment, reason }: Failure): Html =>
  html`<div class="callout"><code>${experiment}</code> failed: ${reason}</div>`

const titled = (title: string, parts: ReadonlyArray<Html>): Html =>
  parts.length === 0
    ? nothing
    : html`<h3>${title}</h3>
        ${parts}`

/** `failures` and `studies` are those of this system. */
export const render = (
  system: SystemReport,
  failures: ReadonlyArray<Failure>,
  drawings: Drawings,
  preset: string,
  studies: ReadonlyArray<StudyReport> = [],
): Html => {
  const { authors, arxiv, title, venue, year } = system.paper
  const claims = system.verdicts.filter((verdict) => !Errata.isOnErratum(verdict))
  const errata = system.verdicts.filter(Errata.isOnErratum)
  const experiments = system.experiments.map((result) =>
    ExperimentSection.render(result, drawings, preset),
  )
  return html`<section id="${system.id}">
    <h2>${system.title}</h2>
    <p>${authors}. <cite>${title}</cite>. ${venue} ${year}. arXiv:${arxiv}</p>
    ${Findings.opening(system, studies)}${titled(
      "Studies, registered before they were run",
      studies.map((study) => StudySection.render(study, drawings)),
    )}${titled("Claims", claims.length === 0 ? [] : [VerdictTable.render(claims)])}${titled("Errata", Errata.read(errata))}${titled("If the paper says so", Errata.unread(errata))}${titled("Experiments", [...failures.map(failed), ...experiments])}
  </section>`
}
