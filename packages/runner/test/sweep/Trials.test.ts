/** The trials of a sweep: how many, which, and what it refuses. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import fc from "fast-check"
import { primes, radicalInverse } from "../../src/sweep/Halton.ts"
import * as SuccessiveHalving from "../../src/sweep/SuccessiveHalving.ts"
import * as Seeds from "../../src/sweep/Seeds.ts"
import * as Sweep from "../../src/sweep/Sweep.ts"
import * as Trials from "../../src/sweep/Trials.ts"
import * as TrialLimit from "../../src/sweep/TrialLimit.ts"

const sweepOf = (draft: Partial<Sweep.Draft>): Sweep.Sweep =>
  Effect.runSync(Sweep.complete({ experiment: "numbers/counts", ...draft }))

const trialsOf = (sweep: Sweep.Sweep) =>
  Trials.withSeeds(sweep, Effect.runSync(Trials.configurations(sweep))).map(({ item, seed }) => ({
    settings: item,
    seed,
  }))

const values = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 4 })

const grids = fc.record({
  vary: fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), values, { maxKeys: 3 }),
  seeds: fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 4 })),
})

const range = { low: 0.001, high: 10, scale: "log" } as const

/** How far the share of points in [0, x) x [0, y) is from x y at worst, over the corners that the points make. */
const discrepancy = (points: ReadonlyArray<readonly [number, number]>): number => {
  const corners = (axis: 0 | 1) => [...points.map((point) => point[axis]), 1]
  let worst = 0
  for (const x of corners(0)) {
    for (const y of corners(1)) {
      const below = points.filter(([a, b]) => a < x && b < y).length
      const upTo = points.filter(([a, b]) => a <= x && b <= y).length
      const n = points.length
      worst = Math.max(worst, Math.abs(below / n - x * y), Math.abs(upTo / n - x * y))
    }
  }
  return worst
}

describe("the trials of a grid", () => {
  it("are the product of its lists and its seeds, each of them once", () => {
    fc.assert(
      fc.property(grids, ({ seeds: [first, more], vary }) => {
        const sweep = sweepOf({ vary, seeds: `${first}..${first + more}` })
        const trials = trialsOf(sweep)
        const product = Object.values(vary).reduce((sum, { length }) => sum * length, more + 1)
        assert.strictEqual(trials.length, product)
        assert.strictEqual(Trials.count(sweep, 1), BigInt(product))
        assert.strictEqual(new Set(trials.map((trial) => JSON.stringify(trial))).size, product)
        assert.deepStrictEqual(trialsOf(sweep), trials)
      }),
    )
  })

  it("come in a stated order: the first setting changes slowest, the seeds fastest", () => {
    const trials = trialsOf(sweepOf({ vary: { a: [1, 2], b: ["x", "y"] }, seeds: "3,1" }))
    assert.deepStrictEqual(
      trials.map(({ seed, settings: { a, b } }) => [a, b, seed]),
      [
        [1, "x", 3],
        [1, "x", 1],
        [1, "y", 3],
        [1, "y", 1],
        [2, "x", 3],
        [2, "x", 1],
        [2, "y", 3],
        [2, "y", 1],
      ],
    )
  })

  it("are counted without being made", () => {
    const thousand = Array.from({ length: 1000 }, (_, k) => k)
    const huge = sweepOf({ vary: { a: thousand, b: thousand }, seeds: "0..999" })
    assert.strictEqual(Trials.count(huge, 1), 1_000_000_000n)
    const error = Effect.runSync(Effect.flip(TrialLimit.refuse(huge, 1, 100_000)))
    assert.match(error.message, /^this sweep has 1 000 000 000 trials, but the limit is 100 000: /)
    const seeds = sweepOf({ seeds: "-9007199254740991..9007199254740991" })
    assert.strictEqual(Trials.count(seeds, 1), 18014398509481983n)
  })
})

