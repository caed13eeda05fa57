import { InvalidInput } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import type { Attempt } from "../src/Attempt.ts"
import type * as Verdict from "../src/Verdict.ts"
import * as Plan from "../src/Plan.ts"
import { bound, falseBound, nameOf } from "./support/Numbers.ts"

const claim = bound({ limit: 9, largest: 9, controls: [10, 20] })
const erratum = falseBound({ limit: 8, largest: 9 })
const effort = { runs: 150, seed: 7 }

const held = (margins: ReadonlyArray<number>): Attempt => ({
  margins: Float64Array.from(margins),
  interrupted: false,
})

const cut = (margins: ReadonlyArray<number>): Attempt => ({ ...held(margins), interrupted: true })

const violated = (instance: object, margin = -1): Attempt => ({
  margins: Float64Array.of(3, 2),
  interrupted: false,
  violation: { instance: { ...instance }, margin, seed: -1, path: "2:0", shrinks: 1 },
})

const failed = (reason: string): Attempt => ({
  margins: Float64Array.of(3),
  interrupted: false,
  violation: { instance: { n: 1 }, margin: NaN, seed: -1, path: "1", shrinks: 0, reason },
})

/** The verdict on `claim` where its three shards and two controls came to this. */
const judge = (...attempts: ReadonlyArray<Attempt>): Verdict.Verdict =>
  Plan.judgeClaim(
    claim,
    Plan.ofClaim(claim, effort).map((part, i) => [part, attempts[i]!]),
  )

describe("Plan.ofClaim", () => {
  it("makes the runs asked for, in shards, and a search for each control", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer(), (runs, seed) => {
        const parts = Plan.ofClaim(claim, { runs, seed })
        const own = parts.filter((part) => part.control === undefined)
        assert.strictEqual(
          own.reduce((sum, part) => sum + part.search.runs, 0),
          runs,
        )
        assert.isTrue(own.every((part) => part.search.runs >= 1 && part.search.runs <= 64))
        assert.deepStrictEqual(
          parts.flatMap((part) => part.control ?? []),
          claim.controls,
        )
      }),
    )
  })

  it("tries what has one instance once, by the searches that would try it first", () => {
    const one = { ...claim, hasOneInstance: true } as const
    const first = Plan.ofClaim(claim, effort).filter(({ control }, i) => i === 0 || control)
    assert.deepStrictEqual(
      Plan.ofClaim(one, effort),
      first.map((part) => ({ ...part, search: { ...part.search, runs: 1 } })),
    )
  })

  it("does not make more searches than could keep threads busy", () => {
    const parts = Plan.ofClaim(claim, { runs: 10_000_000, seed: 1 })
    const own = parts.filter((part) => part.control === undefined)
    assert.isAtMost(own.length, 4096)
    assert.strictEqual(
      own.reduce((sum, part) => sum + part.search.runs, 0),
      10_000_000,
    )
  })

  it("gives every search a seed of its own, a 32-bit integer", () => {
    const seeds = Plan.ofClaim(claim, { runs: 6400, seed: 1 }).map((part) => part.search.seed)
    assert.strictEqual(new Set(seeds).size, seeds.length)
    for (const seed of seeds) assert.strictEqual(seed, seed | 0)
    const others = Plan.ofClaim(claim, { runs: 6400, seed: 2 }).map((part) => part.search.seed)
    assert.strictEqual(new Set([...seeds, ...others]).size, 2 * seeds.length)
  })

  it("adds to the runs of a smaller effort without changing them", () => {
    const few = Plan.ofClaim(claim, { runs: 128, seed: 1 }).slice(0, 2)
    const many = Plan.ofClaim(claim, { runs: 640, seed: 1 }).slice(0, 2)
    assert.deepStrictEqual(many, few)
  })

  it("gives a control at least 200 tries", () => {
    const tries = (runs: number) =>
      Plan.ofClaim(claim, { runs, seed: 1 })
        .filter((part) => part.control !== undefined)
        .map((part) => part.search.runs)
    assert.deepStrictEqual(tries(1), [200, 200])
    assert.deepStrictEqual(tries(1000), [1000, 1000])
  })

  it("refuses an effort that is none", () => {
    const bad = [
      { runs: 2.5 },
      { runs: NaN },
      { runs: 0 },
      { runs: -5 },
      { seed: NaN },
      { budget: 0 },
    ]
    for (const wrong of bad) {
      assert.throws(() => Plan.ofClaim(claim, { ...effort, ...wrong }), InvalidInput)
      assert.throws(() => Plan.ofErratum(erratum, { ...effort, ...wrong }), InvalidInput)
    }
  })

  it("steers every search where it is asked to, in shards that are long enough for it", () => {
    const parts = Plan.ofClaim(claim, { runs: 1100, seed: 1, way: "steered" })
    assert.deepStrictEqual(
      parts.map(({ search }) => [search.way, search.runs] as const),
      [500, 500, 100, 1100, 1100].map((runs) => ["steered", runs] as const),
    )
    assert.strictEqual(
      Plan.ofErratum(erratum, { ...effort, way: "steered" })[0]?.search.way,
      "steered",
    )
    assert.deepStrictEqual(
      Plan.ofClaim(claim, { ...effort, way: "random" }),
      Plan.ofClaim(claim, effort),
    )
  })

  it("hands its budget to every search", () => {
    for (const part of Plan.ofClaim(claim, { ...effort, budget: 250 })) {
      assert.strictEqual(part.search.budget, 250)
    }
    for (const part of Plan.ofClaim(claim, effort)) assert.isUndefined(part.search.budget)
  })
})

