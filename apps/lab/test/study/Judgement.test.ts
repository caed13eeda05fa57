/** What expectations of a study come to on rows that are made up, so that every outcome is known. */
import { assert, describe, it } from "@effect/vitest"
import { BadExpression } from "../../src/evidence/runs/Clause.ts"
import { meanRatio } from "../../src/evidence/study/StudyGroups.ts"
import {
  headline,
  judgeAll,
  type Rows,
  type Subject,
  valueOf,
} from "../../src/evidence/study/Judgement.ts"
import type { Expectation } from "../../src/evidence/study/Preregistration.ts"

/** Ten seeds of two methods; that of `new` is `effects[seed]` above that of `old`, which differs from seed to seed. */
const rowsOf = (effects: ReadonlyArray<number>): Rows =>
  effects.flatMap((effect, seed) => [
    { seed, method: "old", value: 10 * seed },
    { seed, method: "new", value: 10 * seed + effect },
  ])

/** A mean of 1, and an interval of about 0.47 around it: Student's, which is the wider one here. */
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

const judged = (
  expectations: ReadonlyArray<Partial<Expectation>>,
  rows: Rows = aboutOne,
  heading: Subject["heading"] = {},
) => {
  const [first, ...rest] = expectations.map(expectation)
  return judgeAll(
    { registered: { question: "Which?", expectations: [first!, ...rest] }, heading },
    rows,
  )
}

