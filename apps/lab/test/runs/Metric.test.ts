/** Metrics of rows: what is read, what is refused in one line, and what NaN and missing cells come to. */
import type { Row } from "@nonconvex/evidence/Experiment"
import { assert, describe, it } from "@effect/vitest"
import * as Metric from "../../src/evidence/runs/Metric.ts"

const rows: ReadonlyArray<Row> = [
  { method: "sam", epoch: 1, accuracy: 0.5, done: false },
  { method: "sgd", epoch: 1, accuracy: 0.25, done: false },
  { method: "sam", epoch: 4, accuracy: 0.75, done: true },
  { method: "sam", epoch: 5, accuracy: 1, done: true },
  { method: "sgd", epoch: 5, accuracy: 0.5, done: true },
]

const valueOf = (text: string, of: ReadonlyArray<Row> = rows) =>
  Metric.evaluate(Metric.parse(text), of)

describe("Metric", () => {
  it("is read into data, and written as it is read", () => {
    assert.deepStrictEqual(Metric.parse(" mean( accuracy where method=sam and epoch > 3 ) "), {
      aggregate: "mean",
      column: "accuracy",
      where: [
        { field: "method", operator: "=", value: "sam" },
        { field: "epoch", operator: ">", value: "3" },
      ],
    })
    assert.deepStrictEqual(Metric.parse("loss"), { aggregate: "mean", column: "loss", where: [] })
    for (const text of [
      "mean(accuracy where method=sam and epoch>3)",
      'last("test loss" where name~"a b")',
    ]) {
      assert.strictEqual(Metric.render(Metric.parse(text)), text)
    }
  })

  it.each([
    ["accuracy", 0.6, 5],
    ["mean(accuracy)", 0.6, 5],
    ["last(accuracy)", 0.5, 1],
    ["min(accuracy)", 0.25, 5],
    ["max(accuracy)", 1, 5],
    ["sum(epoch)", 16, 5],
    ["median(accuracy where method=sam)", 0.75, 3],
    ["mean(accuracy where method=sam and epoch>3)", 0.875, 2],
    ["mean(accuracy WHERE method='sam' AND epoch>=4)", 0.875, 2],
    ["last(accuracy where method~s and epoch<5)", 0.75, 1],
    ["mean(done)", 0.6, 5],
    ["sum(epoch where done=true and method!=sam)", 5, 1],
  ])("%s", (text, value, count) => {
    assert.deepStrictEqual(valueOf(text), { value, rows: count })
  })

  it("says what is NaN and what is missing, and hides neither", () => {
    const broken: ReadonlyArray<Row> = [
      { step: 1, loss: 2 },
      { step: 2, loss: Number.NaN },
      { step: 3 },
      { step: 4, loss: 1 },
    ]
    const notes = "NaN in 1 of 3 rows, 1 of 4 rows without the column"
    for (const name of ["mean", "min", "max", "sum", "median"]) {
      assert.deepStrictEqual(valueOf(`${name}(loss)`, broken), {
        value: Number.NaN,
        rows: 3,
        note: notes,
      })
    }
    assert.deepStrictEqual(valueOf("last(loss)", broken), {
      value: 1,
      rows: 1,
      note: "1 of 4 rows without the column",
    })
    assert.deepStrictEqual(valueOf("mean(loss where loss=NaN)", broken), {
      value: Number.NaN,
      rows: 1,
      note: "NaN in 1 of 1 row",
    })
    assert.deepStrictEqual(valueOf("mean(loss where step>9)", broken), {
      value: Number.NaN,
      rows: 0,
      note: "no row matches",
    })
    assert.deepStrictEqual(valueOf("mean(loss where step=3)", broken), {
      value: Number.NaN,
      rows: 0,
      note: "no matching row has the column",
    })
    assert.deepStrictEqual(valueOf("loss", []), {
      value: Number.NaN,
      rows: 0,
      note: "it has no rows",
    })
  })

  it.each([
    ["", "it is empty"],
    ["accuracy loss", "it is neither a column nor an expression such as last(loss)"],
    ["mean(accuracy", "it is neither a column nor an expression such as last(loss)"],
    ["average(accuracy)", 'there is no function "average"'],
    ["toString(accuracy)", 'there is no function "toString"'],
    ["mean()", "expected a column after mean("],
    ["mean(accuracy epoch>3)", 'expected "where" or ) after mean(accuracy, found "epoch"'],
    ["mean(accuracy where)", "expected a field, found the end"],
    ["mean(accuracy where epoch)", 'expected one of = != < <= > >= ~ after "epoch", found the end'],
    ["mean(accuracy where epoch>)", "expected a value after epoch>, found the end"],
    ["mean(accuracy where epoch>3 or 1=1)", 'expected "and" between comparisons'],
    ["mean(accuracy); drop table runs", '";" is not allowed'],
    ['mean("accuracy)', 'a quotation that begins with " is not closed'],
    ["x".repeat(3000), "it is longer than 2000 characters"],
  ])("refuses %.40s", (text, reason) => {
    assert.throws(() => Metric.parse(text), reason)
    assert.throws(() => Metric.parse(text), /a metric is a column \(its mean/)
  })

  it.each([
    [
      "acuracy",
      '--metric "mean(acuracy)": there is no column "acuracy"; the columns are method, epoch, accuracy, done',
    ],
    ["mean(accuracy where batch=3)", 'there is no column "batch"'],
    ["method", "method is a text, which has no mean; numeric columns are epoch, accuracy, done"],
    ["mean(accuracy where method>3)", "method is a text: use = != or ~, not >"],
    ["mean(accuracy where epoch=first)", 'epoch is a number, but "first" is not'],
    ["mean(accuracy where done=yes)", 'done is true or false, not "yes"'],
  ])("refuses %s of these rows", (text, reason) => {
    assert.throws(() => valueOf(text), reason)
  })
})
