/** The article of each paper: its parts in their order, and what they rest on. */
import { NodeServices } from "@effect/platform-node"
import type * as Verdict from "@nonconvex/evidence/Verdict"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { join } from "node:path"
import * as Article from "../../src/evidence/report/Article.ts"
import * as StudyReport from "../../src/evidence/study/StudyReport.ts"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"

const provide = Effect.provide(Layer.merge(Systems.layer, NodeServices.layer))

/** Headings that every article has, in their order. */
const headings = [
  "The idea",
  "Do its theorems hold?",
  "Surprise: ",
  "Figures",
  "What would change our mind",
  "Studies, registered before they were run",
  "Claims and errata, one by one",
  "Code and citation",
]

const wordsIn = (text: string): number => text.split(/\s+/).length

describe("the article of a paper", () => {
  it.live("tells the idea in at most 150 words, and rests its surprise on what there is", () =>
    Effect.gen(function* () {
      const studies = yield* StudyReport.all(join(import.meta.dirname, "../../../../studies"))
      const systems = yield* allSystems
      assert.strictEqual(systems.length, 7)
      for (const { claims, errata, id, paper } of systems) {
        const { idea, revisedBy, surprise } = paper.article!
        assert.isAtMost(wordsIn(idea), 150, id)
        assert.isAtLeast(wordsIn(idea), 90, id)
        assert.isAtLeast(revisedBy.length, 2, id)
        const known = new Set([
          ...[...claims, ...errata].map((each) => each.id),
          ...studies.map(({ name }) => `study-${name}`),
        ])
        assert.isNotEmpty(surprise.rests, id)
        for (const on of surprise.rests) assert.isTrue(known.has(on), `${id}: ${on}`)
      }
    }).pipe(provide),
  )

  it.live("has its parts in one order, with a toy and the links out", () =>
    Effect.gen(function* () {
      const studies = yield* StudyReport.all(join(import.meta.dirname, "../../../../studies"))
      for (const { claims, id, paper, title } of yield* allSystems) {
        const verdicts = claims.map(({ id: claim, source, statement }): Verdict.Verdict => ({
          _tag: "Held",
          id: claim,
          source,
          statement,
          runs: 200,
          margins: { worst: 0.5, percent1: 0.5, percent10: 0.5, median: 1 },
          caught: [],
        }))
        const own = studies.filter(({ heading }) => heading.system === id)
        const { markup } = Article.render(
          { id, title, paper, verdicts, experiments: [] },
          [],
          own,
          "2026",
          "abc",
        )
        const at = headings.map((heading) =>
          markup.search(new RegExp(`<h2[^>]*>${heading.replace("?", "[?]")}`)),
        )
        assert.notInclude(at, -1, id)
        assert.deepStrictEqual(
          at,
          at.toSorted((a, b) => a - b),
          id,
        )
        const toy = markup.indexOf("data-toy=")
        assert.isTrue(at[0]! < toy && toy < at[1]!, id)
        for (const way of [
          `/tree/abc/packages/${id}"`,
          `https://arxiv.org/abs/${paper.arxiv}`,
          "https://doi.org/",
          "@inproceedings{",
          "@software{nonconvex",
        ]) {
          assert.include(markup, way, id)
        }
      }
    }).pipe(provide),
  )
})