const judge = (more: Partial<Expectation>, rows: Rows = aboutOne, heading?: Subject["heading"]) =>
  judged([more], rows, heading)[0]!

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
    const found = judge({ direction, threshold })
    assert.strictEqual(found.outcome, outcome)
    assert.strictEqual(found.finding, expectation({}).words[outcome])
    assert.strictEqual(found.pairs, 10)
    assert.closeTo(found.effect.mean, 1, 1e-12)
    // by hand: sd = 0.6549, divided by the root of ten, times 2.262
    assert.closeTo(found.effect.high - found.effect.mean, 0.46847, 1e-4)
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
    const found = judge({ effect: "ratio", threshold: 1.01 }, rows)
    assert.strictEqual(found.outcome, "supported")
    // three twos and two eights: the root of the fifth power of 2^9
    assert.closeTo(found.effect.mean, 2 ** 1.8, 1e-12)
    // a figure draws the same
    const [metric, over] = ["new", "old"].map((method) => `mean(value where method=${method})`)
    const drawn = meanRatio(rows, metric!, over!)
    for (const part of ["count", "mean", "low", "high"] as const) {
      assert.closeTo(drawn[part], found.effect[part], 1e-12, part)
    }
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
    const found = judge({}, rows)
    assert.strictEqual(found.outcome, "undecided")
    assert.strictEqual(found.pairs, 9)
    assert.strictEqual(found.note, "1 of 10 seeds lack a number on one side")
  })

  it("is undecided where nothing varies, unless no chance enters by construction", () => {
    const same = rowsOf(Array.from({ length: 10 }, () => 1))
    const found = judge({}, same)
    assert.strictEqual(found.outcome, "undecided")
    assert.strictEqual(
      found.note,
      "it is equal at all 10 seeds, so its variation by chance is unknown",
    )
    assert.isNaN(found.effect.p)
    const exact = judge({}, same, { deterministic: true })
    assert.strictEqual(exact.outcome, "supported")
    assert.strictEqual(exact.exact, true)
    assert.strictEqual(
      judge({ threshold: 2 }, same, { deterministic: true }).outcome,
      "contradicted",
    )
    // what varies is judged by its interval all the same
    assert.isUndefined(judge({}, aboutOne, { deterministic: true }).exact)
  })

  it("is decided among the others of its study, and not by itself", () => {
    // a mean of 0.62 with p 0.03
    const rows = rowsOf([0, 1.5, -0.5, 1.5, 0.2, 1.2, -0.4, 1, 0.2, 1.5])
    const alone = judge({}, rows)
    assert.strictEqual(alone.outcome, "supported")
    assert.strictEqual(alone.effect.adjusted, alone.effect.p)
    const [among, other] = judged([{}, { threshold: 0.3 }], rows)
    assert.strictEqual(among!.effect.adjusted, 2 * among!.effect.p)
    assert.strictEqual(among!.outcome, "undecided")
    assert.match(
      among!.note!,
      /^as a single test it would be supported \(p 0\.0\d+\), but not after correction for 2 /,
    )
    assert.strictEqual(other!.outcome, "undecided")
    assert.isUndefined(other!.note)
  })

  it("is undecided where its design has a fault, and on no first screen where it is set aside", () => {
    const { statement } = expectation({})
    const remark = (kind: "reserved" | "aside" | "note", text: string) =>
      judge({}, aboutOne, { remarks: [{ statement, kind, text }] })
    const reserved = remark("reserved", "the start was another one")
    assert.strictEqual(reserved.outcome, "undecided")
    assert.strictEqual(reserved.note, "the start was another one")
    const aside = remark("aside", "nobody says so")
    assert.strictEqual(aside.outcome, "supported")
    assert.deepStrictEqual(headline([aside]), [])
    const noted = remark("note", "at another loss")
    assert.strictEqual(noted.outcome, "supported")
    assert.strictEqual(noted.note, "at another loss")
  })

  it("does not stand on light tails: one outlier leaves it undecided", () => {
    const found = judge({}, rowsOf([1, 1.1, 0.9, 1, 1.2, 0.8, 1, 1.1, 0.9, 40]))
    assert.strictEqual(found.outcome, "undecided")
    assert.isAbove(found.effect.high, 10)
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

describe("a share", () => {
  /** Spikes of ten seeds: so many of so many are catapults. */
  const spikes = (counts: ReadonlyArray<readonly [holds: number, of: number]>): Rows =>
    counts.flatMap(([holds, of], seed) =>
      Array.from({ length: of }, (_, at) => ({ seed, catapult: at < holds ? 1 : 0 })),
    )
  const more = {
    of: { label: "catapults", metric: "mean(catapult)" },
    against: { label: "four in five", value: 0.8 },
  } as const
  const even = (holds: number, of: number) => spikes(Array.from({ length: 10 }, () => [holds, of]))

  it("is counted over all seeds, with an interval that stays between 0 and 1", () => {
    const { effect, outcome } = judge(more, even(10, 10))
    assert.strictEqual(outcome, "supported")
    assert.deepStrictEqual(effect.counted, { holds: 100, of: 100 })
    assert.strictEqual(effect.high, 1)
    // 0.025 to the power of a hundredth
    assert.closeTo(effect.low, 0.963783, 1e-6)
    const none = judge({ ...more, direction: "less", threshold: -0.75 }, even(0, 10))
    assert.strictEqual(none.asked, "below 0.05")
    assert.strictEqual(none.outcome, "supported")
  })

  it("knows less where seeds differ more than chance makes them", () => {
    const apart = spikes(Array.from({ length: 10 }, (_, at) => [at % 2 === 0 ? 20 : 18, 20]))
    const clustered = spikes(Array.from({ length: 10 }, (_, at) => [at === 0 ? 10 : 20, 20]))
    const [some, all] = [judge(more, apart), judge(more, clustered)]
    assert.strictEqual(some.effect.mean, all.effect.mean)
    assert.strictEqual(some.outcome, "supported")
    assert.strictEqual(all.outcome, "undecided")
    assert.isAbove(some.effect.low, all.effect.low)
  })

  it("differs from another share by at most 1", () => {
    const rows: Rows = Array.from({ length: 20 }, (_, seed) => [
      { seed, method: "old", value: 0 },
      { seed, method: "new", value: seed < 18 ? 1 : 0 },
    ]).flat()
    const { effect, outcome } = judge({}, rows)
    assert.strictEqual(outcome, "supported")
    assert.strictEqual(effect.mean, 0.9)
    assert.strictEqual(effect.high, 1)
    assert.isAbove(effect.low, 0.5)
  })

  it("is no share where the column has other numbers somewhere", () => {
    const rows = [...even(0, 10), { seed: 0, catapult: 3 }]
    assert.strictEqual(judge(more, rows).effect.kind, "difference")
  })
})