describe("Plan.judgeClaim", () => {
  const [one, other] = [nameOf(10, 0), nameOf(20, 1)]
  const caught = violated({ n: 10 })

  it("holds where no run violates and every control does", () => {
    const verdict = judge(held([3, 1]), held([2]), held([5]), caught, caught)
    assert.strictEqual(verdict._tag, "Held")
    if (verdict._tag !== "Held") return
    assert.strictEqual(verdict.runs, 4)
    assert.strictEqual(verdict.margins.worst, 1)
    assert.deepStrictEqual(
      verdict.caught.map(({ control, runs }) => ({ control, runs })),
      [one, other].map((control) => ({ control, runs: 3 })),
    )
    assert.strictEqual(verdict.caught[1]!.counterexample.replay, "numbers/bound+1-up-to-20@-1:2:0")
  })

  it("says how near the runs came against their number, and which came nearest", () => {
    const near = (path: string, actual: number) => ({
      nearest: { compared: { relation: "at most", actual, bound: 9 } as const, seed: 5, path },
    })
    const verdict = judge(
      { ...held([3, 4, 2, 5, 5, 6]), ...near("2", 7) },
      { ...held([1, 1]), ...near("0", 8) },
      { ...held([1]), ...near("1", 8) },
      caught,
      caught,
    )
    if (verdict._tag !== "Held") return assert.fail(verdict._tag)
    assert.deepStrictEqual(verdict.margins.reached, [3, 3, 2, 1])
    assert.deepStrictEqual(verdict.nearest, {
      compared: { relation: "at most", actual: 8, bound: 9 },
      replay: "numbers/bound@5:0",
    })
  })

  it("is falsified by the smallest counterexample, the first of equals, counting all runs", () => {
    const verdict = judge(
      violated({ n: 17 }),
      violated({ n: 11 }, -2),
      violated({ n: 12 }),
      caught,
      caught,
    )
    assert.deepStrictEqual(verdict._tag === "Falsified" && [verdict.runs, verdict.counterexample], [
      9,
      { instance: { n: 17 }, margin: -1, shrinks: 1, replay: "numbers/bound@-1:2:0" },
    ])
    const smaller = judge(violated({ n: 17 }), violated({ n: 9 }), held([1]), caught, caught)
    assert.deepStrictEqual(smaller._tag === "Falsified" && smaller.counterexample.instance, {
      n: 9,
    })
  })

  it("weighs a counterexample over a part that broke, and that over the rest", () => {
    const tags = [
      judge(failed("x"), violated({ n: 10 }), held([1]), failed("y"), held([1]))._tag,
      judge(held([1]), failed("x"), held([1]), held([1]), caught)._tag,
      judge(held([1]), held([1]), held([1]), failed("y"), held([1]))._tag,
      judge(held([1]), held([1]), held([1]), held([1]), cut([1]))._tag,
      judge(held([1]), held([1]), held([1]), caught, cut([1]))._tag,
    ]
    assert.deepStrictEqual(tags, ["Falsified", "Broken", "Broken", "Toothless", "Undecided"])
  })

  it("names the controls that survived", () => {
    const verdict = judge(held([1]), held([1]), held([1]), held([1]), caught)
    assert.deepStrictEqual(verdict._tag === "Toothless" && verdict.survived, [one])
  })

  it("holds in the runs that a budget left, if it left any", () => {
    const verdict = judge(held([3]), cut([2]), cut([]), caught, caught)
    assert.deepStrictEqual(verdict._tag === "Held" && verdict.runs, 2)
    const none = judge(cut([]), cut([]), cut([]), caught, caught)
    assert.deepStrictEqual(none._tag === "Undecided" && none.runs, 0)
  })

  it("takes quantiles that are margins of runs", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, noNaN: true }), { minLength: 1 }), (margins) => {
        const verdict = judge(held(margins), held([]), held([]), caught, caught)
        // adding 0 makes the zeros alike
        const sorted = margins.map((x) => x + 0).toSorted((a, b) => a - b)
        const at = (percent: number) => sorted[Math.floor((percent * (sorted.length - 1)) / 100)]!
        assert.strictEqual(verdict._tag, "Held")
        if (verdict._tag !== "Held") return
        const { median, percent1, percent10, worst } = verdict.margins
        assert.deepStrictEqual(
          [worst, percent1, percent10, median].map((x) => x + 0),
          [at(0), at(1), at(10), at(50)],
        )
      }),
    )
  })
})

describe("Plan.judgeErratum", () => {
  const [part] = Plan.ofErratum(erratum, effort)
  const judgeErratum = (attempt: Attempt) => Plan.judgeErratum(erratum, [[part!, attempt]])

  it("is refuted by a violation alone", () => {
    const refuted = judgeErratum(violated({ n: 9 }))
    assert.deepStrictEqual(
      refuted._tag === "Refuted" && [refuted.corrected, refuted.counterexample.instance],
      ["numbers/bound", { n: 9 }],
    )
    assert.deepStrictEqual(refuted._tag === "Refuted" && [refuted.class, refuted.read], [
      "theorem false",
      { as: "printed", place: "page 1" },
    ])
    assert.strictEqual(judgeErratum(failed("x"))._tag, "Broken")
  })

  it("is unrefuted only after all runs", () => {
    const unrefuted = judgeErratum(held([1, 2]))
    assert.deepStrictEqual(unrefuted._tag === "Unrefuted" && unrefuted.runs, 2)
    const undecided = judgeErratum(cut([1, 2]))
    assert.deepStrictEqual(undecided._tag === "Undecided" && undecided.runs, 2)
  })
})