describe("the trials of a random sweep", () => {
  it.each(["random", "halton"] as const)(
    "%s: depend on the seed of the sampler alone",
    (sampler) => {
      const asked = { vary: { rate: range, n: { low: 1, high: 9, integer: true } }, trials: 40 }
      const sweep = sweepOf({ ...asked, sampler, seeds: "0..1" })
      const trials = trialsOf(sweep)
      assert.strictEqual(trials.length, 80)
      assert.deepStrictEqual(trialsOf(sweepOf({ ...asked, sampler, seeds: "0..1" })), trials)
      assert.notDeepEqual(trialsOf(sweepOf({ ...asked, sampler, samplerSeed: 2 })), trials)
      for (const { settings } of trials) {
        const [rate, n] = [settings["rate"] as number, settings["n"] as number]
        assert.isTrue(rate >= 0.001 && rate <= 10 && Number.isInteger(n) && n >= 1 && n <= 9)
      }
    },
  )

  it("fills a logarithmic range evenly in the logarithm", () => {
    const trials = trialsOf(sweepOf({ vary: { rate: range }, trials: 1000, sampler: "halton" }))
    const decades = [0, 0, 0, 0]
    for (const { settings } of trials) {
      const place = Elementary.log((settings["rate"] as number) / 0.001) / Math.LN10
      decades[Math.min(3, Math.floor(place))]!++
    }
    // Halton points of base 2 put 250 of 1000 into each quarter, up to a few at its ends
    for (const decade of decades) assert.isAtMost(Math.abs(decade - 250), 10)
  })

  it("does not change a setting where another one is added", () => {
    const rates = (vary: Sweep.Draft["vary"] & object) =>
      trialsOf(sweepOf({ vary, trials: 20, sampler: "random" })).map(
        ({ settings }) => settings["rate"],
      )
    assert.deepStrictEqual(
      rates({ first: { low: 0, high: 1 }, rate: range }),
      rates({ rate: range }),
    )
  })

  it("has no configuration twice, and says where there are too few", () => {
    const vary = { a: [1, 2, 3], b: [true, false] }
    const trials = trialsOf(sweepOf({ vary, trials: 6, sampler: "random" }))
    assert.strictEqual(new Set(trials.map(({ settings }) => JSON.stringify(settings))).size, 6)
    const more = sweepOf({ vary, trials: 7, sampler: "random" })
    const error = Effect.runSync(Effect.flip(Trials.configurations(more)))
    assert.match(error.message, /7 different configurations were requested, but only 6 exist/)
  })
})

describe("Halton points", () => {
  it("are the radical inverses that Halton's paper defines", () => {
    const first = (base: number) => Array.from({ length: 9 }, (_, k) => radicalInverse(k + 1, base))
    assert.deepStrictEqual(first(2), [
      1 / 2,
      1 / 4,
      3 / 4,
      1 / 8,
      5 / 8,
      3 / 8,
      7 / 8,
      1 / 16,
      9 / 16,
    ])
    assert.deepStrictEqual(first(3), [
      1 / 3,
      2 / 3,
      1 / 9,
      4 / 9,
      7 / 9,
      2 / 9,
      5 / 9,
      8 / 9,
      1 / 27,
    ])
    assert.deepStrictEqual(primes(6), [2, 3, 5, 7, 11, 13])
  })

  it("leave smaller holes than random ones", () => {
    const points = (sampler: "random" | "halton") => {
      const unit = { low: 0, high: 1 }
      const sweep = sweepOf({ vary: { x: unit, y: unit }, trials: 128, sampler })
      return trialsOf(sweep).map(({ settings: { x, y } }) => [x as number, y as number] as const)
    }
    // the expected discrepancy of random points is above 1 / (2 sqrt n); that of Halton's is of order log² n / n
    assert.isBelow(discrepancy(points("halton")), 1 / (2 * Math.sqrt(128)))
    assert.isAbove(discrepancy(points("random")), discrepancy(points("halton")))
  })
})

describe("the rungs of halving", () => {
  it("give a third of the candidates three times the budget, and end with all of it", () => {
    assert.deepStrictEqual(SuccessiveHalving.rungs(27, 900, { eta: 3 }), [
      { candidates: 27, resource: 33 },
      { candidates: 9, resource: 100 },
      { candidates: 3, resource: 300 },
      { candidates: 1, resource: 900 },
    ])
    assert.deepStrictEqual(SuccessiveHalving.rungs(27, 900, { eta: 3, least: 100 }), [
      { candidates: 27, resource: 100 },
      { candidates: 9, resource: 300 },
      { candidates: 3, resource: 900 },
    ])
    assert.deepStrictEqual(SuccessiveHalving.rungs(1, 8, { eta: 2 }), [
      { candidates: 1, resource: 8 },
    ])
  })

  it("cost about the same each", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 200 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 2, max: 5 }),
        (candidates, most, eta) => {
          const rungs = SuccessiveHalving.rungs(candidates, most, { eta })
          assert.strictEqual(rungs.at(-1)!.resource, most)
          const [{ candidates: all }] = rungs as [SuccessiveHalving.Rung]
          assert.strictEqual(all, candidates)
          const costs = rungs.map((rung) => rung.candidates * rung.resource)
          const ceiling = candidates * (most / eta ** (rungs.length - 1) + 0.5) * eta
          for (const cost of costs) assert.isAtMost(cost, ceiling)
        },
      ),
    )
  })

  it("promote the best, the first of equal ones, and no NaN before a number", () => {
    assert.deepStrictEqual(SuccessiveHalving.promoted([3, 1, 2, 1], 2, "least"), [1, 3])
    assert.deepStrictEqual(SuccessiveHalving.promoted([3, 1, 3, 3], 2, "most"), [0, 2])
    const scores = [Number.NaN, Infinity, 5, Number.NaN]
    assert.deepStrictEqual(SuccessiveHalving.promoted(scores, 2, "least"), [1, 2])
    assert.deepStrictEqual(SuccessiveHalving.promoted(scores, 3, "most"), [0, 1, 2])
  })
})

