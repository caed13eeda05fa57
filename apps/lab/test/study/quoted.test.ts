/** Numbers that READMEs and guides quote from a study are computed from its stored result, or are of its design. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { allSystems, Systems } from "../../src/evidence/Systems.ts"
import * as StoredResult from "../../src/evidence/study/StoredResult.ts"
import * as Study from "../../src/evidence/study/Study.ts"
import * as StudyReport from "../../src/evidence/study/StudyReport.ts"
import { type Quotation, quotations, type Quoted, read } from "../support/Quotations.ts"
import { findings, type Interval } from "../support/QuotedFindings.ts"

const root = join(import.meta.dirname, "../../../..")
const folder = join(root, "studies")

const guides = globSync(["README.md", "docs/**/*.md", "packages/*/README.md"], {
  cwd: root,
  exclude: (path) => path.includes("node_modules"),
})

const quoted = Map.groupBy(
  guides.flatMap((guide) => quotations(readFileSync(join(root, guide), "utf8"), guide)),
  ({ study }) => study,
)

/** The numbers that a study found, and those of its design. */
const foundBy = Effect.fnUntraced(function* (name: string) {
  const study = yield* Study.named(folder, name)
  const report = yield* StudyReport.read(study)
  const finished = yield* Study.finished(study)
  const judged = report.found?.judged ?? []
  const also =
    finished === undefined ? {} : (findings[name]?.(StoredResult.flat(finished.stored)) ?? {})
  const means: ReadonlyArray<Interval> = [
    ...judged.flatMap(({ against, effect, of }) => [effect, of, against]),
    ...(report.found?.groups ?? []).flatMap((group) => group.means),
    ...(also.means ?? []),
  ]
  const { heading, registered, sweep } = study
  const design = JSON.stringify([heading.scale, heading.size, registered, sweep])
  return {
    means,
    singles: [
      ...means.map(({ mean }) => mean),
      ...judged.flatMap(({ effect: { adjusted, p } }) => [p, adjusted]),
      ...(design.replaceAll(",", "").match(/\d+(?:\.\d+)?(?:e-?\d+)?/g) ?? []).map(Number),
      ...(also.design ?? []),
    ],
    counts: [
      ...judged.flatMap(({ effect: { counted } }) => (counted === undefined ? [] : counted)),
      ...(also.counts ?? []),
    ],
  }
})

/** Half a unit of the last digit that is written; an integer that ends in zeros has at least three digits. */
const roundingOf = (text: string): number => {
  const [digits = "", exponent = "0"] = text.replaceAll(",", "").split("e")
  const [whole = "", decimals = ""] = digits.split(".")
  const zeros = decimals === "" ? (/0*$/.exec(whole.slice(3))?.[0].length ?? 0) : -decimals.length
  return 0.5 * 10 ** (zeros + Number(exponent))
}

/** A quoted number is one that was found, as it is or in percent, rounded to its last digit. */
const isOf = (text: string, value: number): boolean => {
  const wanted = Number(text.replaceAll(",", ""))
  return [1, 100].some(
    (scale) => Math.abs(scale * Math.abs(value) - wanted) <= roundingOf(text) * (1 + 1e-9),
  )
}

/** An interval of a difference may be quoted with the other sign. */
const isInterval = ({ high, low, mean }: Quoted, found: Interval): boolean =>
  (mean === undefined || isOf(mean, found.mean)) &&
  ((isOf(low, found.low) && isOf(high, found.high)) ||
    (isOf(low, found.high) && isOf(high, found.low)))

type Found = Effect.Success<ReturnType<typeof foundBy>>

/** What a passage quotes that was not found. */
const mistakesIn = (
  { counted, intervals, numbers }: Quotation,
  { counts, means, singles }: Found,
): ReadonlyArray<string> => [
  ...intervals
    .filter((interval) => !means.some((found) => isInterval(interval, found)))
    .map(({ high, low, mean = "..." }) => `${mean} (${low} to ${high})`),
  ...numbers.filter((text) => !singles.some((value) => isOf(text, value))),
  ...counted
    .filter(([holds, of]) => !counts.some((c) => isOf(holds, c.holds) && isOf(of, c.of)))
    .map((count) => count.join(" of ")),
]

const provide = Effect.provide(Layer.merge(Systems.layer, NodeServices.layer))

describe.each([...quoted])("the study %s", (name, passages) => {
  it.live("is quoted with the numbers that it found", () =>
    Effect.gen(function* () {
      const found = yield* foundBy(name)
      const wrong = passages.flatMap((passage) =>
        mistakesIn(passage, found).map((text) => `${passage.place}: ${text}`),
      )
      assert.deepStrictEqual(wrong, [])
    }).pipe(provide),
  )
})

describe("the article of a paper", () => {
  it.live("quotes the numbers of the studies that it rests on", () =>
    Effect.gen(function* () {
      let compared = 0
      for (const { id, paper } of yield* allSystems) {
        if (paper.article === undefined) continue
        const { rests, text } = paper.article.surprise
        const behind = rests.flatMap((each) => /^study-(.+)$/.exec(each)?.[1] ?? [])
        if (behind.length === 0) continue
        // its ranges are of claims and experiments
        const passage = { ...read(behind[0]!, id, text), intervals: [] }
        const mistakes = yield* Effect.forEach(behind, (name) =>
          Effect.map(foundBy(name), (found) => mistakesIn(passage, found)),
        )
        const wrong = mistakes[0]!.filter((each) => mistakes.every((own) => own.includes(each)))
        assert.deepStrictEqual(wrong, [], id)
        compared += passage.numbers.length
      }
      assert.isAbove(compared, 0)
    }).pipe(provide),
  )
})

describe("a passage", () => {
  it("is read with its intervals, numbers and counts, up to the next heading", () => {
    const text = `- **\`flat-limits\`** (20 seeds). The ratio is 1.05 (1.02 to
  1.08), at 410 (245 to 687), in 84 of 309 runs, 27 %.

| a difference | 0.38 against 0.25; +0.06 to +0.21 |

# Another

1.5`
    assert.deepStrictEqual(quotations(text, "README.md"), [
      {
        study: "flat-limits",
        place: "README.md:1",
        intervals: [
          { mean: "1.05", low: "1.02", high: "1.08" },
          { mean: "410", low: "245", high: "687" },
        ],
        counted: [["84", "309"]],
        numbers: ["27"],
      },
      {
        study: "flat-limits",
        place: "README.md:4",
        intervals: [{ mean: undefined, low: "0.06", high: "0.21" }],
        counted: [],
        numbers: ["0.38", "0.25"],
      },
    ])
  })

  it("is refused where a number or an end of an interval is not what was found", () => {
    const found = { mean: 0.2637, low: 0.2036, high: 0.3415 }
    assert.isTrue(isInterval({ mean: "0.26", low: "0.20", high: "0.34" }, found))
    assert.isTrue(isInterval({ mean: "26", low: "20", high: "34" }, found))
    assert.isFalse(isInterval({ mean: "0.27", low: "0.20", high: "0.34" }, found))
    assert.isFalse(isInterval({ mean: "0.26", low: "0.21", high: "0.34" }, found))
    assert.isTrue(isOf("9,290", 9288.2))
    assert.isFalse(isOf("9,280", 9288.2))
  })
})
