import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { judge } from "../src/Bars.ts"
import * as Documented from "../src/Documented.ts"
import type { CaseResult } from "../src/Measure.ts"
import { lineOf, type Runs, tables } from "../src/Performance.ts"
import { page } from "../src/Summary.ts"
import { spread } from "../src/Statistics.ts"

const measured = (implementation: string, own: boolean, seconds: number) => ({
  implementation,
  own,
  rounds: [seconds, seconds, seconds],
  seconds: spread([seconds]),
})

const resultOf = (name: string, peer: number, size?: number): CaseResult => ({
  workload: "toys",
  case: {
    name,
    parameters: {},
    operations: 1e9,
    limit: "float64",
    tolerance: 0,
    ...(size !== undefined && { family: { work: "sorting", by: "balls", size } }),
  },
  disagreements: {},
  measured: [
    measured("strict", true, 2),
    measured("relaxed", true, 1),
    measured("easy", false, 9),
    measured("hard", false, peer),
  ],
})

const bars = [
  { case: "won", ours: "relaxed", against: "hard", speed: 1 },
  { case: "lost", ours: "relaxed", against: "hard", speed: 1 },
] as const
const results = [resultOf("won", 4), resultOf("lost", 0.5)]
const verdicts = judge(bars, results)
const limits = { 128: { float64: 2e9 }, 256: { float64: 4e9 } }
const runs: Runs = {
  toys: {
    date: "2026-01-31",
    processor: "an abacus",
    threads: 2,
    rounds: 3,
    versions: { ours: { node: "24" }, python: { numpy: "2" } },
    limits,
    lines: results.map((result) => lineOf(result, verdicts)!),
  },
}

describe("the tables of performance", () => {
  const written = tables(runs, { lost: "it was asleep" })
  const [ahead, behind, growth, missed] = ["## Ahead", "## Behind", "## Growth", "## Bars"].map(
    (title) => written.slice(written.indexOf(title)).split("\n## ")[0]!,
  )

  it("puts the fastest of ours next to the fastest peer", () => {
    assert.include(ahead, "| won | relaxed, 1.00 s | hard, 4.00 s | 4.00 |")
    assert.notInclude(ahead, "easy")
    assert.notInclude(ahead, "lost")
  })

  it("says where it is behind, why, and which bars are missed", () => {
    assert.include(behind, "| lost | relaxed, 1.00 s | hard, 500 ms | 0.500 | it was asleep |")
    assert.include(missed, "1 bars were reached and 1 were missed")
    assert.include(missed, "| lost | 1 times hard | 0.500 |")
  })

  it("shows how well each answers where no two answer alike", () => {
    const own = { name: "own way", parameters: {}, figures: ["error", "rank"] }
    const answers = [
      { ...measured("ours", true, 2), figures: { error: 0.9166513, rank: 8 } },
      { ...measured("theirs", false, 1), figures: { error: 0.9426681, rank: Number.NaN } },
    ]
    const line = lineOf({ workload: "toys", case: own, disagreements: {}, measured: answers }, [])!
    const kept = JSON.parse(JSON.stringify({ toys: { ...runs["toys"]!, lines: [line] } })) as Runs
    const found = tables(kept, {})
    assert.include(found, "| own way | ours | 2.00 s | error 0.9167, rank 8 |")
    assert.include(found, "|  | theirs | 1.00 s | error 0.9427 |")
    assert.notInclude(written, "| won | strict |")
  })

  it("shows how time grows with the size, of families of three sizes", () => {
    const sizes = [1, 10, 100]
    const family = sizes.map((size) => {
      const line = lineOf(resultOf(`${size} balls`, 1e-4 * size ** 2, size), [])!
      return { ...line, ours: { name: "relaxed", seconds: size ** 1.5 } }
    })
    const grown = tables({ toys: { ...runs["toys"]!, lines: family } }, {})
    assert.include(grown, "| sorting | balls 1, 10, 100 | 1.50 |")
    assert.include(grown, "| 2.00, hard |")
    const two = tables({ toys: { ...runs["toys"]!, lines: family.slice(1) } }, {})
    assert.notInclude(two, "| sorting |")
    assert.notInclude(growth, "| won |")
  })

  it("names the machine, the day and the versions of every run", () => {
    assert.include(
      written,
      "| toys | 2026-01-31, an abacus, 2 threads, 3 rounds or as many as fit | float64 2 by 128 bits, 4 by 256 bits (GFlop/s) | node 24, numpy 2 |",
    )
  })

  it("says where a peer is ahead with more threads alone", () => {
    const [, lost] = results
    const threads = measured("hard, all threads", false, 0.5)
    const alone = measured("hard", false, 1.5)
    const line = lineOf(
      { ...lost!, measured: [...lost!.measured.slice(0, 3), alone, threads] },
      [],
    )!
    const text = tables({ toys: { ...runs["toys"]!, lines: [line] } }, { lost: "it was asleep" })
    assert.include(text, "| Ours has one thread; with one too, hard takes 1.50 times as long. |")
    assert.notInclude(text, "asleep")
  })

  it("says so where nobody has looked why", () => {
    assert.include(tables(runs, {}), "| not looked into |")
  })
})

