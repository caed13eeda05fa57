import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { claim, type Described, Draw, Margin } from "../src/index.ts"
import * as Verdict from "../src/Verdict.ts"
import * as Verify from "../src/Verify.ts"
import * as Replay from "../src/Replay.ts"
import { source } from "./support/Numbers.ts"

const controls = [{ name: "none", margin: () => Margin.holds(false) }] as const

const described = (name: string): Pick<Described, "id" | "statement" | "source"> => ({
  id: `growth/${name}`,
  statement: "A statement for every horizon.",
  source,
})

const instances = Draw.record({ steps: Draw.integer(5, 10), seed: Draw.seed() })

/** Holds at the drawn horizons, and fails from a thousand steps on. */
const untilAThousand = claim({
  ...described("until-a-thousand"),
  instances,
  margin: ({ instance: { steps } }) => Margin.atMost(steps < 1000 ? 0.5 : 2, 1),
  controls,
})

/** Uses up its bound by a tenth with each doubling. */
const creeping = claim({
  ...described("creeping"),
  instances,
  margin: ({ instance: { steps } }) => Margin.atMost(0.1 * Math.log2(steps), 1.2),
  controls,
})

const steady = claim({
  ...described("steady"),
  instances,
  margin: ({ instance: { seed } }) => Margin.atMost((seed % 100) / 100, 1),
  controls,
})

const effort = { runs: 50, seed: 1 }

const verified = (...subject: Parameters<typeof Verify.claim>) =>
  Effect.provide(Verify.claim(...subject), Kernels.layerReference)

describe("a search over growing horizons", () => {
  it.live("catches a claim that holds at the drawn horizons and fails at long ones", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* verified(untilAThousand, effort))._tag, "Held")
      const verdict = yield* verified(untilAThousand, { ...effort, growth: { most: 256 } })
      assert.strictEqual(verdict._tag, "Falsified")
      if (verdict._tag !== "Falsified") return
      const { instance, replay } = verdict.counterexample
      const { steps } = instance as { readonly steps: number }
      assert.isAtLeast(steps, 1000)
      const token = Replay.parse(replay)
      assert.strictEqual(token._tag, "Some")
      if (token._tag !== "Some") return
      const again = Verify.replay(untilAThousand, token.value, { kernels: Kernels.reference() })
      assert.deepStrictEqual(again.instance, instance)
      assert.isBelow(again.margin, 0)
    }),
  )

  it.live("says that a margin falls, and where it would end, while the claim still holds", () =>
    Effect.gen(function* () {
      const verdict = yield* verified(creeping, { ...effort, growth: { most: 16 } })
      assert.strictEqual(verdict._tag, "Held")
      if (verdict._tag !== "Held") return
      const [horizon] = verdict.horizons!
      assert.strictEqual(horizon?.trend._tag, "Falling")
      if (horizon?.trend._tag !== "Falling") return
      // 2^12 steps use up the bound, and 10 are the most that are drawn
      const { failsAt } = horizon.trend
      assert.closeTo(Math.log2(10 * failsAt), 12, 0.1)
      assert.include(Verdict.inHorizon(horizon), "falling")
      assert.include(Verdict.inHorizon(horizon), "at this rate it would fail")
      const reason = "large instances attain it"
      const explained = yield* verified(
        { ...creeping, tight: reason },
        { ...effort, growth: { most: 16 } },
      )
      assert.strictEqual(explained._tag, "Held")
      if (explained._tag !== "Held") return
      const said = Verdict.inHorizon(explained.horizons![0]!)
      assert.include(said, reason)
      assert.notInclude(said, "would fail")
    }),
  )

  it.live("calls a margin flat that does not depend on the horizon", () =>
    Effect.gen(function* () {
      const verdict = yield* verified(steady, { ...effort, growth: { most: 64 } })
      assert.strictEqual(verdict._tag, "Held")
      if (verdict._tag !== "Held") return
      const [horizon] = verdict.horizons!
      assert.strictEqual(horizon?.trend._tag, "Flat")
      const sizes = horizon?.sizes ?? []
      assert.deepStrictEqual(
        sizes.map(({ extent, factor }) => extent["steps"]! / factor),
        Array.from({ length: 7 }, () => sizes[0]!.extent["steps"]!),
      )
    }),
  )

  it.live("says the reason where instances cannot grow, and falsifies nothing by it", () =>
    Effect.gen(function* () {
      const bounded = claim({
        ...described("bounded"),
        instances,
        margin: ({ instance: { steps } }) => {
          if (steps > 100) throw new RangeError("100 steps at most")
          return Margin.holds(true)
        },
        controls,
      })
      const verdict = yield* verified(bounded, { ...effort, growth: { most: 64 } })
      assert.strictEqual(verdict._tag, "Held")
      if (verdict._tag !== "Held") return
      assert.include(verdict.horizons?.[0]?.stopped, "100 steps at most")
      const withReason = claim({
        ...described("with-reason"),
        bounded: "so",
        instances,
        margin: () => Margin.holds(true),
        controls,
      })
      const other = yield* verified(withReason, { ...effort, growth: { most: 64 } })
      assert.isUndefined(other._tag === "Held" ? other.horizons : [])
    }),
  )

  it.live("says of each verdict how far it was tried", () =>
    Effect.gen(function* () {
      const verdict = yield* verified(steady, { ...effort, way: "steered" })
      assert.strictEqual(verdict._tag, "Held")
      if (verdict._tag !== "Held") return
      assert.deepStrictEqual(verdict.tried, { way: "steered", extent: { steps: 10 } })
      assert.include(Verdict.describe(verdict), "50 runs (steered, steps up to 10)")
    }),
  )
})
