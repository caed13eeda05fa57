/** Packed content of a report: the script of the page, its drawing engine, and parts for one or several addresses. */
import { type ExperimentResult, type SystemReport } from "@nonconvex/evidence"
import * as Paper from "@nonconvex/evidence/Paper"
import type * as Verdict from "@nonconvex/evidence/Verdict"
import { encodeBase91, nameOf } from "@nonconvex/gallery/internal/Page"
import * as Parts from "@nonconvex/gallery/internal/Parts"
import { engine, play, replay } from "@nonconvex/gallery/bundles"
import { deflateRawSync } from "node:zlib"
import * as Judgement from "../study/Judgement.ts"
import type { StudyReport } from "../study/StudyReport.ts"
import * as Article from "./Article.ts"
import * as Cite from "./Cite.ts"
import * as ClaimsBehind from "./ClaimsBehind.ts"
import type { Code } from "./Code.ts"
import * as Contradictions from "./Contradictions.ts"
import * as Errata from "./Errata.ts"
import * as ExperimentSection from "./ExperimentSection.ts"
import * as Findings from "./Findings.ts"
import * as GlossaryPage from "./GlossaryPage.ts"
import { type Html, html, trusted } from "./Html.ts"
import type { Results } from "./Results.ts"
import * as StudySection from "./StudySection.ts"
import * as ClaimSection from "./ClaimSection.ts"
import * as Theorems from "./Theorems.ts"

interface Named {
  readonly name: string
  readonly part: Parts.Part
  readonly entries: ReadonlyArray<Parts.Entry>
}

const packed = (text: string): string => encodeBase91(deflateRawSync(text, { level: 9 }))

/** Packed bundle as embedded in a page. */
const script = (base64: string): string => encodeBase91(Buffer.from(base64, "base64"))

type Figure = ExperimentResult["figures"][number]

/** Figures whose own rows are stored compactly, relative to the table of their experiment. */
const pack = (
  figures: ReadonlyArray<Figure>,
  rows: ExperimentResult["rows"] = [],
): ReadonlyArray<Figure> => {
  const known = Parts.rowIndices(rows)
  return figures.map((figure) => ({ ...figure, spec: Parts.pack(figure.spec, known) }))
}

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
      also: ClaimSection.looseness(verdict),
      margins: Parts.marginsOf(ClaimSection.marginsInShort(verdict.margins)),
    }),
  }
}

const statement = (verdict: Verdict.Verdict, code: Code): Html =>
  Errata.isOnErratum(verdict)
    ? html`<article>
        <h1>${verdict.id}</h1>
        ${Errata.one(verdict)}
        <p class="source">
          <code class="copy">nonconvex verify ${verdict.id}</code
          >${ClaimSection.coded(verdict.id, code)}
        </p>
      </article>`
    : ClaimSection.render(verdict, code)

const ofSystem = (
  system: SystemReport,
  failures: Results["failures"],
  studies: ReadonlyArray<StudyReport>,
  { code, commit, year }: Ways,
): Named => {
  const { id, paper, title, verdicts } = system
  const page = Article.render(system, failures, studies, year, commit)
  const theorems = Theorems.theoremsOf(system)
  return {
    name: id,
    part: {
      markup: Object.fromEntries([
        [id, page.markup],
        ...theorems.map((each) => [each.address, Theorems.one(system, each).markup] as const),
        ...verdicts.map((verdict) => [verdict.id, statement(verdict, code).markup] as const),
      ]),
      measured: Object.fromEntries(
        verdicts.flatMap((verdict) =>
          verdict._tag === "Held" ? [[verdict.id, ClaimSection.measuredOf(verdict)] as const] : [],
        ),
      ),
    },
    entries: [
      {
        address: id,
        kind: "system",
        system: id,
        title,
        text: paper.asks ?? paper.title,
        names: Cite.namesOf(paper),
        also: [paper.answer?.text, paper.article?.idea].join(" "),
        part: id,
      },
      ...theorems.map(({ address, answer, title: named, verdicts: behind }): Parts.Entry => ({
        address,
        kind: "theorem",
        system: id,
        title: named,
        text: answer.text,
        also: [Paper.cited(paper), title, ...behind.map((each) => nameOf(each.id))].join(" "),
        part: id,
        verdict: answer.word,
        tone: answer.tone,
      })),
      ...verdicts.map((verdict) => entryOf(id, verdict)),
    ],
  }
}

const ofExperiment = (
  { id: system, verdicts }: SystemReport,
  result: ExperimentResult,
  preset: string,
  { code }: Ways,
): Named => {
  const claims = ClaimsBehind.render(system, result, verdicts)
  const { figures, id, question, rows, source, title } = result
  return {
    name: id,
    part: {
      markup: { [id]: ExperimentSection.render(result, preset, claims, code).markup },
      figures: pack(figures, rows),
      columns: Parts.columnsOf(rows),
    },
    entries: [
      {
        address: id,
        kind: "experiment",
        system,
        title,
        text: question,
        also: [source.statement, ...figures.map(({ caption }) => caption)].join(" "),
        part: id,
      },
    ],
  }
}

