/** The glossary: every label that a command prints is a term, and every term a plain sentence. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Verdicts from "../src/evidence/Verdicts.ts"
import * as Glossary from "../src/evidence/Glossary.ts"
import { TermEntry } from "../src/evidence/handlers/ExplainHandler.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { decoded, refused } from "./support/Toys.ts"

describe("the glossary", () => {
  it("has sentences, each term once in its system", () => {
    for (const { meaning, term } of Glossary.entries) assert.match(meaning, /^[A-Z1-9].*\.$/, term)
    const names = Glossary.entries.flatMap((entry) =>
      Glossary.namesOf(entry).map((name) => `${entry.system} ${name}`),
    )
    assert.deepStrictEqual([...new Set(names)], names)
  })

  it("has every verdict, and what stands beside it", () => {
    for (const word of Object.keys(Verdicts.words)) assert.isNotEmpty(Glossary.find(word), word)
    for (const word of ["margin", "control", "detected", "run", "seed", "preset", "strict"]) {
      assert.isNotEmpty(Glossary.find(word), word)
    }
  })

  it("covers the evidence engine and all seven systems", () => {
    assert.deepStrictEqual(
      [...new Set(Glossary.entries.map(({ system }) => system))],
      [
        "evidence",
        "optim-sam",
        "flat-minima",
        "label-noise",
        "matrix-factorization",
        "dp-lowrank",
        "reproducible-minimax",
        "catapults",
      ],
    )
  })
})

describe("explain", () => {
  it.live("says what a term means, whatever its case, number or hyphens", () =>
    Effect.gen(function* () {
      for (const words of [["margin"], ["Margins"], ["worst-margin"], ["worst", "margin"]]) {
        const { code, stdout } = yield* nonconvex([], ["explain", ...words])
        assert.strictEqual(code, 0)
        assert.match(stdout, /^margin \(evidence, also .*\)\n {2}The distance of an instance/)
      }
    }),
  )

  it.live("says what a label means as it is printed, with its number", () =>
    Effect.gen(function* () {
      const labels = [
        "prediction",
        "eigenvalue 1",
        "component 1",
        "means of columns",
        "mean of column",
      ]
      for (const label of labels) {
        const { code, stdout } = yield* nonconvex([], ["explain", ...label.split(" ")])
        assert.strictEqual(code, 0)
        assert.match(stdout, /^[a-z ]+ \([a-z-]+.*\)\n {2}[A-Z]/, label)
      }
    }),
  )

  it.live("names the terms that share words with several", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* nonconvex(
        [],
        ["explain", "released", "explained", "variances"],
      )
      assert.deepStrictEqual([code, /^perhaps .*explained/.test(stdout)], [0, true])
      assert.match(yield* refused("explain", "xyzzy", "plugh"), /see nonconvex explain$/)
    }),
  )

  it.live("names the terms that a word is a part of", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex([], ["explain", "gap"])
      assert.match(stdout, /\n\nsee also .*spectral gap/)
      const { code, stdout: part } = yield* nonconvex([], ["explain", "norm"])
      assert.deepStrictEqual([code, /^perhaps .*trace norm/.test(part)], [0, true])
    }),
  )

  it.live("suggests what was meant", () =>
    Effect.gen(function* () {
      assert.match(
        yield* refused("explain", "marginn"),
        /no term is named "marginn"; did you mean margin\?$/,
      )
      assert.match(yield* refused("explain", "xyzzy"), /see nonconvex explain$/)
    }),
  )

  it.live("lists all as JSON", () =>
    Effect.gen(function* () {
      const { value } = yield* decoded(Schema.Array(TermEntry), ["explain"])
      assert.strictEqual(value.length, Glossary.entries.length)
    }),
  )
})

const written = (lines: ReadonlyArray<string>, name = "table.csv"): string => {
  const path = join(temporary(), name)
  writeFileSync(path, lines.join("\n"))
  return path
}

/** What stands before two spaces, or before a colon, at the beginning of a line below the first, which names the input. */
const labelsIn = (text: string): ReadonlyArray<string> =>
  Array.from(
    text.slice(text.indexOf("\n") + 1).matchAll(/^([a-z][a-z ]*?)(?: \d+)?(?:(?: {2,}|: )\S|$)/gm),
    ([, label]) => label!,
  )

const numbers = Array.from({ length: 30 }, (_, i) => [((i * 7) % 5) - 2, ((i * 11) % 6) / 4])
const samples = ["a,b,y", ...numbers.map(([a = 0, b = 0]) => `${a},${b},${a + b}`)]
const regression = ["--target", "y", "--task", "regression"]
const privacy = "--bound 1 --epsilon 1 --delta 1e-6 --neighbours replace".split(" ")

/** A command line on files of its own, after others that write them. */
const examples: ReadonlyArray<
  readonly [command: string, lines: () => ReadonlyArray<ReadonlyArray<string>>]
> = [
  ["train", () => [["train", written(samples), ...regression, "--epochs", "3", "--hidden", "4"]]],
  [
    "certify",
    () => {
      const [network, data] = [join(temporary(), "network.json"), written(samples)]
      const made = [
        "train",
        data,
        ...regression,
        "--epochs",
        "3",
        "--hidden",
        "4",
        "--save",
        network,
      ]
      return [made, ["certify", network, data, ...regression]]
    },
  ],
  [
    "flatten",
    () => {
      const network = join(temporary(), "network.json")
      const made = ["flatten", network, "diabetes", "--create", "cubic", "--rows", "4"]
      return [made, ["flatten", network, "diabetes"]]
    },
  ],
  [
    "diagnose",
    () => [
      ["diagnose", written(["step,loss", "0,4", "1,2", "2,1", "3,9", "4,20", "5,1", "6,0.9"])],
    ],
  ],
  ["solve", () => [["solve", written(["0,1,-1", "-1,0,1", "1,-1,0"])]]],
  [
    "complete",
    () => [["complete", written(["a,b,c", "1,2,3", "2,4,6", "3,,9", "4,8,12"]), "--folds", "2"]],
  ],
  [
    "release",
    () => [
      [
        "release",
        written(["a,b", ...numbers.map((row) => row.map((x) => x / 4).join())]),
        "--rank",
        "1",
        "--create-ledger",
        ...privacy,
      ],
    ],
  ],
  ["audit", () => [["audit", "--epsilon", "1", "--neighbours", "replace", "--samples", "2000"]]],
]

describe("every label of the output is a term:", () => {
  it.live.each(examples)("%s", ([, lines]) =>
    Effect.gen(function* () {
      let last = ""
      for (const args of lines()) {
        const { code, stderr, stdout } = yield* nonconvex([], [...args, "--quiet"])
        assert.deepStrictEqual([code, stderr], [0, ""])
        last = stdout
      }
      const unknown = labelsIn(last).filter((label) => Glossary.find(label).length === 0)
      assert.deepStrictEqual(unknown, [])
    }),
  )
})
