/** Tables of runs as Parquet, read back by hyparquet. */
import { assert, describe, it } from "@effect/vitest"
import type { Row } from "@nonconvex/evidence/Experiment"
import { parquetReadObjects } from "hyparquet"
import * as FlatTable from "../../src/evidence/runs/FlatTable.ts"
import * as Parquet from "../../src/evidence/runs/Parquet.ts"
import { keptRun } from "../support/Kept.ts"

const runs = [
  keptRun({ subject: "toy/dice", seed: 3, config: { radius: 0.5, mode: "a", sizes: [1, 2] } }),
  keptRun({ subject: "toy/dice", seed: 4, config: { radius: 0.25, mode: 7, seed: 11 } }),
]

const rows: ReadonlyArray<ReadonlyArray<Row>> = [
  [
    { radius: 0, value: -0, name: 'é, "q"', done: true },
    { radius: 0.1 + 0.2, value: Number.NaN, name: "", done: false },
    { radius: 0, value: 0, name: "NaN", done: true },
  ],
  [
    { radius: 5e-324, value: -Infinity, name: "b" },
    { radius: 1, value: 1, name: "b", extra: 9 },
  ],
]

const found = FlatTable.finder()
runs.forEach((run, at) => found.add(run, rows[at]!))
const columns = found.columns()

async function* cells() {
  for (const [at, run] of runs.entries()) {
    for (const row of rows[at]!) yield await Promise.resolve(columns.map(({ of }) => of(run, row)))
  }
}

describe("Parquet", () => {
  it("names columns so that none hides another", () => {
    assert.deepStrictEqual(
      columns.map(({ name, type }) => `${name} ${type}`),
      [
        "run text",
        "experiment text",
        "seed number",
        "config.radius number",
        "mode text",
        "sizes text",
        "config.seed number",
        "radius number",
        "value number",
        "name text",
        "done boolean",
        "extra number",
      ],
    )
  })

  it("comes back bit for bit", async () => {
    const bytes = await Parquet.encode(columns, cells())
    const read = await parquetReadObjects({ file: bytes.slice().buffer })
    const settings = [
      { "config.radius": 0.5, mode: "a", sizes: "[1,2]", "config.seed": null },
      { "config.radius": 0.25, mode: "7", sizes: null, "config.seed": 11 },
    ]
    const expected = runs.flatMap((run, at) =>
      rows[at]!.map((row) => ({
        run: run.id,
        experiment: "toy/dice",
        seed: run.key.seed,
        ...settings[at],
        done: null,
        extra: null,
        ...row,
      })),
    )
    assert.deepStrictEqual(read, expected)
    assert.deepStrictEqual(
      read.map((row) => Object.is(row["value"], -0)),
      [true, false, false, false, false],
    )
  })

  it("holds many rows, in groups", async () => {
    const many = Array.from({ length: 3000 }, (_, n) => [n / 7, `row ${n}`])
    const two: ReadonlyArray<FlatTable.Column> = [
      { name: "x", type: "number", of: () => undefined },
      { name: "y", type: "text", of: () => undefined },
    ]
    async function* source() {
      for (const each of many) yield await Promise.resolve(each)
    }
    const bytes = await Parquet.encode(two, source())
    const read = await parquetReadObjects({ file: bytes.slice().buffer })
    assert.deepStrictEqual(
      read,
      many.map(([x, y]) => ({ x, y })),
    )
  })
})
