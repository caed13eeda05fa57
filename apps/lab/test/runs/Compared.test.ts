/** Comparisons of groups: what pairs, which test is made, and what is said beside the numbers. */
import type { RunKey } from "@nonconvex/runner/RunKey"
import { assert, describe, it } from "@effect/vitest"
import * as GroupComparison from "../../src/evidence/runs/GroupComparison.ts"
import * as Groups from "../../src/evidence/runs/Groups.ts"
import * as Ranking from "../../src/evidence/runs/Ranking.ts"
import { keptRun } from "../support/Kept.ts"

const trial = (
  radius: number,
  seed: number,
  value: number,
  more: Partial<RunKey> = {},
): Groups.Trial => ({
  run: keptRun({ subject: "optim-sam/valley", seed, config: { radius, steps: 10 }, ...more }),
  measured: Number.isNaN(value)
    ? { value, rows: 3, note: "NaN in 1 of 3 rows" }
    : { value, rows: 3 },
})

const group = (
  radius: number,
  values: ReadonlyArray<number>,
  seeds: ReadonlyArray<number> = values.map((_, at) => at + 1),
) => values.map((value, at) => trial(radius, seeds[at]!, value))

// as in the test of Student, from scipy 1.17.1
const first = [0.5, 1.25, 2, 3.75, 4, 5.5, 7.25, 8]
const second = [1, 1.5, 1.75, 4.5, 5.25, 5, 8.75, 9]

const byRadius = (trials: ReadonlyArray<Groups.Trial>) =>
  GroupComparison.compare("mean(loss)", Groups.by(["radius"], trials))

describe("Compared", () => {
  it("pairs by seed, in whatever order the runs come", () => {
    const trials = [...group(0.1, second).toReversed(), ...group(0, first)]
    const { contrasts, differs, groups, notes } = byRadius(trials)
    assert.deepStrictEqual(
      groups.map(({ count, label }) => [label, count]),
      [
        ["radius=0", 8],
        ["radius=0.1", 8],
      ],
    )
    assert.closeTo(groups[0]!.mean, 4.03125, 1e-12)
    assert.closeTo(groups[0]!.sd, 2.7432953983953574, 1e-12)
    assert.closeTo(groups[0]!.low, 1.7377976527309675, 1e-6)
    const [found] = contrasts
    assert.strictEqual(found!.test, "paired t test, by seed")
    assert.strictEqual(found!.pairs, 8)
    assert.isUndefined(found!.reason)
    assert.closeTo(found!.difference, 0.5625, 1e-12)
    assert.closeTo(found!.p, 0.058321711731645, 1e-8)
    assert.closeTo(found!.low, -0.02601105606075793, 1e-6)
    assert.strictEqual(found!.adjusted, found!.p)
    assert.deepStrictEqual(differs, [{ name: "radius", values: [["0"], ["0.1"]] }])
    assert.deepStrictEqual(notes, [])
  })

  it("leaves out who has no partner, and says so", () => {
    const { contrasts } = byRadius([...group(0, first), ...group(0.1, [2, 2.5, 4], [1, 2, 3])])
    assert.strictEqual(contrasts[0]!.test, "paired t test, by seed")
    assert.strictEqual(contrasts[0]!.pairs, 3)
    assert.strictEqual(contrasts[0]!.reason, "5 runs without a partner omitted")
  })

  it("takes Welch's test where seeds do not match, and says so", () => {
    const third = [2.5, 0.25, 4.75, 6, 10.5]
    const { contrasts } = byRadius([...group(0, first), ...group(0.1, third, [11, 12, 13, 14, 15])])
    assert.strictEqual(contrasts[0]!.test, "Welch's t test")
    assert.strictEqual(contrasts[0]!.reason, "not paired: 0 of 5 share their seed")
    assert.closeTo(contrasts[0]!.p, 0.7107324826744522, 1e-7)
    assert.strictEqual(contrasts[0]!.pairs, 0)
  })

  it("does not guess which of two runs of one seed is meant", () => {
    const twice = [
      ...group(0, [1, 2]),
      trial(0, 1, 3, { kernels: "relaxed" }),
      ...group(0.1, [2, 4]),
    ]
    const { contrasts, notes } = byRadius(twice)
    assert.strictEqual(contrasts[0]!.test, "Welch's t test")
    assert.strictEqual(contrasts[0]!.reason, "not paired: a group has two runs with the same seed")
    assert.deepStrictEqual(notes, ["the runs used several kernels: strict, relaxed"])
  })

  it("pairs by what else varies within groups", () => {
    const many = [0, 0.1].flatMap((radius) =>
      [10, 20].flatMap((steps) =>
        [1, 2].map((seed) =>
          trial(radius, seed, radius * steps + seed + 0.01 * steps * seed, {
            config: { radius, steps },
          }),
        ),
      ),
    )
    const { contrasts, notes } = byRadius(many)
    assert.strictEqual(contrasts[0]!.test, "paired t test, by seed and steps")
    assert.strictEqual(contrasts[0]!.pairs, 4)
    assert.deepStrictEqual(notes, ["runs within one group also differ in steps"])
  })

  it("says that one run each shows nothing", () => {
    const { contrasts, notes } = byRadius([trial(0, 1, 1), trial(0.1, 1, 2)])
    assert.isUndefined(contrasts[0]!.test)
    assert.strictEqual(contrasts[0]!.reason, "a single seed gives no confidence interval")
    assert.strictEqual(contrasts[0]!.difference, 1)
    assert.isNaN(contrasts[0]!.p)
    assert.match(notes.join("\n"), /each group has a single seed, .*; run more/)
  })

  it("says whose metric is no number", () => {
    const { groups, notes } = byRadius([...group(0, [1, 2, Number.NaN]), ...group(0.1, [1, 3, 4])])
    assert.strictEqual(groups[0]!.count, 2)
    assert.strictEqual(groups[0]!.mean, 1.5)
    assert.strictEqual(groups[0]!.without[0]!.reason, "NaN in 1 of 3 rows")
    assert.match(
      notes[0]!,
      /^1 of 3 runs of radius=0 have no finite number \([0-9a-f]{8}: NaN in 1 of 3 rows\), so its mean/,
    )
  })

  it("does not call it certain where all seeds give the same", () => {
    const { contrasts, notes } = byRadius([
      ...group(0, [0.3, 0.3, 0.3]),
      ...group(0.1, [0.1, 0.1, 0.1]),
    ])
    assert.isNaN(contrasts[0]!.p)
    assert.strictEqual(
      contrasts[0]!.reason,
      "all pairs differ by the same amount, so there is no variance to test",
    )
    assert.match(notes[0]!, /a group has the same value for all seeds/)
  })

  it("raises the probabilities of several tests", () => {
    const { contrasts } = byRadius([
      ...group(0, first),
      ...group(0.1, second),
      ...group(
        0.2,
        first.map((value, at) => value + 1 + 0.01 * at),
      ),
    ])
    const [a, b] = contrasts
    assert.strictEqual(a!.adjusted, a!.p)
    assert.strictEqual(b!.adjusted, 2 * b!.p)
  })

  it("warns of another version of the code", () => {
    const other = { code: "f".repeat(64) }
    const { notes } = byRadius([
      ...group(0, [1, 2]),
      trial(0.1, 1, 3, other),
      trial(0.1, 2, 5, other),
    ])
    assert.deepStrictEqual(notes, [
      "the runs used several versions of the code: c0de0000, ffffffff",
    ])
  })
})

