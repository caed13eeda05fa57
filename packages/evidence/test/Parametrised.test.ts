import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { parametrised, parametrisedLaw, Verify } from "../src/index.ts"
import { type Drawn, source, upTo } from "./support/Numbers.ts"

/** "An integer from 0 to 9 is at most `holds`", with controls on the same integers and on larger ones. */
const bound = (holds: number, fails: number) =>
  parametrised({
    id: "numbers/parametrised",
    statement: `An integer from 0 to 9 is at most ${holds}.`,
    source,
    instances: upTo(9),
    margin: ({ n }: Drawn, _, limit) => limit - n,
    holds,
    fails: [
      ["a smaller limit", fails],
      ["larger integers", holds, upTo(99)],
      { name: "never", margin: () => -1 },
      { name: "integers that are larger still", instances: upTo(999) },
    ],
  })

const verdict = (holds: number, fails: number) =>
  Verify.claim(bound(holds, fails), { runs: 200, seed: 3 }).pipe(
    Effect.provide(Kernels.layerReference),
  )

describe("parametrised", () => {
  it.effect("holds with its value, and is caught with the others, on instances of their own", () =>
    Effect.gen(function* () {
      const held = yield* verdict(9, 5)
      assert.strictEqual(held._tag, "Held")
      if (held._tag !== "Held") return
      assert.strictEqual(held.margins.worst, 0)
      assert.deepStrictEqual(
        held.caught.map(({ control }) => control),
        ["a smaller limit", "larger integers", "never", "integers that are larger still"],
      )
    }),
  )

  it.effect("is falsified where its value is none, and toothless where another is one too", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* verdict(8, 5))._tag, "Falsified")
      const toothless = yield* verdict(9, 10)
      assert.deepStrictEqual(toothless._tag === "Toothless" && toothless.survived, [
        "a smaller limit",
      ])
    }),
  )
})

describe("parametrisedLaw", () => {
  it.effect("catches other values and other subjects, in the order in which they are written", () =>
    Effect.gen(function* () {
      const atMost = parametrisedLaw({
        id: "numbers/parametrised-law",
        statement: "An integer from 0 to 9 is at most the limit.",
        source,
        instances: upTo(9),
        margin: (limit: number, { n }, _, less) => limit - less - n,
        holds: 0,
        fails: [
          { name: "half the limit", subject: (limit) => limit / 2 },
          ["less than the limit", 4],
        ],
      })
      const effort = { runs: 200, seed: 3 }
      const found = yield* Effect.forEach([9, 8], (limit) =>
        Verify.claim(atMost.against(limit), effort).pipe(Effect.provide(Kernels.layerReference)),
      )
      const [held, falsified] = found.map((each) => [
        each._tag,
        each._tag === "Held" ? each.caught.map(({ control }) => control) : [],
      ])
      assert.deepStrictEqual(held, ["Held", ["half the limit", "less than the limit"]])
      assert.deepStrictEqual(falsified, ["Falsified", []])
    }),
  )
})
