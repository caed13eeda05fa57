import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Conformance } from "../src/index.ts"
import { counts, fails } from "./support/Counting.ts"
import { bound, falseBound } from "./support/Numbers.ts"

const held = bound({ limit: 9, largest: 9, controls: [10] })
const effort = { runs: 100, seed: 1 }

/** What the cases of a system that is `numbers` but for `changed` say: nothing, or why not. */
const said = (changed: Partial<Conformance.Subject>) =>
  Effect.forEach(
    Conformance.cases(
      { id: "numbers", claims: [held], errata: [], experiments: [], ...changed },
      effort,
    ),
    ({ check }) =>
      check.pipe(
        Effect.as("fine"),
        Effect.catchTag("NonConforming", ({ message }) => Effect.succeed(message)),
        Effect.provide(NodeServices.layer),
      ),
  )

describe("Conformance.cases", () => {
  it.effect("passes a system of which all is true", () =>
    Effect.gen(function* () {
      const errata = [falseBound({ limit: 4, largest: 9 })]
      assert.deepStrictEqual(yield* said({ errata, experiments: [counts] }), [
        "fine",
        "fine",
        "fine",
        "fine",
      ])
    }),
  )

  it.effect("refuses a claim that is false, and one without teeth", () =>
    Effect.gen(function* () {
      const claims = [
        bound({ id: "numbers/false", limit: 9, largest: 12, controls: [13] }),
        bound({ id: "numbers/toothless", limit: 9, largest: 9, controls: [8] }),
      ]
      const [names, falsified, toothless] = yield* said({ claims })
      assert.strictEqual(names, "fine")
      assert.match(falsified!, /^numbers\/false: numbers\/false is falsified by \{"n":10\}/)
      assert.match(toothless!, /is toothless: it also holds under 0: up to 8$/)
    }),
  )

  it.effect("refuses an erratum that is none, and one that no claim corrects", () =>
    Effect.gen(function* () {
      const [, none] = yield* said({ claims: [], errata: [falseBound({ limit: 9, largest: 9 })] })
      assert.match(none!, /found no counterexample in \d+ runs$/)
      const [, alone] = yield* said({ claims: [], errata: [falseBound({ limit: 4, largest: 9 })] })
      assert.strictEqual(alone, "numbers/false-bound: no claim of numbers is called numbers/bound")
    }),
  )

  it.effect("refuses names that are taken or of another system", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        (yield* said({ claims: [held, held] }))[0],
        "numbers: twice: numbers/bound",
      )
      assert.strictEqual((yield* said({ id: "other" }))[0], "other: misnamed: numbers/bound")
    }),
  )

  it.effect("refuses an experiment that fails or does not show what it should", () =>
    Effect.gen(function* () {
      const none = counts.open((definition) => ({
        ...counts,
        open: ((use) =>
          use({ ...definition, figures: () => [], rows: () => 3 })) as typeof counts.open,
      }))
      const halved = counts.open((definition) => ({
        ...counts,
        open: ((use) =>
          use({
            ...definition,
            parts: (config) => [config, config],
          })) as typeof counts.open,
      }))
      const [, , wrong, failed, partial] = yield* said({ experiments: [none, fails, halved] })
      assert.strictEqual(wrong, "numbers/counts: 2 rows, and 3 announced; no figure")
      assert.strictEqual(failed, "fine")
      assert.strictEqual(partial, "numbers/counts: a second run, by parts, differs")
    }),
  )
})
