/** Packed content of a report: the script of the page, its drawing engine, and parts for one or several addresses. */
import { type ExperimentResult, type SystemReport } from "@nonconvex/evidence"
import * as Verdict from "@nonconvex/evidence/Verdict"
import { encodeLetters } from "@nonconvex/gallery"
import * as Parts from "@nonconvex/gallery/Parts"
import { engine, play } from "@nonconvex/gallery/bundles"
import { deflateRawSync } from "node:zlib"
import * as Judgement from "../study/Judgement.ts"
import type { StudyReport } from "../study/StudyReport.ts"
import * as ClaimsBehind from "./ClaimsBehind.ts"
import * as Errata from "./Errata.ts"
import * as ExperimentSection from "./ExperimentSection.ts"
import * as Findings from "./Findings.ts"
import { type Html, html, trusted } from "./Html.ts"
import type { Results } from "./Results.ts"
import * as StudySection from "./StudySection.ts"
import * as SystemSection from "./SystemSection.ts"
import * as ClaimSection from "./ClaimSection.ts"

interface Named {
  readonly name: string
  readonly part: Parts.Part
  readonly entries: ReadonlyArray<Parts.Entry>
}

const packed = (text: string): string => encodeLetters(deflateRawSync(text, { level: 9 }))

/** A bundle, which is packed, as it stands in a page. */
const script = (base64: string): string => encodeLetters(Buffer.from(base64, "base64"))

type Figure = ExperimentResult["figures"][number]

/** Figures whose own rows stand in short, over the table of their experiment. */
const dense = (
  figures: ReadonlyArray<Figure>,
  rows: ExperimentResult["rows"] = [],
): ReadonlyArray<Figure> => {
  const known = Parts.knownOf(rows)
  return figures.map((figure) => ({ ...figure, spec: Parts.dense(figure.spec, known) }))
}

const nameOf = (id: string): string => id.slice(id.indexOf("/") + 1).replaceAll("-", " ")

const entryOf = (system: string, verdict: Verdict.Verdict): Parts.Entry => {
  const isErratum = Errata.isOnErratum(verdict)
  return {
    address: verdict.id,
    kind: isErratum ? "erratum" : "claim",
    system,
    title: nameOf(verdict.id),
    text: verdict.statement,
    part: system,
    source: `${verdict.source.paper}, ${verdict.source.statement}`,
    basis: verdict.source.basis,
    verdict: ClaimSection.wordOf(verdict),
    ...(isErratum && verdict.class !== undefined && { class: verdict.class }),
    ...(verdict._tag === "Held" && {
      margins: Parts.marginsOf(ClaimSection.marginsInShort(verdict.margins)),
    }),
  }
}

const statement = (verdict: Verdict.Verdict): Html =>
  Errata.isOnErratum(verdict)
    ? html`<article>
        <h1>${verdict.id}</h1>
        ${Errata.one(verdict)}
      </article>`
    : ClaimSection.render(verdict)

const ofSystem = (
  system: SystemReport,
  failures: Results["failures"],
  studies: ReadonlyArray<StudyReport>,
): Named => {
  const { id, paper, title, verdicts } = system
  const page = SystemSection.render(system, failures, studies)
  return {
    name: id,
    part: {
      markup: Object.fromEntries([
        [id, page.markup],
        ...verdicts.map((verdict) => [verdict.id, statement(verdict).markup] as const),
      ]),
      measured: Object.fromEntries(
        verdicts.flatMap((verdict) =>
          verdict._tag === "Held" ? [[verdict.id, ClaimSection.measuredOf(verdict)] as const] : [],
        ),
      ),
    },
    entries: [
      { address: id, kind: "system", system: id, title, text: paper.asks ?? paper.title, part: id },
      ...verdicts.map((verdict) => entryOf(id, verdict)),
    ],
  }
}

const ofExperiment = (
  { id: system, verdicts }: SystemReport,
  result: ExperimentResult,
  preset: string,
): Named => {
  const claims = ClaimsBehind.render(system, result, verdicts)
  const { figures, id, question, rows, title } = result
  return {
    name: id,
    part: {
      markup: { [id]: ExperimentSection.render(result, preset, claims).markup },
      figures: dense(figures, rows),
      columns: Parts.columnsOf(rows),
    },
    entries: [{ address: id, kind: "experiment", system, title, text: question, part: id }],
  }
}

const ofStudy = (report: StudyReport): Named => {
  const { found, heading, question } = report
  const address = Findings.addressOf(report)
  const first = found?.judged[0]
  const text = first === undefined ? question : Judgement.sentence(first)
  const { system, title } = heading
  return {
    name: address,
    part: {
      markup: { [address]: StudySection.render(report).markup },
      ...(found !== undefined && { figures: dense(found.figures) }),
    },
    entries: [{ address, kind: "study", system, title, text, part: address }],
  }
}

const element = (name: string, content: string): Html =>
  html`<script type="text/plain" data-part="${name}">
    ${trusted(content)}
  </script>`

/** Pictures of systems, by their ids, as SVG. */
export type Pictures = Parts.Index["pictures"]

/** Results that a page shows beside its first screen. */
type Shown = Pick<Results, "failures" | "studies" | "systems"> & {
  readonly provenance: Pick<Results["provenance"], "preset">
}

/** Everything beside the first screen, as JSON by the names of the parts: a list of them, and a part for each address or a few. */
export const parts = (
  results: Shown,
  pictures: Pictures,
): ReadonlyArray<readonly [name: string, json: string]> => {
  const { failures, provenance, studies = [], systems } = results
  const all = systems.flatMap((system) => {
    const { experiments, id } = system
    const own = studies.filter(({ heading }) => heading.system === id)
    return [
      ofSystem(
        system,
        failures.filter((failure) => failure.system === id),
        own,
      ),
      ...experiments.map((result) => ofExperiment(system, result, provenance.preset)),
      ...own.map(ofStudy),
    ]
  })
  const index: Parts.Index = {
    entries: all.flatMap(({ entries }) => entries),
    pictures,
  }
  return [
    [Parts.index, JSON.stringify(index)],
    ...all.map(({ name, part }) => [name, JSON.stringify(part)] as const),
  ]
}

/** The elements that hold everything beside the first screen. */
export const render = (results: Results, pictures: Pictures): ReadonlyArray<Html> => [
  element(Parts.engine, script(engine)),
  element(Parts.play, script(play)),
  ...parts(results, pictures).map(([name, json]) => element(name, packed(json))),
]
