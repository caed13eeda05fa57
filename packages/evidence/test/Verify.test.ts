import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option } from "effect"
import * as Verdict from "../src/Verdict.ts"
import * as Verify from "../src/Verify.ts"
import * as Replay from "../src/Replay.ts"
import * as Plan from "../src/Plan.ts"
import { counted, metaLaws } from "./support/MetaLaws.ts"
import { bound, falseBound, nameOf } from "./support/Numbers.ts"

const effort = { runs: 300, seed: 42 }

const given = { kernels: Kernels.reference() }

/** Verifies on this thread with reference kernels. */
const verified = (...subject: Parameters<typeof Verify.claim>) =>
  Effect.provide(Verify.claim(...subject), Kernels.layerReference)

const searched = (...subject: Parameters<typeof Verify.erratum>) =>
  Effect.provide(Verify.erratum(...subject), Kernels.layerReference)

describe("Verify.claim", () => {
  it.live.each(metaLaws.map((law) => [law.id, law] as const))("obeys %s", ([, law]) =>
    Effect.gen(function* () {
      const verdict = yield* verified(law.against(counted), { runs: 100, seed: 20230529 })
      assert.strictEqual(verdict._tag, "Held", Verdict.describe(verdict))
    }),
  )

  it.live("says which instances caught its controls", () =>
    Effect.gen(function* () {
      const claim = bound({ limit: 9, largest: 9, controls: [10, 20] })
      const verdict = yield* verified(claim, effort)
      assert.strictEqual(verdict._tag, "Held")
      if (verdict._tag !== "Held") return
      assert.strictEqual(verdict.runs, 300)
      const { histogram, reached, ...quantiles } = verdict.margins
      assert.deepStrictEqual(quantiles, { worst: 0, percent1: 0, percent10: 0, median: 5 })
      assert.strictEqual(reached?.at(-1), 0)
      assert.strictEqual(
        histogram?.counts.reduce((sum, count) => sum + count),
        verdict.runs,
      )
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

  it.live("comes to the verdict that counting comes to", () =>
    Effect.gen(function* () {
      for (const [largest, control] of [
        [9, 10],
        [12, 13],
        [9, 8],
      ] as const) {
        const claim = bound({ limit: 9, largest, controls: [control] })
        assert.deepStrictEqual(yield* verified(claim, effort), counted(claim, effort))
      }
    }),
  )

  it.live("lets itself be interrupted between two searches", () =>
    Effect.gen(function* () {
      const claim = bound({ limit: 9, largest: 9, controls: [10] })
      const fiber = yield* Effect.forkChild(verified(claim, { runs: 1e6, seed: 1 }))
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
      yield* Effect.flip(verified(bound({ limit: 9, largest: 9, controls: [10] }), none)),
      yield* Effect.flip(searched(falseBound({ limit: 8, largest: 9 }), none)),
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
      () => Verify.searchClaim(claim, "other", { seed: 1, runs: 1 }, given),
      Replay.UnknownControl,
      `numbers/bound has no control "other"; it has 0: up to 10`,
    )
  })
})

describe("Verify.erratum", () => {
  it.live("finds the smallest counterexample, or none", () =>
    Effect.gen(function* () {
      const refuted = yield* searched(falseBound({ limit: 4, largest: 9 }), effort)
      assert.deepStrictEqual(refuted._tag === "Refuted" && refuted.counterexample.instance, {
        n: 5,
      })
      const unrefuted = yield* searched(falseBound({ limit: 9, largest: 9 }), effort)
      assert.deepStrictEqual(unrefuted._tag === "Unrefuted" && unrefuted.runs, 300)
      const mishap = { from: 3, kind: "gives NaN" } as const
      const broken = yield* searched(falseBound({ limit: 9, largest: 9, mishap }), effort)
      assert.deepStrictEqual(broken._tag === "Broken" && broken.reason, "its margin is NaN")
    }),
  )

  it.live("tries at least 200 instances", () =>
    Effect.gen(function* () {
      const verdict = yield* searched(falseBound({ limit: 9, largest: 9 }), {
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
        const found = Verify.searchClaim(claim, name, search, given)
        const { instance, path, seed } = found.violation!
        const token = Replay.format({
          id: claim.id,
          ...(name === undefined ? {} : { control: name }),
          seed,
          path,
        })
        const recalled = Verify.replay(claim, tokenOf(token), given)
        assert.deepStrictEqual(recalled, { instance, margin: -1 })
      }
      const erratum = falseBound({ limit: 4, largest: 9 })
      const verdict = yield* searched(erratum, effort)
      if (verdict._tag !== "Refuted") return assert.fail(verdict._tag)
      const recalled = Verify.replay(erratum, tokenOf(verdict.counterexample.replay), given)
      assert.isDefined(verdict.exact)
      assert.deepStrictEqual(recalled, {
        instance: { n: 5 },
        margin: -1,
        certainty: verdict.exact,
      })
    }),
  )

  it("says what is wrong with a token that leads nowhere", () => {
    const thrown = (subject: Parameters<typeof Verify.replay>[0], token: string) => {
      try {
        return Verify.replay(subject, tokenOf(token), given)
      } catch (error) {
        return error instanceof Error ? error.message : error
      }
    }
    assert.strictEqual(
      thrown(claim, "numbers/bound+iid@1:0"),
      `numbers/bound has no control "iid"; it has 0: up to 7`,
    )
    const erratum = falseBound({ limit: 4, largest: 9 })
    assert.strictEqual(
      thrown(erratum, "numbers/x+iid@1:0"),
      `numbers/false-bound has no control "iid"; it has none`,
    )
    assert.strictEqual(
      thrown(claim, "numbers/bound@1:0:9999"),
      `"numbers/bound@1:0:9999" does not name an instance, because the claim has changed; verify it again`,
    )
  })
})