describe("seeds", () => {
  it("are lists and intervals", () => {
    assert.deepStrictEqual(Seeds.list("0..3,9,-2..-1"), [0, 1, 2, 3, 9, -2, -1])
    assert.strictEqual(Seeds.count("0..3,9,-2..-1"), 7n)
  })
})

describe("a sweep", () => {
  const reasonOf = (draft: unknown) =>
    Effect.runSync(Effect.flip(Sweep.complete(draft as Sweep.Draft))).reason

  it("survives a file", () => {
    const sweep = sweepOf({
      vary: { rate: range, mode: ["up", "down"] },
      set: { weights: [1, 2] },
      seeds: "0..9",
      sampler: "halton",
      trials: 8,
    })
    const read = Schema.decodeUnknownSync(Sweep.Draft)(JSON.parse(JSON.stringify(sweep)))
    assert.deepStrictEqual(Effect.runSync(Sweep.complete(read)), sweep)
  })

  it.effect(
    "has a name that depends on all that it asks for, but for a metric that decides nothing",
    () =>
      Effect.gen(function* () {
        const one = yield* Sweep.idOf(sweepOf({ vary: { a: [1], b: [2] } }))
        assert.match(one, /^[0-9a-f]{64}$/)
        assert.strictEqual(yield* Sweep.idOf(sweepOf({ vary: { a: [1], b: [2] }, set: {} })), one)
        assert.strictEqual(
          yield* Sweep.idOf(sweepOf({ vary: { a: [1], b: [2] }, metric: "x" })),
          one,
        )
        assert.notStrictEqual(yield* Sweep.idOf(sweepOf({ vary: { b: [2], a: [1] } })), one)
        assert.notStrictEqual(yield* Sweep.idOf(sweepOf({ vary: { a: [1], b: [3] } })), one)
      }),
  )

  it.each([
    [{ seeds: "5..1" }, "seeds: 5..1 is an empty range: write 1..5"],
    [{ seeds: "0..3,2" }, "seeds: 2 is given twice"],
    [{ seeds: "1.5" }, 'seeds: expected integers such as 0..9 or 1,4,7, found "1.5"'],
    [{ seeds: "" }, 'seeds: expected integers such as 0..9 or 1,4,7, found ""'],
    [{ seeds: "1..99999999999999999999" }, /exceeds 2\^53/],
    [{ vary: { a: [] } }, /^vary\.a: expected at least one value/],
    [{ vary: { a: [0.1, 0.1] } }, /^vary\.a: 0\.1 is given twice/],
    [{ vary: { a: { low: 2, high: 1 } } }, /^vary\.a: 2\.\.1 is empty/],
    [{ vary: { a: { low: 0, high: 1, scale: "log" } } }, /^vary\.a: 0\.\.1 must be positive/],
    [{ vary: { a: { low: 0.5, high: 1, integer: true } } }, /must have integer ends/],
    [{ vary: { a: { low: 0, high: 1 } } }, /a is a range, but a grid needs values/],
    [{ vary: { a: [1] }, set: { a: 2 } }, "a is both fixed and varied"],
    [{ sampler: "random", vary: { a: [1] } }, "random needs a number of trials (--trials)"],
    [{ sampler: "random", trials: 3 }, "random needs a setting to vary"],
    [{ sampler: "halving", vary: { a: [1] } }, /^halving needs a --resource, /],
    [
      { vary: { a: [1] }, metric: "loss", competition: { resource: "b", eta: 3 } },
      "a resource is for the sampler halving, not for grid",
    ],
    [{ trials: 3 }, /^a grid runs all its trials/],
    [{ sampler: "random", trials: 0, vary: { a: [1] } }, /^trials: /],
    [{ grid: { a: [1] } }, /^grid: /],
    [{ experiment: undefined }, /^experiment: /],
  ])("is refused where it is %j", (wrong, expected) => {
    const reason = reasonOf({ experiment: "numbers/counts", ...wrong })
    if (typeof expected === "string") assert.strictEqual(reason, expected)
    else assert.match(reason, expected)
  })
})
