/** What a reader finds in one screen: for each paper what it asks, what was found, and how sure that is. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { join } from "node:path"
import * as Judgement from "../../src/evidence/study/Judgement.ts"
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
    .replaceAll(/\s+/g, " ")
    .trim()

const cardsOf = (page: string): ReadonlyArray<string> => {
  const list = /<ol class="papers">(.*?)<\/ol>/s.exec(page)![1]!
  return [...list.matchAll(/<li>(.*?)<\/li>/gs)].map(([, card]) => card!)
}

/** The paragraph of a card. */
const part = (card: string, name: "asked" | "found" | "sure"): string =>
  textOf(new RegExp(`<p class="${name}">(.*?)</p>`, "s").exec(card)![1]!)

/** Letters for which a screen of a phone has room: 57 lines of 55, seven tenths of them full. */
const room = 2200

describe("the first screen of a report", () => {
  it.live(
    "has each paper: what it asks, what was found, how sure that is, and where it stands",
    () =>
      Effect.gen(function* () {
        const { all, inside, page } = yield* drawn
        assert.isBelow(page.indexOf("</ol>"), page.indexOf('class="tiles"'))
        const cards = cardsOf(page)
        assert.lengthOf(cards, 7)
        cards.forEach((card, at) => {
          const { id, paper } = all.systems[at]!
          assert.include(card, `href="#${id}"`)
          assert.property(inside, id)
          assert.strictEqual(part(card, "asked"), paper.asks)
          assert.match(part(card, "found"), /^(?:supported|contradicted|undecided) \S/)
          assert.match(
            part(card, "sure"),
            /^(?:\d+ of \d+ claims held: \d+ theorems? [^;]+|no claim was checked); studies: \d+ /,
          )
          const outcomes = all.studies
            .filter(({ heading }) => heading.system === id)
            .flatMap(({ found }) => found?.judged ?? [])
            .filter(({ aside }) => aside === undefined)
            .map(({ outcome }) => outcome)
          assert.match(part(card, "found"), /n: .+; (?:share|difference|ratio) .+, asked .+; .*\d/)
          assert.strictEqual(
            part(card, "found").includes("contradicted "),
            outcomes.includes("contradicted"),
            id,
          )
          assert.isBelow(textOf(card).length, room, id)
        })
      }),
  )

  it.live("is followed by sections that begin with the same, of all their studies", () =>
    Effect.gen(function* () {
      const { all, inside } = yield* drawn
      for (const { id, paper } of all.systems) {
        const opening = inside[id]!.slice(0, inside[id]!.indexOf("<h2>"))
        assert.include(textOf(opening), `Asked ${paper.asks} Found`)
        assert.include(opening, "How sure")
        for (const { found, heading, name } of all.studies) {
          const isHere = heading.system === id && found !== undefined
          assert.strictEqual(opening.includes(`href="#study-${name}"`), isHere, name)
          if (isHere) assert.property(inside, `study-${name}`)
        }
      }
    }),
  )

  it.live("takes the study that leads, and says where none was run", () =>
    Effect.gen(function* () {
      const { all, page } = yield* drawn
      const leads = all.studies.find(({ heading }) => heading.leads === true)!
      const finding = Judgement.sentence(leads.found!.judged[0]!).replaceAll("*", "")
      assert.include(textOf(page), finding)
      const [first] = cardsOf(Page.render({ ...all, studies: [] }))
      assert.strictEqual(part(first!, "found"), "No study was run.")
      assert.strictEqual(part(first!, "sure"), "no claim was checked")
    }),
  )
})
