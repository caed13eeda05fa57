/** One paper as an article: its idea, a toy, its theorems, a surprise, figures, and what would change the answer. */
import type { ExperimentResult, SystemReport } from "@nonconvex/evidence"
import { toysOfSystem } from "@nonconvex/gallery/internal/Page"
import * as Table from "../../cli/TextTable.ts"
import * as Answers from "./Answers.ts"
import * as Cite from "./Cite.ts"
import * as Code from "./Code.ts"
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
    <p>${report.found === undefined ? prose(report.question) : Findings.headline([report])}</p>
  </li>`

const studied = (studies: ReadonlyArray<StudyReport>): ReadonlyArray<Html> =>
  studies.length === 0 ? [html`<p>No study was run.</p>`] : listed(studies.map(study))

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

const answered = (system: SystemReport, studies: ReadonlyArray<StudyReport>): Html => {
  const { answer, asks, title } = system.paper
  return html`<div class="answered">
    <p class="lede"><strong>${asks ?? title}</strong> ${prose(answer?.text ?? "")}</p>
    <ul class="sure">
      ${Answers.grounds(system, studies)}
    </ul>
    <p class="chips">${Answers.chips(system, studies)}</p>
  </div>`
}

/** The toy of the paper, which the page starts in its place, and links to its others. */
const played = ({ id }: SystemReport): Html => {
  const [first, ...others] = toysOfSystem(id)
  if (first === undefined) return nothing
  const more =
    others.length === 0
      ? nothing
      : html`<p>
          Also:
          ${others.map((toy) => html`<a href="#play/${toy.id}">${toy.title}</a>${toy === others.at(-1) ? "" : ", "}`)}
        </p>`
  return html`<div class="article-toy" data-toy="${first.id}">
      <p><a href="#play/${first.id}">Play: ${first.title}</a></p>
    </div>
    ${more}`
}

/** A result that a surprise rests on; an erratum with its calculation. */
const shown = (system: SystemReport, studies: ReadonlyArray<StudyReport>, id: string): Html => {
  const erratum = system.verdicts.filter(Errata.isOnErratum).find((each) => each.id === id)
  if (erratum !== undefined) return Errata.one(erratum)
  const found = Answers.resting([id], system.verdicts, studies)
  return found.length === 0
    ? nothing
    : html`<ul class="sure">
        ${found}
      </ul>`
}

const surprise = (system: SystemReport, studies: ReadonlyArray<StudyReport>): Html => {
  const { article } = system.paper
  if (article === undefined) return nothing
  const { matters, rests, text, title } = article.surprise
  return html`<h2 id="surprise">Surprise: ${title}</h2>
    <p>${prose(text)}</p>
    ${rests.map((id) => shown(system, studies, id))}
    <p><strong>Why it matters.</strong> ${prose(matters)}</p>`
}

/** A figure of an experiment or a study, with its title and the way to its settings. */
const pictured = (part: string, figure: string, title: string, isRun: boolean): Html =>
  html`<div class="shown">
    <div data-figure="${figure}" data-of="${part}"></div>
    <p>
      <a href="#${part}">${title}: its data and its expectations</a>
      ${isRun ? html`<span data-again="${part}"></span>` : nothing}
    </p>
  </div>`

/** Experiments whose first figure an article shows. */
const mostExperiments = 3

const figures = (
  { experiments }: SystemReport,
  studies: ReadonlyArray<StudyReport>,
): ReadonlyArray<Html> => {
  const leading = Findings.leading(studies)
  const [first] = leading?.found?.figures ?? []
  return [
    ...(leading === undefined || first === undefined
      ? []
      : [pictured(Findings.addressOf(leading), first.id, leading.heading.title, false)]),
    ...experiments
      .filter((each) => each.figures.length > 0)
      .slice(0, mostExperiments)
      .map(({ figures: own, id, title }) => pictured(id, own[0]!.id, title, true)),
  ]
}

const revised = ({ paper: { article } }: SystemReport): ReadonlyArray<Html> =>
  article === undefined
    ? []
    : [
        html`<ul class="revised">
          ${article.revisedBy.map((text) => html`<li>${prose(text)}</li>`)}
        </ul>`,
      ]

const claims = (system: SystemReport): ReadonlyArray<Html> =>
  system.verdicts.length === 0
    ? []
    : [
        html`<ul>
            ${Findings.sure(system).map((line) => html`<li>${line}</li>`)}
          </ul>
          <details>
            <summary>Open the list of ${system.verdicts.length}</summary>
            <div data-claims></div>
          </details>`,
      ]

/** The article of a system. `failures` and `studies` are its own; `commit` is that of the results. */
export const render = (
  system: SystemReport,
  failures: ReadonlyArray<Failure> = [],
  studies: ReadonlyArray<StudyReport> = [],
  year = String(system.paper.year),
  commit?: string,
): Html => {
  const { article } = system.paper
  const theorems = Theorems.theoremsOf(system)
  const errata = system.verdicts.filter(Errata.isOnErratum)
  return html`<article class="article">
    <h1>${system.title}</h1>
    <p class="source">${Cite.reference(system.paper)}</p>
    ${answered(system, studies)}
    ${titled("The idea", article === undefined ? [] : [html`<p>${prose(article.idea)}</p>`])}
    ${played(system)}
    ${titled(
      "Do its theorems hold?",
      theorems.length === 0 ? [] : [Theorems.render(theorems, system.paper)],
    )}
    ${surprise(system, studies)} ${titled("Figures", figures(system, studies))}
    ${titled("What would change our mind", revised(system))}
    ${titled("Studies, registered before they were run", studied(studies))}
    ${titled("Experiments", [...failures.map(failed), ...listed(system.experiments.map(experiment))])}
    ${titled("Errata", Errata.read(errata))}
    ${titled("If the paper says so", Errata.unread(errata))}
    ${titled("Claims and errata, one by one", claims(system))}
    <h2>Code and citation</h2>
    <p>
      <a href="${Code.packageAt(system.id, commit)}">The code of this paper</a>, at the commit of
      these results · ${Cite.links(system.paper)}
    </p>
    ${Cite.folded(system.paper, year)}
  </article>`
}
