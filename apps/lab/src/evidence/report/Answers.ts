/** Findings on the question of a paper: a plain line, how sure it is, and at what scale. */
import { type SystemReport } from "@nonconvex/evidence"
import * as Paper from "@nonconvex/evidence/Paper"
import * as Verdict from "@nonconvex/evidence/Verdict"
import * as Table from "../../cli/TextTable.ts"
import * as Judgement from "../study/Judgement.ts"
import type { StudyReport } from "../study/StudyReport.ts"
import * as StudyTable from "../study/StudyTable.ts"
import { badge } from "./Badges.ts"
import * as ClaimSection from "./ClaimSection.ts"
import * as Contradictions from "./Contradictions.ts"
import * as Cite from "./Cite.ts"
import { type Html, html, nothing, prose } from "./Html.ts"
import { nameOf } from "@nonconvex/gallery/internal/Page"
import * as Summary from "./Summary.ts"

/** The result that represents a study. */
const speaking = ({ found }: StudyReport): Judgement.JudgedExpectation | undefined => {
  const judged = found?.judged ?? []
  return Judgement.headline(judged)[0] ?? judged[0]
}

const ofStudy = (study: StudyReport): Html => {
  const judged = speaking(study)
  if (judged === undefined) return nothing
  const { effect, pairs } = judged
  return html`<li>
    ${badge(judged.outcome)} <a href="#study-${study.name}">${study.heading.title}</a>:
    ${judged.of.label} against ${judged.against.label}, ${effect.kind}
    ${StudyTable.interval(effect, pairs)}, ${Table.plural(pairs, "seed")}; ${study.heading.size}
  </li>`
}

const ofClaim = (verdict: Verdict.Verdict): Html =>
  html`<li>
    ${ClaimSection.badge(verdict)}
    <a href="#${verdict.id}">${nameOf(verdict.id)}</a>${
      verdict._tag === "Held" ? `: ${Table.plural(verdict.runs, "instance")}, none against it` : ""
    }
  </li>`

/** Claims and studies by their ids, as they came out. */
export const resting = (
  ids: ReadonlyArray<string>,
  verdicts: ReadonlyArray<Verdict.Verdict>,
  studies: ReadonlyArray<StudyReport>,
): ReadonlyArray<Html> =>
  ids.flatMap((id) => {
    const study = studies.find(({ name }) => id === `study-${name}`)
    if (study !== undefined) return [ofStudy(study)]
    return verdicts.filter((verdict) => verdict.id === id).map(ofClaim)
  })

/** Outcomes of the claims and studies on which the answer to a paper's question rests. */
export const grounds = (
  { paper, verdicts }: Pick<SystemReport, "paper" | "verdicts">,
  studies: ReadonlyArray<StudyReport>,
): ReadonlyArray<Html> => resting(paper.answer?.rests ?? [], verdicts, studies)

const chip = (tone: string, address: string, text: string): Html =>
  html`<a class="badge ${tone}" href="#${address}">${text}</a>`

/** Counts of a system, each a link to the list that it counts. */
export const chips = (
  system: SystemReport,
  studies: ReadonlyArray<StudyReport>,
): ReadonlyArray<Html> => {
  const { claims, held, refuted } = Summary.ofSystem(system)
  const { contradicted, predictions } = Contradictions.of(studies)
  const undecided = studies
    .flatMap(({ found }) => found?.judged ?? [])
    .filter(({ outcome }) => outcome === "undecided").length
  return [
    ...(claims === 0
      ? []
      : [
          chip(
            held === claims ? "good" : "bad",
            `claims?system=${system.id}${held === claims ? "&verdict=held" : ""}`,
            held === claims ? `${held} claims held` : `${held} of ${claims} claims held`,
          ),
        ]),
    ...(refuted === 0
      ? []
      : [chip("bad", `errata`, `${Table.plural(refuted, "printed statement")} refuted`)]),
    ...(contradicted.length === 0
      ? []
      : [
          chip(
            "bad",
            "contradicted",
            `${contradicted.length} of ${predictions} predictions contradicted`,
          ),
        ]),
    ...(undecided === 0
      ? []
      : [chip("note", system.id, `${Table.plural(undecided, "prediction")} undecided`)]),
  ]
}

/** One paper in the list: its authors, its question, and the result. `studies` are its own. */
export const row = (system: SystemReport, studies: ReadonlyArray<StudyReport>): Html => {
  const { id, paper } = system
  const sure = grounds(system, studies)
  return html`<li>
    <a class="picture-of" href="#${id}" tabindex="-1" aria-hidden="true"
      ><span data-picture="${id}"></span
    ></a>
    <div class="answer">
      <p class="who">${Paper.cited(paper)}, ${paper.venue} · ${Cite.links(paper)}</p>
      <p>
        <a class="asked" href="#${id}">${paper.asks ?? paper.title}</a>
        ${prose(paper.answer?.text ?? "")}
      </p>
      ${
        sure.length === 0
          ? nothing
          : html`<ul class="sure">
              ${sure}
            </ul>`
      }
    </div>
    <p class="chips">${chips(system, studies)}</p>
  </li>`
}
