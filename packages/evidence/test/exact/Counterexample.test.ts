/** Counterexamples in exact values: what they print, and that they can fail. */
import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { claim, Draw, erratum, Exact, Margin } from "../../src/index.ts"
import * as Verdict from "../../src/Verdict.ts"
import * as Verify from "../../src/Verify.ts"
import * as Replay from "../../src/Replay.ts"
import * as Plan from "../../src/Plan.ts"
import { source } from "../support/Numbers.ts"

const given = { kernels: Kernels.reference() }

/** That a half and a third add to a sum. */
const fractionsAdd = (
  controls: Parameters<typeof Exact.counterexample<"x" | "y", string>>[0]["controls"],
) =>
  Exact.counterexample<"x" | "y", string>({
    instance: { x: "1/2", y: "1/3" },
    printed: "2/5",
    work: ({ x, y }, sum) => {
      const found = Exact.add(x, y)
      return {
        steps: [`x + y = ${Exact.toText(found)}`],
        compared: Exact.equal(found, Exact.of(sum)),
      }
    },
    controls,
  })

const spared = [
  ["the corrected sum", { statement: "5/6" }],
  ["other numbers", { instance: { x: "2/5", y: "0" } }],
] as const

describe("exact counterexamples", () => {
  it("are lines for a person, with the names of what they spare", () => {
    const found = fractionsAdd(spared)()
    assert.strictEqual(found.outcome, "refuted")
    assert.deepStrictEqual(found.spared, ["the corrected sum", "other numbers"])
    assert.deepStrictEqual(Exact.lines(found), [
      "x = 1/2, y = 1/3",
      "x + y = 5/6",
      "5/6 is not 2/5: it is off by 13/30",
    ])
  })

  it("are toothless where a control is refuted too", () => {
    const found = fractionsAdd([...spared, ["another wrong sum", { statement: "1" }]])()
    assert.strictEqual(found.outcome, "toothless")
    assert.deepStrictEqual(found.spared, ["the corrected sum", "other numbers"])
  })
})

/** Decimals add as decimals do: true, and broken by rounding. */
const decimals = (isConfirmed: boolean) =>
  claim({
    id: "example/decimals",
    statement: "A tenth of n added to a tenth is a tenth of n + 1.",
    source,
    instances: Draw.record({ n: Draw.integer(1, 9) }),
    margin: ({ instance: { n } }) => Margin.equal(n / 10 + 0.1, (n + 1) / 10, { absolute: 0 }),
    ...(isConfirmed
      ? {
          exactly: ({ instance: { n } }: { readonly instance: { readonly n: number } }) => {
            const tenth = (k: number) => Exact.divide(Exact.of(k), Exact.of(10))
            return Exact.equal(Exact.add(tenth(n), tenth(1)), tenth(n + 1))
          },
        }
      : {}),
    controls: [
      {
        name: "a fifth",
        margin: ({ instance: { n } }) => Margin.equal(n / 10 + 0.2, (n + 1) / 10, {}),
      },
    ],
  })

const squares = claim({
  id: "example/squares",
  statement: "The square of x is at most x for x up to 1.",
  source,
  instances: Draw.record({ x: Draw.linear(0.5, 1) }),
  value: 1,
  margin: ({ instance: { x }, value: bound }) => Margin.atMost(x * x, bound * x),
  exactly: ({ instance: { x }, value: bound }) =>
    Exact.atMost(Exact.square(Exact.of(x)), Exact.multiply(Exact.of(bound), Exact.of(x))),
  controls: [
    { name: "half of x", value: 0.5 },
    { name: "another margin", margin: ({ instance: { x } }) => Margin.atMost(x, 0) },
  ],
})

const verdictOf = (of: Parameters<typeof Plan.ofClaim>[0]) =>
  Plan.judgeClaim(
    of,
    Plan.ofClaim(of, { runs: 64, seed: 1 }).map((part) => [
      part,
      Verify.searchClaim(of, part.control, part.search, given),
    ]),
  )

describe("violations that a search finds", () => {
  it("are told from those of rounding", () => {
    const verdict = verdictOf(decimals(true))
    assert.strictEqual(verdict._tag, "Falsified")
    assert.isFalse(Verdict.isExact(verdict))
    assert.match(
      Verdict.describe(verdict),
      /^example\/decimals is falsified, in floating point, by .*; in floating point only; in exact arithmetic it holds, by fractions/,
    )
    const plain = verdictOf(decimals(false))
    assert.match(Verdict.describe(plain), /^example\/decimals is falsified, in floating point, by /)
  })

  it("of a control are confirmed with its parameter, and not where it has a margin of its own", () => {
    const verdict = verdictOf(squares)
    assert(verdict._tag === "Held", Verdict.describe(verdict))
    const [half, other] = verdict.caught
    assert.strictEqual(half?.counterexample.exact?.outcome, "refuted")
    assert.isUndefined(other?.counterexample.exact)
    const token = Replay.parse(half!.counterexample.replay)
    assert(token._tag === "Some")
    assert.deepStrictEqual(
      Verify.replay(squares, token.value, given).exact,
      half!.counterexample.exact,
    )
  })

  it("are broken where their exact values cannot be had", () => {
    const broken = claim({
      id: "example/broken",
      statement: "One is two.",
      source,
      instances: Draw.record({ n: Draw.integer(1, 1) }),
      margin: () => Margin.holds(false),
      exactly: () => Exact.equal(Exact.of("one"), Exact.of("two")),
      controls: [{ name: "none" }],
    })
    const verdict = verdictOf(broken)
    assert(verdict._tag === "Broken")
    assert.match(verdict.reason, /^its exact values failed: .*"one" is none/)
  })
})

describe("verdicts on errata", () => {
  const judged = (exact: Parameters<typeof erratum>[0]["exact"]) => {
    const subject = erratum({
      id: "example/sums",
      statement: "Fractions add by their tops and bottoms.",
      source,
      instances: Draw.record({ x: Draw.oneOf(0.5) }),
      margin: ({ instance: { x } }) => Margin.equal(x + 1 / 3, 2 / 5, { absolute: 1e-9 }),
      corrected: "example/true-sums",
      explanation: "They do not.",
      class: "slip",
      read: { as: "printed", place: "page 1" },
      ...(exact === undefined ? {} : { exact }),
    })
    const [part] = Plan.ofErratum(subject, { runs: 1, seed: 1 })
    return Plan.judgeErratum(subject, [[part!, Verify.searchErratum(subject, part!.search, given)]])
  }

  it("say whether they are exact", () => {
    const verdict = judged(fractionsAdd(spared))
    assert(verdict._tag === "Refuted")
    assert.isTrue(Verdict.isExact(verdict))
    assert.match(Verdict.describe(verdict), /^example\/sums is refuted, exactly, as stated, by /)
    const missing = judged({ inFloatingPoint: "Its limit is not known." })
    assert(missing._tag === "Refuted")
    assert.deepStrictEqual(missing.exact, { inFloatingPoint: "Its limit is not known." })
    assert.isFalse(Verdict.isExact(missing))
    assert.strictEqual(Verdict.howSure(judged(undefined)), "in floating point")
  })

  it("are not exact where the calculation is toothless", () => {
    assert.isFalse(Verdict.isExact(judged(fractionsAdd([["a wrong sum", { statement: "1" }]]))))
  })
})
