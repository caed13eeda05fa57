/** What a reader finds in one screen: for each paper what it asks, what was found, and how sure that is. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { join } from "node:path"
import * as Paper from "@nonconvex/evidence/Paper"
import * as Glossary from "../../src/evidence/Glossary.ts"
import * as Judgement from "../../src/evidence/study/Judgement.ts"
import * as Html from "../../src/evidence/report/Html.ts"
import * as Page from "../../src/evidence/report/Page.ts"
import type { Results } from "../../src/evidence/report/Results.ts"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"
import * as StudyReport from "../../src/evidence/study/StudyReport.ts"
import * as Provenance from "../support/Provenance.ts"
import * as Unpacked from "../support/Unpacked.ts"

const provide = Effect.provide(Layer.merge(Systems.layer, NodeServices.layer))

/** The seven papers and their studies as they are stored, with nothing computed. */
const results = Effect.gen(function* () {
  const systems = yield* allSystems
  const studies = yield* StudyReport.all(join(import.meta.dirname, "../../../../studies"))
  return {
    format: 1,
    provenance: Provenance.ofResults,
    systems: systems.map(({ id, paper, title }) => ({
      id,
      title,
      paper,
      verdicts: [],
      experiments: [],
    })),
    failures: [],
    studies,
  } satisfies Results
})

/** These and their page, which is drawn once for all tests. */
const drawn = Effect.runSync(
  Effect.cached(
    provide(
      Effect.map(results, (all) => {
        const page = Page.render(all)
        return { all, page, inside: Unpacked.markup(page) }
      }),
    ),
  ),
)

const textOf = (markup: string): string =>
  markup
    .replaceAll(/<[^>]+>/g, "")
    .replaceAll("&#39;", "'")
    .replaceAll(/\s+/g, " ")
    .trim()

const rowsOf = (page: string): ReadonlyArray<string> => {
  const list = /<ol class="papers">(.*?)<\/ol>/s.exec(page)![1]!
  return list.split('<a class="picture-of"').slice(1)
}

describe("the first screen of a report", () => {
  it.live("has a toy, numbers that lead to their lists, and an answer for each paper", () =>
    Effect.gen(function* () {
      const { all, inside, page } = yield* drawn
      assert.include(page, 'data-toy="normalisation"')
      const judged = all.studies.flatMap(({ found }) => found?.judged ?? [])
      const against = judged.filter(({ outcome }) => outcome === "contradicted")
      assert.include(
        textOf(page),
        `${against.length} of ${judged.length} preregistered predictions contradicted`,
      )
      for (const [, address] of page.matchAll(/<ul class="numbers">.*?href="#([^"?]+)/gs)) {
        assert.property(inside, address!)
      }
      const rows = rowsOf(page)
      assert.lengthOf(rows, 7)
      rows.forEach((row, at) => {
        const { id, paper } = all.systems[at]!
        const text = textOf(row)
        assert.include(row, `href="#${id}"`)
        assert.include(text, `${Paper.cited(paper)}, ${paper.venue}`)
        assert.include(row, `href="${Paper.arxivOf(paper)}"`)
        assert.include(text, paper.asks!)
        assert.include(text, paper.answer!.text)
        // how sure, and at what scale
        assert.match(text, /(?:share|difference|ratio) \S+ \(\S+ to \S+\), \d+ seeds; .*\d/)
      })
    }),
  )

  it.live("rests each answer on claims and studies that there are", () =>
    Effect.gen(function* () {
      const { all } = yield* drawn
      const known = (yield* provide(allSystems)).flatMap(({ claims }) => claims.map(({ id }) => id))
      const studies = all.studies.flatMap(({ found, name }) =>
        found === undefined ? [] : [`study-${name}`],
      )
      for (const { paper } of all.systems) {
        assert.isAbove(paper.answer!.rests.length, 1)
        for (const id of paper.answer!.rests) assert.include([...known, ...studies], id)
      }
    }),
  )

  it.live("is followed by articles that begin with the same, and end in ways out", () =>
    Effect.gen(function* () {
      const { all, inside } = yield* drawn
      for (const { id, paper } of all.systems) {
        const article = inside[id]!
        const opening = article.slice(0, article.indexOf("<h2>"))
        assert.include(textOf(opening), `${paper.asks} ${paper.answer!.text}`)
        assert.include(article, "@software{nonconvex")
        for (const { found, heading, name } of all.studies) {
          const isHere = heading.system === id && found !== undefined
          const [, after = ""] = article.split("<h2>Studies, registered")
          assert.strictEqual(after.includes(`href="#study-${name}"`), heading.system === id, name)
          if (isHere) assert.property(inside, `study-${name}`)
        }
      }
    }),
  )

  it.live("lists every contradicted prediction, and every term", () =>
    Effect.gen(function* () {
      const { all, inside } = yield* drawn
      const against = all.studies
        .flatMap((study) => study.found?.judged ?? [])
        .filter(({ outcome }) => outcome === "contradicted")
      const page = inside["contradicted"]!
      assert.lengthOf(page.match(/>contradicted</g)!, against.length)
      for (const each of against) {
        assert.include(page, Html.prose(Judgement.sentence(each)).markup)
      }
      for (const { meaning } of Glossary.entries) {
        assert.include(inside["glossary"]!, Html.prose(meaning).markup)
      }
    }),
  )

  it.live("says where no study was run", () =>
    Effect.gen(function* () {
      const { all } = yield* drawn
      const inside = Unpacked.markup(Page.render({ ...all, studies: [] }))
      assert.include(textOf(inside["optim-sam"]!), "No study was run.")
    }),
  )
})
