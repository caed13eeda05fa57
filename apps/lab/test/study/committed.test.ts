/** The studies of this project: each is whole, its sweeps can be run, and what is stored of it is drawn. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import * as Figure from "@nonconvex/figures"
import { Effect, Layer, type Schema } from "effect"
import * as Trials from "@nonconvex/runner/sweep/Trials"
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"
import * as Drawings from "../../src/evidence/report/Drawings.ts"
import * as Svg from "@nonconvex/figures/svg"
import * as StudySection from "../../src/evidence/report/StudySection.ts"
import * as Judgement from "../../src/evidence/study/Judgement.ts"
import * as RunStudy from "../../src/evidence/study/RunStudy.ts"
import * as Study from "../../src/evidence/study/Study.ts"
import * as StudyReport from "../../src/evidence/study/StudyReport.ts"
import * as Readable from "../support/Readable.ts"
import * as Scene from "../support/Scene.ts"

const folder = join(import.meta.dirname, "../../../../studies")

const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

const provide = Effect.provide(Layer.merge(Systems.layer, NodeServices.layer))

describe.each(names)("the study %s", (name) => {
  it.live("asks what its experiment can answer, of a system that there is", () =>
    Effect.gen(function* () {
      const study = yield* Study.named(folder, name)
      yield* RunStudy.prepare(study)
      yield* RunStudy.prepare({ sweep: study.full })
      const systems = yield* allSystems
      assert.include(
        systems.map(({ id }) => id),
        study.heading.system,
      )
    }).pipe(provide),
  )

  it.live("is drawn as it is stored, with every figure and every expectation", () =>
    Effect.gen(function* () {
      const study = yield* Study.named(folder, name)
      const report = yield* StudyReport.read(study)
      const figures = report.found?.figures ?? []
      const drawings = yield* Drawings.draw([{ id: StudySection.idOf(report), rows: [], figures }])
      assert.deepStrictEqual(Drawings.undrawable(drawings), [])
      for (const figure of figures) {
        const { id, spec } = figure
        assert.deepStrictEqual(
          Figure.problems({ ...figure, spec: spec as Schema.JsonObject }),
          [],
          id,
        )
        for (const screen of ["wide", "narrow"] as const) {
          const view = yield* Svg.scene({ spec, screen })
          const { root } = view.scenegraph() as unknown as { readonly root: Scene.Mark }
          const faults = [
            ...(screen === "wide" ? Scene.faults(root) : Scene.smallPrint(root)),
            ...Readable.unreadable(root),
            ...Readable.impossible(spec),
          ]
          view.finalize()
          assert.deepStrictEqual(faults, [], id)
        }
      }
      const { markup } = StudySection.render(report)
      const { expectations } = study.registered
      const judged = report.found?.judged ?? []
      assert.lengthOf(judged, report.found === undefined ? 0 : expectations.length)
      assert.strictEqual(markup.includes("not run yet"), report.found === undefined)
    }).pipe(provide),
  )
})

/** Words of registered findings that the style sheet replaces, without those that name a rate. */
const unwritten =
  /cannot be told|predicts? (?:\*\*)?(?:better|worse)|no catapults|the paper (?:says|has it)|asks for (?:more|fewer)/

const numbersIn = (text: string): ReadonlyArray<string> => text.match(/\d+(?:\.\d+)?/g) ?? []

describe.each(names)("the findings of %s", (name) => {
  it.live("are in plain English next to the registered words, with the same numbers", () =>
    Effect.gen(function* () {
      const study = yield* Study.named(folder, name)
      const { found } = yield* StudyReport.read(study)
      const registered = study.registered.expectations.flatMap(({ words }) => Object.values(words))
      for (const [words, plain] of Object.entries(study.heading.plain ?? {})) {
        assert.include(registered, words)
        assert.deepStrictEqual(numbersIn(plain), numbersIn(words), plain)
      }
      for (const judged of found?.judged ?? []) {
        assert.notMatch(Judgement.sentence(judged), unwritten)
        if (judged.plain !== undefined) assert.notStrictEqual(judged.plain, judged.finding)
      }
    }).pipe(provide),
  )
})

describe.each(names)("the pilot of %s", (name) => {
  it.live("is kept as rows of other seeds, or the study says why it is not", () =>
    Effect.gen(function* () {
      const { heading, sweep } = yield* Study.named(folder, name)
      const place = join(folder, name, Study.files.pilot)
      assert.strictEqual(existsSync(place), heading.pilot === undefined)
      if (!existsSync(place)) return
      const [header = "", ...lines] = readFileSync(place, "utf8").trim().split(/\r?\n/)
      const column = header.split(",").indexOf("seed")
      assert.isAtLeast(column, 0, "a pilot has a column seed")
      const trials = Trials.withSeeds(sweep, yield* Trials.configurations(sweep))
      const registered = new Set(trials.map(({ seed }) => seed))
      const seeds = lines.map((line) => Number(line.split(",")[column]))
      assert.deepStrictEqual(
        seeds.filter((seed) => registered.has(seed)),
        [],
      )
    }).pipe(provide),
  )
})

describe("all studies", () => {
  it("are less than 20 MB", () => {
    const all = readdirSync(folder, { recursive: true, withFileTypes: true })
    const bytes = all
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
    assert.isBelow(bytes, 20e6)
  })
})
