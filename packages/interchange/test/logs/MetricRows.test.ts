/** Rows of named values, from the output of a program and from its log in each format. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import * as MetricRows from "../../src/logs/MetricRows.ts"
import { eventOf, joined, record, simple } from "../support/Events.ts"
import { provided, temporary, write } from "../support/Read.ts"

const read = (content: string | Uint8Array, name = "log") =>
  provided(MetricRows.read(write(temporary(), name, content)))

/** Event file with these scalars: name, step and value. */
const fileOf = (scalars: ReadonlyArray<readonly [string, number, number]>): Uint8Array =>
  joined(...scalars.map(([name, step, value]) => record(eventOf(step, name, simple(value)))))

describe("rowOfLine", () => {
  it("reads back what is printed, and nothing else", () => {
    const value = fc.oneof(
      // JSON has no negative zero
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      fc.boolean(),
      fc.stringMatching(/^[a-z]{1,8}x$/),
    )
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z_]{1,6}$/), value, { minKeys: 1 }),
        (row) => {
          assert.deepStrictEqual(
            { ...MetricRows.rowOfLine(` ${JSON.stringify(row)}\r`) },
            { ...row },
          )
        },
      ),
    )
    for (const line of ["epoch 1", "", "{", "{}", "[1]", '{"a": [1]}', "{'a': 1}", '1 {"a": 1}']) {
      assert.isUndefined(MetricRows.rowOfLine(line), line)
    }
  })

  it("takes the numbers of Python, nested names and numbers in quotes", () => {
    assert.deepStrictEqual(
      MetricRows.rowOfLine(
        '{"loss": NaN, "best": -Infinity, "val": {"loss": 2, "at": {"k": 1}}, "lr": "1e-3", "x": null, "tag": "NaN of it"}',
      ),
      {
        loss: Number.NaN,
        best: -Infinity,
        "val/loss": 2,
        "val/at/k": 1,
        lr: 0.001,
        tag: "NaN of it",
      },
    )
  })
})

describe("read", () => {
  const rows = [
    { step: 1, loss: 0.5, split: "train" },
    { step: 2, loss: 0.25, split: "test" },
  ]
  const table = "step,loss,split\n1,0.5,train\n2,0.25,test\n"

  it.live.each([
    ["lines of JSON", rows.map((row) => JSON.stringify(row)).join("\n")],
    ["a list", JSON.stringify(rows)],
    ["the state of a trainer", JSON.stringify({ log_history: rows, epoch: 3 })],
    [
      "the history of Keras",
      JSON.stringify({ step: [1, 2], loss: [0.5, 0.25], split: ["train", "test"] }),
    ],
    ["a table", table],
    ["a table with semicolons", table.replaceAll(",", ";").replaceAll("0.", "0,")],
    ["a table with an index", table.replaceAll(/^(?=.)/gm, "0,").replace("0,step", ",step")],
  ] as const)("has the same rows of %s", ([, content]) =>
    Effect.map(read(content), (found) => assert.deepStrictEqual(found, rows)),
  )

  it.live("leaves out empty cells, and keeps those that are no numbers", () =>
    Effect.map(read("step,loss\n1,nan\n2,\n3,inf\n"), (found) =>
      assert.deepStrictEqual(found, [
        { step: 1, loss: Number.NaN },
        { step: 2 },
        { step: 3, loss: Infinity },
      ]),
    ),
  )

  it.live("joins the scalars of TensorBoard by their step", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const run = join(folder, "run")
      mkdirSync(run)
      write(
        run,
        "events.out.tfevents.1",
        fileOf([
          ["loss", 1, 0.5],
          ["accuracy", 1, 0.75],
          ["loss", 3, 0.25],
        ]),
      )
      assert.deepStrictEqual(yield* provided(MetricRows.read(folder)), [
        { step: 1, loss: 0.5, accuracy: 0.75 },
        { step: 3, loss: 0.25 },
      ])
      write(folder, "other/events.out.tfevents.1", fileOf([["loss", 1, 0.5]]))
      const error = yield* Effect.flip(provided(MetricRows.read(folder)))
      assert.include(error.message, "it holds 2 runs")
    }),
  )

  it.live("refuses what is no log", () =>
    Effect.gen(function* () {
      assert.include(
        (yield* Effect.flip(read(Uint8Array.of(0x80, 2, 88), "log.pt"))).message,
        "log.pt",
      )
      assert.include((yield* Effect.flip(read('{"loss": 1}\nTraceback\n'))).message, "line 2")
    }),
  )
})