describe("the summary of performance", () => {
  const line = (work: string, name: string, times: number, seconds = 1) => ({
    work,
    ours: { name: "ours", seconds },
    peers: [
      { name: "slow", seconds: 99 * seconds, speed: 99 },
      { name, seconds: times * seconds, speed: times },
    ],
    bars: [],
  })
  const run = (...lines: ReadonlyArray<ReturnType<typeof line>>) => ({ ...runs["toys"]!, lines })

  it("has a row for each command, method and kind of kernel", () => {
    const text = page({
      "commands/solve": run(line("small", "easy", 3), line("large", "hard", 0.5)),
      "optim-sam": run(line("one step", "quick", 2), line("many steps", "quicker", 1500)),
      "numerics/gemm": run(line("gemm f64", "native", 1.25)),
    })
    assert.include(text, "| solve | large | 1.00 s | hard, 500 ms | 0.500 |  |")
    assert.include(text, "| SAM on two parameters | 2 | quick; slow | 2.00 to 99.0 |")
    assert.include(text, "| gemm f64 | 1 | native | 1.25 |")
    assert.include(text, "In 4 of 5 cases")
    assert.include(text, "- large: 0.500")
  })

  it("leaves out work whose time is the cost of a call", () => {
    const text = page({ "numerics/calls": run(line("norm of 16 doubles", "numpy", 50, 1e-8)) })
    assert.notInclude(text, "norm of 16 doubles")
    assert.include(text, "In 0 of 0 cases")
    assert.notInclude(
      tables({ calls: run(line("norm of 16 doubles", "numpy", 50, 1e-8)) }, {}),
      "norm of 16 doubles",
    )
  })
})

describe("the pages of performance", () => {
  const cells = (text: string) => text.replaceAll(/[ -]+/g, "")
  const runsThatAreKept = Documented.read()

  it.each([
    [Documented.pageFile, page(runsThatAreKept)],
    [Documented.tablesFile, tables(runsThatAreKept, Documented.reasons())],
  ])("%s has what the stored runs say", (file, text) => {
    assert.strictEqual(cells(readFileSync(file, "utf8")), cells(text))
  })

  it("have the figure of the stored runs: npm run peers -- --render", async () => {
    const file = readFileSync(Documented.pictureFile, "utf8")
    assert.strictEqual(file, await Documented.picture(runsThatAreKept))
  })

  it("shows no share of a ceiling, and sums up each kind of user in a screen", () => {
    const [shown, whole] = [Documented.pageFile, Documented.tablesFile].map((file) =>
      readFileSync(file, "utf8"),
    )
    assert.notMatch(`${shown}${whole}`, /of 128 bits \|/)
    const screens = shown!.split("\n## ").slice(1)
    for (const screen of screens) assert.isAtMost(screen.split("\n").length, 24, screen)
  })
})
