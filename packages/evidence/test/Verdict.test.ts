import { efforts } from "@nonconvex/evidence/Efforts"
import { Schema } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Verdict from "../src/Verdict.ts"
import { source } from "./support/Numbers.ts"

const described = { id: "a/b", statement: "All is well.", source }

const counterexample = {
  instance: { n: 3, name: "x", list: [1, null, true] },
  margin: -0.123456,
  shrinks: 2,
  replay: "a/b@-5:0:1",
}

const margins = { worst: 0.0123456, percent1: 0.02, percent10: 0.1, median: 0.5 }

const verdicts: ReadonlyArray<Verdict.Verdict> = [
  {
    _tag: "Held",
    ...described,
    runs: 100,
    margins,
    caught: [
      { control: "iid noise", runs: 2, counterexample },
      { control: "no decay", runs: 1, counterexample },
    ],
  },
  { _tag: "Falsified", ...described, runs: 7, counterexample },
  { _tag: "Toothless", ...described, runs: 100, survived: ["iid noise", "no decay"] },
  { _tag: "Refuted", ...described, corrected: "a/c", explanation: "A sign.", counterexample },
  { _tag: "Unrefuted", ...described, runs: 200 },
  { _tag: "Broken", ...described, reason: "divided by zero", counterexample },
  { _tag: "Undecided", ...described, runs: 12 },
]

const Json = Schema.toCodecJson(Verdict.Verdict)

const roundTrip = (verdict: Verdict.Verdict): Verdict.Verdict => {
  const text = JSON.stringify(Schema.encodeSync(Json)(verdict))
  return Schema.decodeUnknownSync(Json)(JSON.parse(text))
}

/** Any double but -0, which JSON cannot tell from 0. */
const margin = fc.double().map((x) => x + 0)

describe("Verdict", () => {
  it.each(verdicts)("$_tag survives JSON", (verdict) => {
    assert.deepStrictEqual(roundTrip(verdict), verdict)
  })

  it("survives JSON with any margins and any instance", () => {
    fc.assert(
      fc.property(margin, margin, fc.jsonValue(), (worst, violated, instance) => {
        const plain = JSON.parse(JSON.stringify(instance)) as Schema.Json
        const verdict: Verdict.Verdict = {
          _tag: "Held",
          ...described,
          runs: 1,
          margins: { worst, percent1: worst, percent10: worst, median: worst },
          caught: [
            {
              control: "c",
              runs: 1,
              counterexample: { ...counterexample, instance: plain, margin: violated },
            },
          ],
        }
        assert.deepStrictEqual(roundTrip(verdict), verdict)
      }),
    )
  })

  it("is as expected only where a claim holds or an erratum is one", () => {
    assert.deepStrictEqual(
      verdicts.filter(Verdict.isExpected).map(({ _tag }) => _tag),
      ["Held", "Refuted"],
    )
  })

  it("counts an erratum that was read, by its basis where older results say no more", () => {
    const refuted = { corrected: "a/c", explanation: "A sign.", counterexample }
    const of = (basis: Verdict.OnErratum["source"]["basis"], read?: Verdict.OnErratum["read"]) =>
      roundTrip({
        _tag: "Refuted",
        ...described,
        source: { ...source, basis },
        ...refuted,
        ...(read === undefined ? {} : { class: "slip", read }),
      }) as Verdict.OnErratum
    const place = "page 3, equation (7)"
    assert.deepStrictEqual(
      [
        of("as printed", { as: "printed", place }),
        of("as printed"),
        of("as recalled", { as: "recalled" }),
        of("derived here", { as: "derived" }),
        of("as recalled"),
        of("derived here"),
      ].map(Verdict.wasRead),
      [true, true, false, false, false, false],
    )
  })

  it("says why a claim is falsified in floating point, and that numbers as they are need no more", () => {
    const falsified = verdicts.find(({ _tag }) => _tag === "Falsified")!
    const of = (inFloatingPoint: "bits" | "spectrum") =>
      Verdict.howSure({ ...falsified, inFloatingPoint } as Extract<
        Verdict.Verdict,
        { readonly _tag: "Falsified" }
      >)
    assert.strictEqual(of("bits"), "exactly")
    assert.strictEqual(
      of("spectrum"),
      "in floating point: it is about eigenvalues or singular values from an iterative solver",
    )
  })

  it("is a line for a person", () => {
    const at = '{"n":3,"name":"x","list":[1,null,true]} (margin -0.123); replay a/b@-5:0:1'
    assert.deepStrictEqual(verdicts.map(Verdict.describe), [
      "a/b held in 100 runs, worst margin 0.0123; detected iid noise, no decay",
      `a/b is falsified, in floating point, by ${at}`,
      "a/b is toothless: it also holds under iid noise, no decay",
      `a/b is refuted, in floating point, as stated, by ${at}; a/c holds instead`,
      "a/b found no counterexample in 200 runs",
      `a/b broke: divided by zero at ${at}`,
      "a/b is undecided: the time budget ended after 12 runs",
    ])
  })
})

it("prints the two numbers that a counterexample compared", () => {
  const falsified = verdicts.find(({ _tag }) => _tag === "Falsified")! as Extract<
    Verdict.Verdict,
    { readonly _tag: "Falsified" }
  >
  const compared = { relation: "at most", actual: 8.75e-24, bound: 0 } as const
  const line = Verdict.describe({
    ...falsified,
    counterexample: { ...falsified.counterexample, margin: Number.NEGATIVE_INFINITY, compared },
  })
  assert.include(line, "(margin -Infinity: 8.75e-24 is above its bound 0)")
})

it("efforts are 1, 2, 5 and their tens below the number of runs, which is the last", () => {
  assert.deepStrictEqual(efforts(1), [1])
  assert.deepStrictEqual(efforts(5), [1, 2, 5])
  assert.deepStrictEqual(efforts(300), [1, 2, 5, 10, 20, 50, 100, 200, 300])
})

describe("looseness", () => {
  const held = (
    worst: number,
    compared?: NonNullable<Verdict.Nearest["compared"]>,
  ): typeof Verdict.Held.Type => ({
    _tag: "Held",
    ...described,
    runs: 1,
    margins: { worst, percent1: worst, percent10: worst, median: worst },
    caught: [],
    nearest: { ...(compared === undefined ? {} : { compared }), replay: "a/b@1:0" },
  })

  it("is the factor between the bound and what came nearest to it", () => {
    const loose = ([relation, actual, bound]: readonly ["at most" | "at least", number, number]) =>
      Verdict.looseness(held(0.5, { relation, actual, bound }))
    assert.strictEqual(loose(["at most", 2, 6]), 3)
    assert.strictEqual(loose(["at least", 6, 2]), 3)
    assert.strictEqual(loose(["at most", -6, -2]), 3)
    assert.strictEqual(loose(["at least", -2, -6]), 3)
  })

  it("has no finite factor where one of them is not positive", () => {
    for (const actual of [0, -1]) {
      assert.strictEqual(
        Verdict.looseness(held(1, { relation: "at most", actual, bound: 6 })),
        Number.POSITIVE_INFINITY,
      )
    }
  })

  it("is none of what is nearly tight, of an equality, and of a margin that is no comparison", () => {
    assert.isUndefined(Verdict.looseness(held(0.1, { relation: "at most", actual: 9, bound: 10 })))
    assert.isUndefined(Verdict.looseness(held(0.5, { relation: "equal", actual: 9, bound: 10 })))
    assert.isUndefined(Verdict.looseness(held(1, { relation: "at most", actual: -1, bound: 0 })))
    assert.isUndefined(Verdict.looseness(held(0.5)))
  })
})
