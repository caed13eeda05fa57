/** What expectations of a study come to on rows that are made up, so that every outcome is known. */
import { assert, describe, it } from "@effect/vitest"
import { BadExpression } from "../../src/evidence/runs/Comparison.ts"
import { meanRatio } from "../../src/evidence/study/StudyGroups.ts"
import { headline, judgeAll, type Rows, valueOf } from "../../src/evidence/study/Judgement.ts"
import type { Expectation } from "../../src/evidence/study/Registered.ts"

/** Ten seeds of two methods; that of `new` is `effects[seed]` above that of `old`, which differs from seed to seed. */
const rowsOf = (effects: ReadonlyArray<number>): Rows =>
  effects.flatMap((effect, seed) => [
    { seed, method: "old", value: 10 * seed },
    { seed, method: "new", value: 10 * seed + effect },
  ])

/** A mean of 1, and an interval of about 0.47 around it. */
const aboutOne = rowsOf([0, 2, 0.5, 1.5, 0.8, 1.2, 1, 1, 0.2, 1.8])

const expectation = (more: Partial<Expectation>): Expectation => ({
  statement: "the new method has more",
  of: { label: "new", metric: "mean(value where method=new)" },
  against: { label: "old", metric: "mean(value where method=old)" },
  effect: "difference",
  direction: "more",
  threshold: 0,
  words: { supported: "it has", contradicted: "it has not", undecided: "who knows" },
  ...more,
})

const judge = (more: Partial<Expectation>, rows: Rows = aboutOne) =>
  judgeAll({ question: "Which?", expectations: [expectation(more)] }, rows)[0]!

describe("an expectation", () => {
  it.each([
    ["more", 0.3, "supported"],
    ["more", 2, "contradicted"],
    ["more", 1.2, "undecided"],
    ["less", 2, "supported"],
    ["less", 0.3, "contradicted"],
    ["less", 0.8, "undecided"],
    ["within", 2, "supported"],
    ["within", 0.3, "contradicted"],
    ["within", 1.2, "undecided"],
  ] as const)("%s than %d is %s", (direction, threshold, outcome) => {
    const judged = judge({ direction, threshold })
    assert.strictEqual(judged.outcome, outcome)
    assert.strictEqual(judged.finding, expectation({}).words[outcome])
    assert.strictEqual(judged.pairs, 10)
    assert.closeTo(judged.effect.mean, 1, 1e-12)
    // by hand: sd = 0.6549, divided by the root of ten, times 2.262
    assert.closeTo(judged.effect.high - judged.effect.mean, 0.46847, 1e-4)
  })

  it("is paired by seed: what differs between seeds alone hides nothing", () => {
    const { against, of } = judge({})
    assert.isAbove(of.high - of.low, 40)
    assert.isAbove(against.high - against.low, 40)
    assert.strictEqual(judge({}).outcome, "supported")
  })

  it("heads its study if it is the first, and if it is the first that is contradicted", () => {
    const [holds, open, against] = [0.3, 1.2, 2].map((threshold) => judge({ threshold }))
    assert.deepStrictEqual(headline([holds!, open!, against!, against!]), [holds!, against!])
    assert.deepStrictEqual(headline([against!, holds!]), [against!])
    assert.deepStrictEqual(headline([holds!, open!]), [holds!])
    assert.deepStrictEqual(headline([]), [])
  })

  it("is of a ratio in the logarithm", () => {
    const rows = [1, 2, 4, 8, 16].flatMap((value, seed) => [
      { seed, method: "old", value },
      { seed, method: "new", value: value * (seed % 2 === 0 ? 2 : 8) },
    ])
    const judged = judge({ effect: "ratio", threshold: 1.2 }, rows)
    assert.strictEqual(judged.outcome, "supported")
    // three twos and two eights: the root of the fifth power of 2^9
    assert.closeTo(judged.effect.mean, 2 ** 1.8, 1e-12)
    // a figure draws the same
    const [metric, over] = ["new", "old"].map((method) => `mean(value where method=${method})`)
    const drawn = meanRatio(rows, metric!, over!)
    for (const part of ["count", "mean", "low", "high"] as const) {
      assert.closeTo(drawn[part], judged.effect[part], 1e-12, part)
    }
    const steady = rows.map((row) => ({ ...row, value: row.method === "new" ? 1 : 1 }))
    assert.strictEqual(
      judge({ effect: "ratio", direction: "within", threshold: 1.1 }, steady).outcome,
      "supported",
    )
  })

  it("compares with a number too", () => {
    const against = { label: "theory", value: 46 }
    const of = { label: "new", metric: "mean(value where method=new)" }
    assert.strictEqual(
      judge({ of, against, direction: "within", threshold: 30 }).outcome,
      "supported",
    )
    assert.strictEqual(
      judge({ of, against, direction: "less", threshold: -90 }).outcome,
      "contradicted",
    )
  })

  it("is undecided where a seed has no number, whatever the others say", () => {
    const rows = aboutOne.map((row) =>
      row["seed"] === 3 && row["method"] === "new" ? { ...row, value: Number.NaN } : row,
    )
    const judged = judge({}, rows)
    assert.strictEqual(judged.outcome, "undecided")
    assert.strictEqual(judged.pairs, 9)
    assert.strictEqual(judged.note, "1 of 10 seeds have no number on both sides")
  })

  it("is decided where nothing varies", () => {
    assert.strictEqual(judge({}, rowsOf(Array.from({ length: 10 }, () => 1))).outcome, "supported")
    assert.strictEqual(judge({}, rowsOf(Array.from({ length: 10 }, () => 0))).outcome, "undecided")
  })

  it("names a column that is not there", () => {
    const of = { label: "new", metric: "mean(worth where method=new)" }
    assert.throws(() => judge({ of }), BadExpression, /no column "worth"/)
  })
})

describe("a share near the best", () => {
  const rows: Rows = [0.9, 0.895, 0.85, Number.NaN].flatMap((value, at) => [
    { seed: 1, method: "a", at, value },
    { seed: 1, method: "b", at, value: value - 0.02 },
  ])
  const share = { share: "value", within: 0.01 }

  it("is of all rows, or of some, against the best of all, or of some", () => {
    assert.strictEqual(valueOf(share, rows), 2 / 8)
    assert.strictEqual(valueOf({ ...share, where: "method=a" }, rows), 2 / 4)
    assert.strictEqual(valueOf({ ...share, where: "method=b" }, rows), 0)
    assert.strictEqual(valueOf({ ...share, where: "method=b", best: "method=b" }, rows), 2 / 4)
  })

  it("is none of no rows", () => {
    assert.isNaN(valueOf({ ...share, where: "method=c" }, rows))
  })
})
