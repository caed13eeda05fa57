/** First screen: what this is, one toy, three numbers with links to their lists, and an answer for each paper. */
import type { SystemReport } from "@nonconvex/evidence"
import * as Paper from "@nonconvex/evidence/Paper"
import { toys } from "@nonconvex/gallery/internal/Page"
import * as Table from "../../cli/TextTable.ts"
import type { StudyReport } from "../study/StudyReport.ts"
import * as Answers from "./Answers.ts"
import * as Contradictions from "./Contradictions.ts"
import { type Html, html, nothing } from "./Html.ts"
import type { Results } from "./Results.ts"
import * as Summary from "./Summary.ts"

type Shown = Pick<Results, "failures" | "studies" | "systems">

const number = (address: string, figure: string, text: string): Html =>
  html`<li>
    <a href="#${address}"><strong>${figure}</strong> <span>${text}</span></a>
  </li>`

const numbers = (results: Shown): Html => {
  const counts = Summary.counts(results)
  const { contradicted, predictions } = Contradictions.of(results.studies ?? [])
  const all = [
    ...(counts.claims === 0
      ? []
      : [
          number(
            "claims?verdict=held",
            counts.held === counts.claims
              ? String(counts.held)
              : `${counts.held} of ${counts.claims}`,
            "claims held against every attempt to break them",
          ),
        ]),
    ...(counts.errata === 0
      ? []
      : [
          number(
            "errata",
            String(counts.refuted),
            "printed statements refuted by a counterexample",
          ),
        ]),
    ...(predictions === 0
      ? []
      : [
          number(
            "contradicted",
            `${contradicted.length} of ${predictions}`,
            "preregistered predictions contradicted",
          ),
        ]),
  ]
  return all.length === 0
    ? nothing
    : html`<ul class="numbers">
        ${all}
      </ul>`
}

/** Place of the toy, which the page starts there; without scripts it leads to the claim. */
const toy = ({ claim, id, title }: (typeof toys)["normalisation"]): Html =>
  html`<section class="hero-toy" data-toy="${id}">
    <h2>${title}</h2>
    <p><a href="#${claim}">The claim behind it</a></p>
  </section>`

/** Surprises that the first screen names. */
const mostSurprises = 4

/** The results that a reader of the papers expects least, each with the way to its calculation. */
const surprises = ({ systems }: Shown): Html => {
  const told = systems.filter(({ paper }) => paper.article !== undefined).slice(-mostSurprises)
  return told.length === 0
    ? nothing
    : html`<div class="surprises">
        <h2>What surprised us</h2>
        <ul>
          ${told.map(
            ({ id, paper }) =>
              html`<li>
                <a href="#${id}?to=surprise">${paper.article!.surprise.title}</a>
                <span class="source">${Paper.cited(paper)}</span>
              </li>`,
          )}
        </ul>
      </div>`
}

const listOf = ({ studies = [], systems }: Shown): Html => {
  const own = ({ id }: SystemReport): ReadonlyArray<StudyReport> =>
    studies.filter(({ heading }) => heading.system === id)
  return html`<h2>
      ${Table.plural(systems.length, "paper")}, ${Table.plural(systems.length, "answer")}
    </h2>
    <ol class="papers">
      ${systems.map((system) => Answers.row(system, own(system)))}
    </ol>`
}

/**
 * Everything above the details of a run. `notice` comes first, if a result differs from what is stated; `between` comes
 * above the papers.
 */
export const render = (results: Shown, notice: Html = nothing, between: Html = nothing): Html =>
  html`${notice}
    <div class="hero">
      <div class="what">
        <h1>Theory papers, tested by a program</h1>
        <p class="lede">
          Every theorem on how networks are trained, kept private or made reproducible is a claim
          that a program tries to break. Here is what held, what did not, and how sure that is.
        </p>
      </div>
      ${toy(toys.normalisation)}
      <div class="counts">
        ${numbers(results)}
        <p class="doors">
          <a class="door main" href="#theorems">Does Theorem 1 hold?</a>
          <a class="door" href="#errata">See the errata</a>
          <a class="door" href="#play">Play</a>
        </p>
        ${surprises(results)}
      </div>
    </div>
    ${between}${listOf(results)}`
