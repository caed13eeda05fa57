import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option } from "effect"
import { Plan, Replay, Verdict, Verify } from "../src/index.ts"
import { metaLaws } from "./support/MetaLaws.ts"
import { bound, falseBound, nameOf } from "./support/Numbers.ts"

const effort = { runs: 300, seed: 42 }

describe("Verify.claim", () => {
  it.live.each(metaLaws.map((law) => [law.id, law] as const))("obeys %s", ([, law]) =>
    Effect.gen(function* () {
      const verdict = yield* Verify.claim(law.against(Verify.claim), { runs: 100, seed: 20230529 })
      assert.strictEqual(verdict._tag, "Held", Verdict.describe(verdict))
    }),
  )

  it.live("says which instances caught its controls", () =>
    Effect.gen(function* () {
      const claim = bound({ limit: 9, largest: 9, controls: [10, 20] })
      const verdict = yield* Verify.claim(claim, effort)
      assert.strictEqual(verdict._tag, "Held")
      if (verdict._tag !== "Held") return
      assert.strictEqual(verdict.runs, 300)
      assert.deepStrictEqual(verdict.margins, { worst: 0, percent1: 0, percent10: 0, median: 5 })
      assert.deepStrictEqual(
        verdict.caught.map(({ control, counterexample }) => [
          control,
          counterexample.instance,
          counterexample.margin,
        ]),
        [
          [nameOf(10, 0), { n: 10 }, -1],
          [nameOf(20, 1), { n: 10 }, -1],
        ],
      )
    }),
  )

  it.live("lets itself be interrupted between two searches", () =>
    Effect.gen(function* () {
      const claim = bound({ limit: 9, largest: 9, controls: [10] })
      const fiber = yield* Effect.forkChild(Verify.claim(claim, { runs: 1e6, seed: 1 }))
      yield* Effect.sleep(20)
      const started = performance.now()
      yield* Fiber.interrupt(fiber)
      assert.isBelow(performance.now() - started, 500)
    }),
  )
})

it.effect("Verify.claim and Verify.erratum fail on an effort that is none", () =>
  Effect.gen(function* () {
    const none = { runs: 0, seed: 1 }
    const failures = [
      yield* Effect.flip(Verify.claim(bound({ limit: 9, largest: 9, controls: [10] }), none)),
      yield* Effect.flip(Verify.erratum(falseBound({ limit: 8, largest: 9 }), none)),
    ]
    assert.deepStrictEqual(
      failures.map(({ _tag }) => _tag),
      ["InvalidInput", "InvalidInput"],
    )
  }),
)

describe("Verify.searchClaim", () => {
  it("knows the controls of its claim only", () => {
    const claim = bound({ limit: 9, largest: 9, controls: [10] })
    assert.throws(
      () => Verify.searchClaim(claim, "other", { seed: 1, runs: 1 }),
      Replay.UnknownControl,
      `numbers/bound has no control "other"; it has 0: up to 10`,
    )
  })
})

describe("Verify.erratum", () => {
  it.live("finds the smallest counterexample, or none", () =>
    Effect.gen(function* () {
      const refuted = yield* Verify.erratum(falseBound({ limit: 4, largest: 9 }), effort)
      assert.deepStrictEqual(refuted._tag === "Refuted" && refuted.counterexample.instance, {
        n: 5,
      })
      const unrefuted = yield* Verify.erratum(falseBound({ limit: 9, largest: 9 }), effort)
      assert.deepStrictEqual(unrefuted._tag === "Unrefuted" && unrefuted.runs, 300)
      const mishap = { from: 3, kind: "gives NaN" } as const
      const broken = yield* Verify.erratum(falseBound({ limit: 9, largest: 9, mishap }), effort)
      assert.deepStrictEqual(broken._tag === "Broken" && broken.reason, "its margin is NaN")
    }),
  )

  it.live("tries at least 200 instances", () =>
    Effect.gen(function* () {
      const verdict = yield* Verify.erratum(falseBound({ limit: 9, largest: 9 }), {
        runs: 1,
        seed: 42,
      })
      assert.deepStrictEqual(verdict._tag === "Unrefuted" && verdict.runs, 200)
    }),
  )
})

describe("Verify.replay", () => {
  const claim = bound({ limit: 4, largest: 9, controls: [7] })
  const tokenOf = (text: string) => Option.getOrThrow(Replay.parse(text))

  it.effect("draws the instance of a claim, of its control, of an erratum", () =>
    Effect.gen(function* () {
      const [own, control] = [Plan.ofClaim(claim, effort)[0]!, Plan.ofClaim(claim, effort).at(-1)!]
      for (const { control: name, search } of [own, control]) {
        const found = yield* Effect.promise(() => Verify.searchClaim(claim, name, search))
        const { instance, path, seed } = found.violation!
        const token = Replay.format({
          id: claim.id,
          ...(name === undefined ? {} : { control: name }),
          seed,
          path,
        })
        const recalled = yield* Verify.replay(claim, tokenOf(token))
        assert.deepStrictEqual(recalled, { instance, margin: -1 })
      }
      const erratum = falseBound({ limit: 4, largest: 9 })
      const verdict = yield* Verify.erratum(erratum, effort)
      if (verdict._tag !== "Refuted") return assert.fail(verdict._tag)
      const recalled = yield* Verify.replay(erratum, tokenOf(verdict.counterexample.replay))
      assert.deepStrictEqual(recalled, { instance: { n: 5 }, margin: -1 })
    }),
  )

  it.effect("says what is wrong with a token that leads nowhere", () =>
    Effect.gen(function* () {
      const unknown = yield* Effect.flip(Verify.replay(claim, tokenOf("numbers/bound+iid@1:0")))
      assert.strictEqual(unknown.message, `numbers/bound has no control "iid"; it has 0: up to 7`)
      const erratum = falseBound({ limit: 4, largest: 9 })
      const none = yield* Effect.flip(Verify.replay(erratum, tokenOf("numbers/x+iid@1:0")))
      assert.strictEqual(none.message, `numbers/false-bound has no control "iid"; it has none`)
      const stale = yield* Effect.flip(Verify.replay(claim, tokenOf("numbers/bound@1:0:9999")))
      assert.strictEqual(
        stale.message,
        `"numbers/bound@1:0:9999" leads to no instance: those of the claim have changed since; verify it again`,
      )
    }),
  )
})
