/** Ways out: citations, and the sources of claims. */
import { NodeServices } from "@effect/platform-node"
import * as Paper from "@nonconvex/evidence/Paper"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Cite from "../../src/evidence/report/Cite.ts"
import * as Code from "../../src/evidence/report/Code.ts"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"

const root = join(import.meta.dirname, "../../../..")
const provide = Effect.provide(Layer.merge(Systems.layer, NodeServices.layer))

describe("CITATION.cff", () => {
  const cff = readFileSync(join(root, "CITATION.cff"), "utf8")

  it("has the version, the title and the address of the project", () => {
    const { version } = JSON.parse(readFileSync(join(root, "apps/lab/package.json"), "utf8")) as {
      readonly version: string
    }
    assert.include(cff, `\nversion: ${version}\n`)
    assert.include(cff, `\ntitle: "${Cite.title}"\n`)
    assert.include(cff, `\nrepository-code: ${Code.repository}\n`)
    assert.include(Cite.project("2026"), `version = {${version}}`)
  })

  it.live("refers to the papers of all systems, with their authors", () =>
    Effect.gen(function* () {
      for (const { paper } of yield* provide(allSystems)) {
        const at = cff.indexOf(`url: ${Paper.arxivOf(paper)}\n`)
        assert.isAbove(at, 0, paper.title)
        const from = cff.lastIndexOf("- type:", at)
        const to = cff.indexOf("- type:", at)
        const entry = cff.slice(from, to === -1 ? undefined : to)
        assert.include(entry, `title: "${paper.title}"`)
        assert.include(entry, `year: ${paper.year}`)
        for (const name of paper.authors.split(", ")) {
          assert.include(entry, `family-names: ${name.slice(name.lastIndexOf(" ") + 1)}`)
        }
      }
    }),
  )
})

describe("the source of a claim", () => {
  it.live(
    "is a file of the repository, at the commit, for every claim, erratum and experiment",
    () =>
      Effect.gen(function* () {
        const systems = yield* provide(allSystems)
        const code = yield* provide(
          Code.at(
            systems.map(({ id }) => id),
            "abc",
          ),
        )
        for (const { claims, errata, experiments } of systems) {
          for (const { id } of [...claims, ...errata, ...experiments]) {
            const address = code(id)
            assert.isDefined(address, id)
            const [, path] = address.split("/blob/abc/")
            assert.isTrue(existsSync(join(root, path!)), address)
          }
        }
        assert.isUndefined(code("toy/none"))
      }),
  )
})
