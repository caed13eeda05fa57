/** Rows of ten seeds of the experiments of this project: each with chance has them, and its expectations hold over them. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import * as Expectation from "@nonconvex/evidence/Expectation"
import type { Experiment } from "@nonconvex/evidence/Experiment"
import { Effect, Layer } from "effect"
import { existsSync } from "node:fs"
import { join } from "node:path"
import * as KeptRows from "../../src/evidence/kept/KeptRows.ts"
import * as OverSeeds from "../../src/evidence/kept/OverSeeds.ts"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"

const folder = join(import.meta.dirname, "../../../../rows")

const provide = Effect.provide(Layer.merge(Systems.layer, NodeServices.layer))

const all: ReadonlyArray<Experiment> = await Effect.runPromise(
  provide(Effect.map(allSystems, (systems) => systems.flatMap(({ experiments }) => experiments))),
)

/** Expectations over the seeds that are kept, of which the first is shown. */
const judged = (experiment: Experiment, { config, rows }: KeptRows.KeptRows) => {
  const { evaluate } = experiment.configure(config)
  const seeds = Array.from(rows.values(), (some) => evaluate(some).expectations)
  return Expectation.overSeeds(seeds[0]!, seeds, experiment.share ?? OverSeeds.standardShare)
}

const withChance = all.filter(({ deterministic }) => deterministic === undefined)

describe.each(withChance)("the rows of ten seeds of $id", (experiment) => {
  it.live("are of the settings of now, and its expectations hold over them", () =>
    Effect.gen(function* () {
      const kept = yield* KeptRows.read(folder, experiment)
      assert.isDefined(kept, `run: nonconvex keep ${experiment.id}`)
      assert.deepStrictEqual([...kept.rows.keys()], KeptRows.seedsOf(experiment))
      assert.isFalse(OverSeeds.isFixed(kept), "it must say that it is deterministic")
      const failing = judged(experiment, kept).filter(
        (each) => !each.holds && !Expectation.isRegression(each),
      )
      assert.deepStrictEqual(
        failing.map(({ seeds, statement }) => `${statement}: ${seeds?.holds} of ${seeds?.of}`),
        [],
      )
    }).pipe(provide),
  )
})

describe("an experiment that is deterministic", () => {
  it.each(all.filter(({ deterministic }) => deterministic !== undefined))(
    "$id has no rows of several seeds",
    ({ id }) => {
      assert.isFalse(existsSync(join(folder, `${id}.csv`)))
    },
  )
})
