/** Whether the theorems of the seven papers hold, as a table answers it. */
import { NodeServices } from "@effect/platform-node"
import * as Paper from "@nonconvex/evidence/Paper"
import type * as Verdict from "@nonconvex/evidence/Verdict"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as NumberedPlaces from "../../src/evidence/report/NumberedPlaces.ts"
import * as Theorems from "../../src/evidence/report/Theorems.ts"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"

const provide = Effect.provide(Layer.merge(Systems.layer, NodeServices.layer))

const paper: Paper.Paper = {
  title: "A paper",
  authors: "Ada Nobody, B. Someone",
  venue: "Nowhere",
  year: 2000,
  arxiv: "0000.00000",
}

const described = (name: string, statement: string, basis: Verdict.Verdict["source"]["basis"]) => ({
  id: `toy/${name}`,
  statement: "It is bounded.",
  source: { paper: "Nobody, Someone 2000", statement, basis },
})

const held = (
  name: string,
  statement: string,
  basis: Verdict.Verdict["source"]["basis"] = "as printed",
): Verdict.Verdict => ({
  _tag: "Held",
  ...described(name, statement, basis),
  runs: 200,
  tried: { way: "random", extent: { dimension: 12, steps: 30 } },
  margins: { worst: 0.5, percent1: 0.5, percent10: 0.5, median: 1 },
  caught: [],
})

const refuted = (
  name: string,
  statement: string,
  kind: "theorem false" | "constant" | "gap in a proof" | "slip",
): Verdict.Verdict => ({
  _tag: "Refuted",
  ...described(name, statement, "as printed"),
  class: kind,
  read: { as: "printed", place: statement },
  corrected: "toy/corrected",
  explanation: "It is not.",
  counterexample: { instance: 1, margin: -1, shrinks: 0, replay: "toy/x@1:1" },
})

const answersOf = (...verdicts: ReadonlyArray<Verdict.Verdict>) =>
  Theorems.theoremsOf({ id: "toy", paper, verdicts }).map(
    ({ answer: { text, word }, name }) => [name, word, text] as const,
  )

describe("the table of theorems", () => {
  it("answers yes as far as it was tried, with sizes", () => {
    assert.deepStrictEqual(answersOf(held("a", "Theorem 1"), held("b", "Theorem 1, for sums")), [
      [
        "Theorem 1",
        "holds as far as tried",
        "Yes, as far as 200 instances of each of 2 claims, random search; dimension up to 12, steps up to 30.",
      ],
    ])
    assert.include(
      answersOf(held("a", "Lemma 2", "as recalled"))[0]![2],
      "recalled, and was not read",
    )
  })

  it("answers no where the statement is false, and yes, mended, where only a step or a constant is", () => {
    const corrected = held("corrected", "Theorem 1", "corrected")
    const [falls] = answersOf(refuted("x", "Theorem 1", "theorem false"), corrected)
    assert.strictEqual(falls![1], "false")
    assert.match(falls![2], /^No: as printed, “x” is false[.] Mended, it holds as far as 200/)
    const [part] = answersOf(refuted("x", "Theorem 1", "theorem false"), held("a", "Theorem 1"))
    assert.strictEqual(part![1], "holds in part")
    const [gap] = answersOf(refuted("x", "proof of Theorem 1", "gap in a proof"), corrected)
    assert.match(gap![2], /^Yes, mended: /)
  })

  it("is in doubt where a claim of it failed", () => {
    const failed: Verdict.Verdict = {
      _tag: "Undecided",
      ...described("late", "Theorem 1", "as printed"),
      runs: 3,
    }
    assert.strictEqual(answersOf(held("a", "Theorem 1"), failed)[0]![1], "in doubt")
  })

  it("stands in the order of the paper, with statements of others by their names", () => {
    const other = {
      ...held("o", "Theorem 8"),
      source: { ...held("o", "Theorem 8").source, paper: "Balle, Wang 2018" },
    }
    const names = answersOf(
      held("f", "the floor"),
      held("l", "Lemma B.3"),
      other,
      held("t", "Theorems 3.10 and 3.2"),
      held("d", "Theorem 3.2, sharper", "derived here"),
    ).map(([name]) => name)
    assert.deepStrictEqual(names, [
      "Theorem 3.2",
      "Theorem 3.10",
      "Lemma B.3",
      "the floor",
      "Balle, Wang 2018, Theorem 8",
    ])
  })

  it("names statements of an appendix by their numbers, each in a row", () => {
    assert.deepStrictEqual(
      answersOf(held("gaps", "statements B.7, B.11 and B.13"), held("l", "Lemma B.3")).map(
        ([name]) => name,
      ),
      ["Lemma B.3", "Statement B.7", "Statement B.11", "Statement B.13"],
    )
  })

  it("says how tight a bound is in the quantity that it bounds, from above and from below", () => {
    const of = (relation: "at least" | "at most", actual: number, bound: number) => ({
      ...held("a", "Theorem 1"),
      nearest: {
        instance: 1,
        margin: 0.5,
        replay: "toy/a@1:1",
        compared: { relation, actual, bound, quantity: "distance" },
      },
    })
    const tableOf = (verdict: Verdict.Verdict) =>
      Theorems.render(Theorems.theoremsOf({ id: "toy", paper, verdicts: [verdict] }), paper).markup
    assert.include(
      tableOf(of("at least", 6, 2)),
      "loose: the least distance found is 3 times the required one",
    )
    assert.include(
      tableOf(of("at most", 1, 2)),
      "loose: the bound is 2 times the largest distance found",
    )
  })

  it.live("has no row of the seven papers that is a bare number", () =>
    Effect.gen(function* () {
      for (const { claims, errata, id, paper: of } of yield* provide(allSystems)) {
        const verdicts = [...claims, ...errata].map(
          (each): Verdict.Verdict =>
            ({ ...held("", ""), ...each, _tag: "Held" }) as Verdict.Verdict,
        )
        for (const { name } of Theorems.theoremsOf({ id, paper: of, verdicts })) {
          assert.match(name, /[a-z]{4}/, name)
        }
      }
    }),
  )

  it.live("has an address of its own for each statement of the seven papers", () =>
    Effect.gen(function* () {
      for (const { claims, errata, id, paper: of } of yield* provide(allSystems)) {
        const verdicts = [...claims, ...errata].map(
          (each): Verdict.Verdict =>
            ({ ...held("", ""), ...each, _tag: "Held" }) as Verdict.Verdict,
        )
        const all = Theorems.theoremsOf({ id, paper: of, verdicts })
        assert.isAbove(all.length, 3, id)
        assert.strictEqual(new Set(all.map(({ address }) => address)).size, all.length, id)
      }
    }),
  )
})

describe("the places that a source names", () => {
  it("are found with their numbers, in lists too", () => {
    assert.deepStrictEqual(
      NumberedPlaces.placesIn(
        "proofs of Theorems 4.6 and 4.8, with Lemma C.5 and equation (29)",
      ).map(NumberedPlaces.nameOf),
      ["Theorem 4.6", "Theorem 4.8", "Lemma C.5", "Equation (29)"],
    )
    assert.deepStrictEqual(
      NumberedPlaces.placesIn("Theorem 1, SAM, past Appendix H").map(NumberedPlaces.nameOf),
      ["Theorem 1", "Appendix H"],
    )
  })
})
