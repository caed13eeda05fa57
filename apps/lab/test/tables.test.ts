/** Commands that take a matrix read the same names in the same file. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { CompleteReport } from "../src/data/complete/CompleteReport.ts"
import { SolveReport } from "../src/data/solve/SolveReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = <Type, Encoded>(schema: Schema.Codec<Type, Encoded>) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(schema)))

const printed = Effect.fnUntraced(function* <Type, Encoded>(
  schema: Schema.Codec<Type, Encoded>,
  text: string,
  args: ReadonlyArray<string>,
) {
  const path = join(temporary(), "table.csv")
  writeFileSync(path, text)
  const [verb, ...flags] = args
  const { code, stderr, stdout } = yield* nonconvex([], [verb!, path, ...flags, "--json"])
  assert.deepStrictEqual([code, stderr], [0, ""])
  return yield* decode(schema)(stdout)
})

/** Named and numbered, in all the ways in which people write that. */
const forms: ReadonlyArray<
  readonly [what: string, corner: string | undefined, columns: string, rows: string]
> = [
  ["words over words", "country", "a,b,c", "fr,de,it"],
  ["years over words", "country", "2019,2020,2021", "fr,de,it"],
  ["years over words, and an empty corner", "", "2019,2020,2021", "fr,de,it"],
  ["words over words, and no corner", undefined, "a,b,c", "fr,de,it"],
  ["words over an index, and an empty corner", "", "a,b,c", "1,2,3"],
]

describe("solve and complete", () => {
  it.live.each(forms)("read %s alike", ([, corner, columns, rows]) =>
    Effect.gen(function* () {
      const names = rows.split(",")
      const head = corner === undefined ? columns : `${corner},${columns}`
      const table = (values: ReadonlyArray<string>) =>
        [head, ...values.map((line, r) => `${names[r]!},${line}`)].join("\n")
      const game = table(["0,1,-1", "-1,0,1", "1,-1,0"])
      const { published } = yield* printed(SolveReport, game, ["solve"])
      const [column, row] = published.blocks.map(({ coordinates }) =>
        coordinates.map(({ name }) => name),
      )
      const holes = table(["1,2,3", "2,4,6", "3,,9"])
      const found = yield* printed(CompleteReport, holes, ["complete", "--folds", "2"])
      assert.deepStrictEqual([found.columnNames, found.rowNames], [columns.split(","), names])
      assert.deepStrictEqual([column, row], [columns.split(","), names])
    }),
  )
})
