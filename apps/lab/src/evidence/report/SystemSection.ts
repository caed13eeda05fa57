/** One system on the page: its paper, what was found, and what there is of it. */
import type { ExperimentResult, SystemReport } from "@nonconvex/evidence"
import { toysOfSystem } from "@nonconvex/gallery"
import * as Table from "../../cli/TextTable.ts"
import * as Cite from "./Cite.ts"
import * as Errata from "./Errata.ts"
import * as Findings from "./Findings.ts"
import { type Html, html, nothing, prose } from "./Html.ts"
import type { Failure } from "./Results.ts"
import type { StudyReport } from "../study/StudyReport.ts"
import * as Summary from "./Summary.ts"
import * as Theorems from "./Theorems.ts"

const failed = ({ experiment, reason }: Failure): Html =>
  html`<div class="callout"><code>${experiment}</code> failed: ${reason}</div>`

const titled = (title: string, parts: ReadonlyArray<Html>): Html =>
  parts.length === 0
    ? nothing
    : html`<h2>${title}</h2>
        ${parts}`

const listed = (lines: ReadonlyArray<Html>): ReadonlyArray<Html> =>
  lines.length === 0
    ? []
    : [
        html`<ul class="hits">
          ${lines}
        </ul>`,
      ]

const study = (report: StudyReport): Html =>
  html`<li>
    <a href="#${Findings.addressOf(report)}">${report.heading.title}</a>
    <p>${prose(report.question)}</p>
  </li>`

const experiment = ({ expectations, figures, id, question, title }: ExperimentResult): Html => {
  const counted = Summary.ofExpectations(expectations)
  return html`<li>
    <a href="#${id}">${title}</a>
    <span class="source"
      >${Table.plural(figures.length, "figure")} · ${counted.expected} of
      ${Table.plural(counted.expectations, "expectation")} hold</span
    >
    <p>${prose(question)}</p>
  </li>`
}

/** Toys that show a theorem of the paper. */
const played = ({ id }: SystemReport): Html => {
  const toys = toysOfSystem(id)
  return toys.length === 0
    ? nothing
    : html`<p>
        Play:
        ${toys.map((toy) => html`<a href="#play/${toy.id}">${toy.title}</a>${toy === toys.at(-1) ? "" : ", "}`)}
      </p>`
}

/** `failures` and `studies` are those of this system. */
export const render = (
  system: SystemReport,
  failures: ReadonlyArray<Failure>,
  studies: ReadonlyArray<StudyReport> = [],
  year = String(system.paper.year),
): Html => {
  const errata = Errata.ranked(system.verdicts.filter(Errata.isOnErratum))
  const theorems = Theorems.theoremsOf(system)
  return html`<article>
    <h1>${system.title}</h1>
    <p>${Cite.reference(system.paper)}</p>
    ${Cite.folded(system.paper, year)}
    <div data-picture="${system.id}"></div>
    ${played(system)}${Findings.opening(system, studies)}${titled(
      "Do its theorems hold?",
      theorems.length === 0 ? [] : [Theorems.render(theorems, system.paper)],
    )}${titled(
      "Studies, registered before they were run",
      listed(studies.map(study)),
    )}${titled("Experiments", [...failures.map(failed), ...listed(system.experiments.map(experiment))])}${titled(
      "Errata",
      Errata.read(errata),
    )}${titled("If the paper says so", Errata.unread(errata))}${titled(
      "Claims and errata",
      system.verdicts.length === 0 ? [] : [html`<div data-claims></div>`],
    )}
  </article>`
}
