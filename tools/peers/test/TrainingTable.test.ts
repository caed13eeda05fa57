import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { bySet, cells, markdown, type Row, worse } from "../src/TrainingTable.ts"

const docs = new URL("../../../docs/", import.meta.url)
const kept = JSON.parse(readFileSync(new URL("training.json", docs), "utf8")) as ReadonlyArray<Row>
const page = readFileSync(new URL("commands/train.md", docs), "utf8")

/** Ten divisions of a set with the scores of `train` above those of the others by `margin`, give or take `noise`. */
const drawn = (margin: number, noise: number): ReadonlyArray<Row> =>
  Array.from({ length: 10 }, (_, k) => ({
    set: "drawn",
    rows: 100,
    seed: k,
    train: 0.8 + margin + (k % 2 === 0 ? noise : -noise),
    method: "plain",
    plain: 0.8,
    "scikit-learn": 0.8,
    seconds: 1,
  }))

describe("the scores of train beside scikit-learn", () => {
  it("are those of at least ten sets, and the page has the table of the kept rows", () => {
    const sets = bySet(kept)
    assert.isAtLeast(sets.length, 10)
    const table = cells(sets)
    const lines = page.split("\n")
    const from = lines.findIndex((line) => line.startsWith("| set "))
    const found = lines
      .slice(from)
      .filter((line, k) => k !== 1 && k <= table.length)
      .map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    assert.deepStrictEqual(found, table, `the table of the page is\n${markdown(sets)}`)
  })

  it("are worse on the sets that the page names: none", () => {
    assert.deepStrictEqual(worse(bySet(kept)), [])
    assert.include(
      page,
      "On none of the eleven sets is `train` worse by its 95 % confidence interval",
    )
    const sets = bySet(kept)
    assert.strictEqual(sets.length, 11)
    const better = sets.filter(({ difference, scaled }) => (scaled ?? difference).low > 0)
    assert.deepStrictEqual(
      better.map(({ set }) => set),
      ["moons", "friedman 1", "friedman 3", "linear, little noise"],
    )
    // what the intervals leave open, with the lowest mean
    const text = page.replaceAll("\n", " ")
    const lowest = sets.toSorted((a, b) => a.difference.mean - b.difference.mean)[0]!
    assert.include(text, `${lowest.difference.mean.toFixed(3)}, on ${lowest.set}`)
    for (const { difference, scaled, set } of sets) {
      if (scaled !== undefined || difference.low > 0) continue
      assert.match(text, new RegExp(`${(-difference.low).toFixed(3)} on ${set}`))
    }
    const helped = sets.filter(({ gain }) => gain.low > 0).map(({ set }) => set)
    assert.deepStrictEqual(helped, ["diabetes", "linear, little noise"])
  })

  it("are called worse where they are, and not where chance may be the cause", () => {
    assert.deepStrictEqual(worse(bySet(drawn(-0.05, 0.01))), ["drawn"])
    assert.deepStrictEqual(worse(bySet(drawn(-0.005, 0.05))), [])
    assert.deepStrictEqual(worse(bySet(drawn(0.05, 0.01))), [])
    // nine divisions are no ten
    assert.throws(() => bySet(drawn(0, 0.1).slice(1)), /drawn has 9 divisions, not 10/)
  })
})