const ofStudy = (report: StudyReport): Named => {
  const { found, heading, question } = report
  const address = Findings.addressOf(report)
  const first = Judgement.headline(found?.judged ?? [])[0] ?? found?.judged[0]
  const text = first === undefined ? question : Judgement.sentence(first)
  const findings = (found?.judged ?? []).filter((each) => each !== first).map(Judgement.sentence)
  const { system, title } = heading
  return {
    name: address,
    part: {
      markup: { [address]: StudySection.render(report).markup },
      ...(found !== undefined && { figures: pack(found.figures) }),
    },
    entries: [
      {
        address,
        kind: "study",
        system,
        title,
        text,
        also: [question, ...findings, heading.paper, heading.size].join(" "),
        part: address,
        ...(first !== undefined && { verdict: first.outcome }),
      },
    ],
  }
}

/** Results that a page shows after its first screen. */
type Shown = Pick<Results, "failures" | "studies" | "systems"> & {
  readonly provenance: Pick<Results["provenance"], "commit" | "preset" | "startedAt">
}

/** Ways out of the page: sources by id and at a commit, and the year of a citation. */
interface Ways {
  readonly code: Code
  readonly commit: string | undefined
  readonly year: string
}

/** Lists of everything of a kind, and the glossary. */
const lists = ({ studies = [], systems }: Shown, year: string): Named => {
  const all = [
    [
      "theorems",
      "Does it hold? Every theorem",
      "Every statement of the seven papers: printed, recalled or corrected, and whether it holds.",
      ["true theorems", "lemmas and propositions"],
      Theorems.all(systems),
    ],
    [
      "errata",
      "Errata",
      "Printed statements that are refuted, by how much they matter, with their counterexamples.",
      ["false theorems", "mistakes in the papers"],
      Errata.list(systems.flatMap(({ verdicts }) => verdicts.filter(Errata.isOnErratum))),
    ],
    [
      "contradicted",
      "Contradicted predictions",
      "Preregistered predictions of studies that did not come true.",
      ["failed hypotheses", "negative results"],
      Contradictions.render(studies),
    ],
    [
      "glossary",
      "Glossary",
      "Definitions of all terms.",
      ["terms", "notation"],
      GlossaryPage.render(new Map(systems.map(({ id, title }) => [id, title] as const))),
    ],
    [
      "cite",
      "Cite",
      "BibTeX of the project and of the papers.",
      ["citation", "reference"],
      Cite.render(
        systems.map(({ paper }) => paper),
        year,
      ),
    ],
  ] as const
  return {
    name: "lists",
    part: {
      markup: Object.fromEntries(all.map(([address, , , , page]) => [address, page.markup])),
    },
    entries: all.map(([address, title, text, names]) => ({
      address,
      kind: "list",
      system: "",
      title,
      text,
      names,
      part: "lists",
    })),
  }
}

const element = (name: string, content: string): Html =>
  html`<script type="text/plain" data-part="${name}">
    ${trusted(content)}
  </script>`

/** Pictures of systems, by their ids, as SVG. */
export type Pictures = Parts.Index["pictures"]

/** Everything except the first screen, as JSON by part name: an index, and one part for each address or a few. */
export const parts = (
  results: Shown,
  pictures: Pictures,
  code: Code,
): ReadonlyArray<readonly [name: string, json: string]> => {
  const { failures, provenance, studies = [], systems } = results
  const year = provenance.startedAt.slice(0, 4)
  const ways: Ways = { code, commit: provenance.commit?.hash, year }
  const all = systems.flatMap((system) => {
    const { experiments, id } = system
    const own = studies.filter(({ heading }) => heading.system === id)
    return [
      ofSystem(
        system,
        failures.filter((failure) => failure.system === id),
        own,
        ways,
      ),
      ...experiments.map((result) => ofExperiment(system, result, provenance.preset, ways)),
      ...own.map(ofStudy),
    ]
  })
  const named = [...all, lists(results, year)]
  const index: Parts.Index = {
    entries: named.flatMap(({ entries }) => entries),
    pictures,
  }
  return [
    [Parts.shared.index, JSON.stringify(index)],
    [Parts.shared.terms, JSON.stringify(GlossaryPage.terms)],
    ...named.map(({ name, part }) => [name, JSON.stringify(part)] as const),
  ]
}

/** Elements that hold everything except the first screen. */
export const render = (results: Results, pictures: Pictures, code: Code): ReadonlyArray<Html> => [
  element(Parts.shared.engine, script(engine)),
  element(Parts.shared.play, script(play)),
  element(Parts.shared.replay, script(replay)),
  ...parts(results, pictures, code).map(([name, json]) => element(name, packed(json))),
]
