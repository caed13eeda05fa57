/** The figures of the presets that take longer than a test may: each is drawn from its own rows, which are kept. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { faultsOf } from "../support/Drawing.ts"
import { experiments } from "../support/Experiments.ts"
import * as KeptRows from "../support/KeptRows.ts"

const presets = experiments.flatMap((experiment) =>
  (["fast", "paper"] as const).map((preset) => ({
    name: `${preset} ${experiment.id}`,
    experiment,
    preset,
  })),
)

describe.each(presets)("the figures of $name", ({ experiment, name, preset }) => {
  it.live("can be read", () =>
    Effect.gen(function* () {
      const kept = yield* Effect.promise(() => KeptRows.read(experiment, preset))
      const settings = KeptRows.settingsOf(experiment, preset)
      const command = `npm run figures -- ${name} --keep`
      assert.strictEqual(kept?.origin.settings, settings, `what keeps its rows: ${command}`)
      assert.deepStrictEqual(yield* faultsOf(experiment, preset, kept!.rows), [])
    }),
  )
})

describe("kept rows", () => {
  it.effect("are read as they were written, bit for bit", () =>
    Effect.gen(function* () {
      const [experiment] = experiments
      const rows = [
        { name: "first", isLost: false, value: -0, loss: Number.NaN },
        { name: "second", isLost: true, value: Number.NEGATIVE_INFINITY },
      ]
      const from = { cases: [rows], seed: 1, commit: "0".repeat(40) }
      const kept = KeptRows.keptOf(experiment!, "fast", from)
      const bytes = yield* Effect.promise(() => KeptRows.encode(kept))
      assert.deepStrictEqual(yield* Effect.promise(() => KeptRows.decode(bytes)), kept)
    }),
  )

  it("are of a large table every k-th of each case and the last", () => {
    const cases = [0, 1].map((part) =>
      Array.from({ length: 1500 }, (_, step) => ({ part, step: step * 2 })),
    )
    const rows = KeptRows.thinned(cases)
    assert.lengthOf(rows, 2 * 501)
    assert.deepStrictEqual(rows[1], { part: 0, step: 6 })
    assert.deepStrictEqual(rows[500], { part: 0, step: 2998 })
    assert.deepStrictEqual(KeptRows.thinned([cases[0]!.slice(0, 900)]), cases[0]!.slice(0, 900))
  })

  it("are less than 3 MB, and of presets that there are", () => {
    const files = readdirSync(KeptRows.folder, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    )
    const places = presets.map(({ experiment, preset }) => KeptRows.pathOf(experiment, preset))
    const paths = files.map(({ name, parentPath }) => join(parentPath, name))
    assert.deepStrictEqual(
      paths.filter((path) => !places.includes(path)),
      [],
    )
    assert.isBelow(
      paths.reduce((sum, path) => sum + statSync(path).size, 0),
      3e6,
    )
  })
})
