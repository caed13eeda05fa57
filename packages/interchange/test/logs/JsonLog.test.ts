/** JSON logs of all kinds of trainers, intact and damaged. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Fields, JsonRecords } from "../../src/logs/JsonRecords.ts"
import { seriesOf } from "../../src/logs/RunLog.ts"
import { json, numbersOf } from "../support/Read.ts"

/** Records of a text that arrives in chunks of this size, its head, and the notes at its end. */
const recordsOf = (text: string, size = text.length) => {
  const found: Array<Fields> = []
  let head: Fields | undefined
  const records = new JsonRecords("log", {
    record: (fields) => found.push(fields),
    head: (fields) => (head = fields),
  })
  for (let at = 0; at < text.length; at += size) records.push(text.slice(at, at + size))
  return { found, head, notes: records.finish() }
}

const texts = {
  lines:
    '{"step": 0, "loss": 1, "note": "a \\" b"}\n{"step": 1, "loss": 0.5, "in": {"a": [1, {}]}}\n',
  list: '[ {"step": 0, "loss": 1},\n {"step": 1, "loss": 0.5} ]',
  trainer:
    '{"epoch": 1, "log_history": [{"loss": 1, "step": 0}, {"loss": 0.5, "step": 1}], "logging_steps": 5, "a": [[1], {"b": []}]}',
} as const

describe("records of JSON", () => {
  it.each(Object.entries(texts))("are the same in whatever pieces %s come", (_, text) => {
    const whole = recordsOf(text)
    assert.deepStrictEqual(
      whole.found.map(({ loss }) => loss),
      [1, 0.5],
    )
    assert.deepStrictEqual(whole.notes, [])
    for (const size of [1, 2, 3, 7, 16]) assert.deepStrictEqual(recordsOf(text, size), whole)
  })

  it("have a head around a history of the log, without it", () => {
    const { head } = recordsOf(texts.trainer)
    assert.deepStrictEqual(head, {
      epoch: 1,
      log_history: [],
      logging_steps: 5,
      a: [[1], { b: [] }],
    })
  })

  it("take NaN and infinities as Python writes them, outside of texts", () => {
    const { found } = recordsOf(
      '{"a": NaN, "b": -Infinity, "c": "NaN \\"Infinity", "d": [Infinity]}',
    )
    assert.deepStrictEqual(found, [
      { a: "NaN", b: "-Infinity", c: 'NaN "Infinity', d: ["Infinity"] },
    ])
  })

  it("end where the text does, and say so", () => {
    for (const [text, count] of [
      [texts.lines.slice(0, -4), 1],
      [texts.list.slice(0, -2), 2],
      [texts.trainer.slice(0, 60), 1],
      ['{"loss": 1}\n{"los', 1],
    ] as const) {
      const { found, notes } = recordsOf(text)
      assert.strictEqual(found.length, count)
      assert.match(notes.join(), /^the text is truncated at line \d/)
    }
  })
})

describe("a log of JSON", () => {
  it.effect("has numbers by the way to them, also as text, and no others", () =>
    Effect.gen(function* () {
      const log = yield* json(
        '{"step": "3", "train": {"loss": "2.5", "at": {"x": {"y": {"z": 1}}}}, "lr": 1e-3, "on": true, "name": "5 m", "none": null}',
      )
      assert.deepStrictEqual(numbersOf(log), {
        step: [[0, 3]],
        "train/loss": [[0, 2.5]],
        lr: [[0, 1e-3]],
      })
    }),
  )

  it.effect("is placed by its steps, of a resumed run by those that count", () =>
    Effect.gen(function* () {
      const rows = [0, 1, 2, 3, 1, 2, 3, 4].map((_step, k) => ({ _step, loss: k, lr: 0.1 }))
      const log = yield* json(rows.map((row) => JSON.stringify(row)).join("\n"))
      const { notes, series } = seriesOf(log, ["loss"], "_step")
      const loss = series.find(({ name }) => name === "loss")!
      assert.deepStrictEqual([...loss.steps], [0, 1, 2, 3, 4])
      assert.deepStrictEqual([...loss.values], [0, 4, 5, 6, 7])
      assert.deepStrictEqual(notes, [
        "resumed once, at step 1: the entries written after the resumption count",
      ])
      const numbered = seriesOf(log, ["loss"]).series[0]!
      assert.deepStrictEqual([...numbered.steps], [0, 1, 2, 3, 4, 5, 6, 7])
    }),
  )

  it.effect("is not resumed where what is measured beside the training is written late", () =>
    Effect.gen(function* () {
      const rows = [
        ...[10, 20, 30].map((step) => ({ step, loss: 1 / step })),
        { step: 20, eval_loss: 0.1 },
        { step: 40, loss: 0.01 },
      ]
      const log = yield* json(rows.map((row) => JSON.stringify(row)).join("\n"))
      const { notes, series } = seriesOf(log, ["loss", "eval_loss"], "step")
      assert.deepStrictEqual(notes, [])
      assert.deepStrictEqual(
        [...series.find(({ name }) => name === "loss")!.steps],
        [10, 20, 30, 40],
      )
    }),
  )

  it.effect("may be columns in an object, as Keras keeps them", () =>
    Effect.gen(function* () {
      const log = yield* json('{"loss": [3, 2, NaN], "val_loss": [1, 1, 1], "names": ["a"]}')
      assert.deepStrictEqual(numbersOf(log), {
        loss: [
          [0, 3],
          [1, 2],
          [2, NaN],
        ],
        val_loss: [
          [0, 1],
          [1, 1],
          [2, 1],
        ],
      })
    }),
  )

  it.effect("names no place that objects inherit", () =>
    Effect.gen(function* () {
      const log = yield* json('{"__proto__": {"loss": 1}, "constructor": 2, "step": 0}')
      assert.deepStrictEqual(Object.keys(numbersOf(log)).toSorted(), [
        "__proto__/loss",
        "constructor",
        "step",
      ])
      assert.isUndefined(({} as { readonly loss?: unknown }).loss)
    }),
  )

  const deep = (depth: number) => `{"a": ${"[".repeat(depth)}${"]".repeat(depth)}}`

  it.effect.each([
    ["a word", '{"a": 1}\nloss 3', /line 2: is not a JSON object; a log has one per step/],
    ["numbers", "[1, 2]", /line 1: is not a JSON object/],
    [
      "a broken record",
      '{"a": 1}\n{"a": }\n',
      /line 2: is not JSON .* correct or remove this record/,
    ],
    ["depth", deep(100), /more than 64 nested lists and objects/],
    [
      "a record of a megabyte",
      `{"a": "${"x".repeat(1e6)}"}`,
      /more than 524288 characters in the record of line 1, the limit/,
    ],
    [
      "a record without end",
      `{"a": "${String.raw`\\\"`.repeat(2e5)}`,
      /more than 524288 characters/,
    ],
    ["half a record", '{"a": ', /line 1: it ends before its first complete record/],
    ["ends alone", "]}", /line 1: is not a JSON object/],
  ] as const)("is refused with %s, in a line", ([, text, message]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(json(text))
      assert.match(error.message, message)
      assert.isBelow(error.message.length, 400)
    }),
  )

  it.effect("is read in memory for one record of many", () =>
    Effect.gen(function* () {
      const rows = Array.from(
        { length: 20_000 },
        (_, step) => `{"step": ${step}, "loss": ${1 / (step + 1)}, "text": "${"x".repeat(50)}"}`,
      )
      const log = yield* json(rows.join("\n"))
      assert.strictEqual(numbersOf(log)["loss"]!.length, 20_000)
    }),
  )
})