describe("Groups", () => {
  it("are in the order of numbers, and of several settings", () => {
    const trials = [1, 0.2, 0, 10].flatMap((radius) => [
      trial(radius, 1, 1, { config: { radius, mode: "b" } }),
      trial(radius, 1, 1, { config: { radius, mode: "a" } }),
    ])
    assert.deepStrictEqual(
      Groups.by(["mode", "radius"], trials).map(({ label }) => label),
      ["a", "b"].flatMap((mode) => [0, 0.2, 1, 10].map((r) => `mode=${mode}, radius=${r}`)),
    )
    assert.deepStrictEqual(
      Groups.by(["steps"], [trial(0, 1, 1), ...trials]).map(({ label }) => label),
      ["no steps", "steps=10"],
    )
  })
})

describe("Groups of several versions of the code", () => {
  it("count a seed once, as it came out last", () => {
    const before = group(0, [1, 2])
    const after = [1, 2].map((seed) => trial(0, seed, 10 * seed, { code: "f".repeat(64) }))
    const other = trial(0, 1, 5, { kernels: "relaxed" })
    assert.deepStrictEqual(Groups.latest([...before, other, ...after]), [other, ...after])
    assert.deepStrictEqual(Groups.superseded(2), [
      "2 runs of earlier versions of the code omitted, since later ones exist",
    ])
  })
})

describe("Ranking", () => {
  const trials = [
    ...group(0, [0.125, 5, 5, 5]),
    ...group(0.1, [2, 2.5, 3, 2.25]),
    ...group(0.2, [0.01, 0.01, 0.01, Number.NaN]),
  ]

  it("goes by the mean and not by the luckiest seed, and leaves out what diverges", () => {
    const { configurations, next, notes, ranked } = Ranking.rank("loss", "least", trials, [])
    assert.strictEqual(configurations, 3)
    assert.deepStrictEqual(
      ranked.map(({ config, label, mean }) => [label, mean, config]),
      [
        ["radius=0.1", 2.4375, { radius: 0.1, steps: 10 }],
        ["radius=0", 3.78125, { radius: 0, steps: 10 }],
      ],
    )
    assert.strictEqual(next!.label, "radius=0")
    assert.closeTo(next!.difference, 1.34375, 1e-12)
    assert.strictEqual(next!.test, "paired t test, by seed")
    assert.include(
      notes,
      "radius=0.2 is not ranked: 1 of 4 runs has no finite number (NaN in 1 of 3 rows)",
    )
    assert.include(
      notes,
      "the best of 3 looks better than it is, since it was chosen on these seeds; run it with new ones",
    )
  })

  it("has the largest first where that is best", () => {
    const { ranked } = Ranking.rank("loss", "most", trials, [])
    assert.deepStrictEqual(
      ranked.map(({ label }) => label),
      ["radius=0", "radius=0.1"],
    )
  })

  it("has no best where nothing has a number", () => {
    const lost = [0, 1].flatMap((radius) => group(radius, [Number.NaN, Number.NaN]))
    const { notes, ranked } = Ranking.rank("loss", "least", lost, [])
    assert.deepStrictEqual(ranked, [])
    assert.deepStrictEqual(
      notes,
      [0, 1].map(
        (radius) =>
          `radius=${radius} is not ranked: 2 of 2 runs have no finite number (NaN in 1 of 3 rows)`,
      ),
    )
  })

  it("says of one seed that it shows nothing", () => {
    const { next, notes } = Ranking.rank("loss", "least", [trial(0, 1, 1), trial(1, 1, 2)], [])
    assert.isUndefined(next!.test)
    assert.include(
      notes,
      "the best has one seed, so no confidence interval can be computed; run it with more seeds",
    )
  })
})
