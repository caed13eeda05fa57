/** Values far from zero that differ by little: what is written has the digits in which they differ. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as PredictReport from "../src/data/predict/PredictReport.ts"
import { CompleteReport } from "../src/data/complete/CompleteReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(CompleteReport)))

/** A sum of effects, every fifth entry of which is a hole, beside an offset. */
const [rows, columns] = [12, 9]
const stream = RandomStream.make(Seed.root("digits"))
const [a, b] = [rows, columns].map((n) =>
  Array.from({ length: n }, () => Math.round(100 * stream.uniform())),
)
const isHole = (row: number, column: number): boolean => (3 * row + column) % 5 === 0
const at = (row: number, column: number): number => a![row]! + b![column]!
const withOffset = (offset: number): string => {
  const path = join(temporary(), "offset.csv")
  const lines = Array.from({ length: rows }, (_row, r) =>
    [
      `r${r}`,
      ...Array.from({ length: columns }, (_cell, c) => (isHole(r, c) ? "" : offset + at(r, c))),
    ].join(","),
  )
  writeFileSync(path, lines.join("\n"))
  return path
}

/** The worst error in a hole of a filled table. */
const worst = (filled: ReadonlyArray<ReadonlyArray<number>>, offset: number): number =>
  Math.max(
    ...filled.flatMap((row, r) =>
      row.map((value, c) => (isHole(r, c) ? Math.abs(value - offset - at(r, c)) : 0)),
    ),
  )

const offset = 1_700_000_000

describe("complete, of values far from zero", () => {
  it.live("fills holes as well as of the same values near zero, in the file and in JSON", () =>
    Effect.gen(function* () {
      const save = join(temporary(), "filled.csv")
      const found = yield* Effect.forEach([0, offset], (by) =>
        Effect.gen(function* () {
          const args = ["complete", withOffset(by), "--no-header", "--save", save, "--json"]
          const { filled } = yield* decode((yield* nonconvex([], args)).stdout)
          const saved = readFileSync(save, "utf8").trimEnd().split("\n").slice(1)
          assert.deepStrictEqual(
            saved.map((line) => line.split(",").slice(1).map(Number)),
            filled,
          )
          return worst(filled!, by)
        }),
      )
      assert.isBelow(found[0]!, 0.1)
      // an ulp of the offset is 2.4e-7
      assert.closeTo(found[1]!, found[0]!, 1e-5)
    }),
  )

  it.live("shows observed values as they were, and filled ones to a part of their spread", () =>
    Effect.gen(function* () {
      const { stdout } = yield* nonconvex([], ["complete", withOffset(offset), "--no-header"])
      const shown = stdout.split("\n").slice(-rows)
      shown.forEach((line, r) => {
        const cells = line.split(/ +/).slice(1)
        cells.forEach((cell, c) => {
          if (isHole(r, c)) assert.closeTo(Number(cell), offset + at(r, c), 0.1)
          else assert.strictEqual(cell, String(offset + at(r, c)))
        })
      })
    }),
  )
})

describe("predict, of values far from zero", () => {
  it("shows predictions to a part of their spread", () => {
    const report = {
      network: "network.json",
      data: "rows.csv",
      rows: 2,
      lines: [2, 3],
      predictions: [999_999_995.9, 1_000_000_004],
      classes: [],
      unknown: [],
      filled: [],
      kernels: "strict",
    } as const
    const lines = PredictReport.render(report, undefined, undefined).split("\n")
    assert.deepStrictEqual(lines.slice(-2), ["2     999999995.9", "3     1000000004"])
  })
})
