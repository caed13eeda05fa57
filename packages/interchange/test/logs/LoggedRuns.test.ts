/** Reading of a log: the choice of the loss column, replaced values, facts of the run, and refusals. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Names } from "../../src/logs/LogColumns.ts"
import * as LoggedRuns from "../../src/logs/LoggedRuns.ts"
import { provided, temporary, write } from "../support/Read.ts"

/** The single log in a file with this content. */
const read = (content: string, names: Names = {}) =>
  Effect.gen(function* () {
    const { runs } = yield* LoggedRuns.find(write(temporary(), "log", content))
    return yield* LoggedRuns.read(runs[0]!, { names, spelling: {} })
  }).pipe(provided)

const lines = (rows: ReadonlyArray<object>): string =>
  rows.map((row) => JSON.stringify(row)).join("\n")

const falling = (steps: number): ReadonlyArray<number> =>
  Array.from({ length: steps }, (_, t) => 2 * 0.9 ** t)

const history = (rows: ReadonlyArray<object>, head: object = {}): string =>
  JSON.stringify({ log_history: rows, ...head })

const lossOf = (columns: ReadonlyArray<{ readonly key: string; readonly column: string }>) =>
  columns.find(({ key }) => key === "loss")?.column

describe("the loss of a log", () => {
  it.live("is the one of several that has a number a step, and that is no validation", () =>
    Effect.gen(function* () {
      const rows = falling(10).map((loss, step) => ({ step, loss, eval_loss: loss }))
      const trainer = yield* read(history([...rows, { step: 9, train_loss: 1, train_runtime: 3 }]))
      assert.strictEqual(lossOf(trainer.columns), "loss")
      const lightning = yield* read(
        lines(
          falling(20).map((loss, step) => ({
            step,
            train_loss_step: loss,
            ...(step % 10 === 9 ? { train_loss_epoch: loss, val_loss: loss } : {}),
          })),
        ),
      )
      assert.strictEqual(lossOf(lightning.columns), "train_loss_step")
      const nested = yield* read(
        lines(falling(5).map((loss, step) => ({ step, my: { loss, val_loss: loss } }))),
      )
      assert.strictEqual(lossOf(nested.columns), "my/loss")
      const same = yield* read(
        lines(falling(5).map((loss, step) => ({ step, loss, total_loss: loss }))),
      )
      assert.strictEqual(lossOf(same.columns), "loss")
    }),
  )

  it.live.each([
    ["lines", lines([0, 1, 2].map((step) => ({ step, d_loss: step, g_loss: 3 - step })))],
    ["a table of two runs", "Step,a - loss,b - loss\n0,3,2\n1,2,3\n"],
  ] as const)("is asked for in %s where two would do", ([, content]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read(content))
      assert.match(
        error.message,
        /several columns may be the loss, "(d_|a - )loss", "(g_|b - )loss": choose one with --loss "(d_|a - )loss"$/,
      )
      const column = error.message.includes("d_loss") ? "g_loss" : "b - loss"
      assert.strictEqual(lossOf((yield* read(content, { loss: column })).columns), column)
    }),
  )

  it.live("is named as missing with what there is, losses first", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read(lines([{ step: 1, accuracy: 0.5, aux_scale_loss: 1 }])))
      assert.match(
        error.message,
        /no "loss"; the log has "aux_scale_loss", "step", "accuracy": name the right one with --loss$/,
      )
      const empty = yield* Effect.flip(read('{"note": "nothing"}'))
      assert.match(empty.message, /the log has no numbers: name the right one with --loss/)
    }),
  )
})

describe("what a log says of its run", () => {
  it.live("counts: optimizer, batch, precision", () =>
    Effect.gen(function* () {
      const rows = falling(8).map((loss, step) => ({ step: 10 * step, loss }))
      const settings = {
        train_batch_size: 8,
        bf16: true,
        optim: "adamw_torch_fused",
        adam_beta2: 0.95,
      }
      const { facts } = yield* read(history(rows, settings))
      assert.deepStrictEqual(facts.run, {
        optimizer: { name: "adam", beta1: 0.9, beta2: 0.95, epsilon: 1e-8 },
        batch: 8,
      })
      assert.deepStrictEqual([facts.precision, facts.isAveraged, facts.stride], ["bf16", true, 10])
      const other = yield* read(history(rows, { optim: "adafactor", train_batch_size: "many" }))
      assert.deepStrictEqual(other.facts.run, { optimizer: undefined, batch: undefined })
      const plain = yield* read(history(rows, { optim: "sgd", momentum: 0.9 }))
      assert.deepStrictEqual(plain.facts.run.optimizer, { name: "momentum", momentum: 0.9 })
    }),
  )

  it.live("counts changes of the batch size, and names the first few", () =>
    Effect.gen(function* () {
      const notes = (sizeAt: (step: number) => number) => {
        const rows = falling(12).map((loss, step) => ({ step, loss, batch_size: sizeAt(step) }))
        return Effect.map(read(lines(rows)), ({ facts }) => facts.notes.join())
      }
      assert.strictEqual(yield* notes(() => 128), "")
      const once = yield* notes((step) => (step < 6 ? 128 : 4))
      assert.strictEqual(once, "the batch size changed from 128 to 4 at step 6")
      const often = yield* notes((step) => 8 + (step % 3))
      assert.strictEqual(often, "the batch size changed 11 times, between 8 and 10")
    }),
  )

  it.live("tells means, epochs, some of the steps and samples of them apart", () =>
    Effect.gen(function* () {
      const of = (steps: ReadonlyArray<number>, name = "step") =>
        Effect.map(
          read(lines(steps.map((step) => ({ [name]: step, loss: 1 / (step + 1) })))),
          ({ facts: { isAveraged, notes } }) => [isAveraged, notes.join()] as const,
        )
      assert.deepStrictEqual(yield* of([0, 1, 2, 3, 4]), [false, ""])
      assert.match((yield* of([0, 50, 100, 150]))[1], /^the log has one of every 50 steps/)
      assert.match((yield* of([3, 10, 40, 41, 90]))[1], /^its steps are 1 to 49 apart, as in a/)
      const [isAveraged, note] = yield* of([1, 2, 3, 4], "epoch")
      assert.isTrue(isAveraged)
      assert.match(note, /^its steps are epochs: each loss is the mean/)
    }),
  )

  it.live("takes rates of other rows of the same step, and those that hold until the next", () =>
    Effect.gen(function* () {
      const table = "step,loss,lr\n0,,0.1\n0,3,\n1,2,\n2,1,\n2,,0.2\n3,1,\n"
      const { notes, numbers } = yield* read(table)
      assert.deepStrictEqual([...numbers.learningRates!], [0.1, 0.1, 0.2, 0.2])
      assert.deepStrictEqual(notes, ["ignored: 2 entries without a loss"])
    }),
  )
})

describe("a loss that was none", () => {
  const lossesOf = (rows: ReadonlyArray<object>, head: object = {}) =>
    Effect.map(read(history(rows, head)), ({ notes, numbers }) => ({
      lost: Array.from(numbers.losses, Number.isNaN),
      notes: notes.join(),
    }))

  it.live("is seen by its gradient where 0 or a mean stands for it", () =>
    Effect.gen(function* () {
      const rows = [2, 1.5, 1.25, 0, 0].map((loss, k) => ({
        step: k + 1,
        loss,
        grad_norm: k < 2 ? 1 : "NaN",
      }))
      const { lost, notes } = yield* lossesOf(rows)
      // the third is a mean of what came before NaN within its steps
      assert.deepStrictEqual(lost, [false, false, true, true, true])
      assert.match(notes, /at 3 steps from 3 on, the log has a number in place of a loss/)
    }),
  )

  it.live("is seen by zeros from far above, of a trainer that is known to write them", () =>
    Effect.gen(function* () {
      const rows = [2, 1.5, 1.25, 0, 0, 1].map((loss, k) => ({ step: k + 1, loss }))
      assert.deepStrictEqual((yield* lossesOf(rows)).lost, [false, false, false, true, true, false])
      const unfiltered = yield* lossesOf(rows, { logging_nan_inf_filter: false })
      assert.deepStrictEqual(unfiltered.lost, Array(6).fill(false))
      assert.match(unfiltered.notes, /from step 4 on the loss is exactly 0, far below/)
    }),
  )

  it.live("is seen by the share that TRL counts", () =>
    Effect.gen(function* () {
      const rows = [2, 1.5, 1.25, 1.2].map((loss, k) => ({
        step: k + 1,
        loss,
        frac_nonfinite_loss: k === 2 ? 0.5 : 0,
      }))
      assert.deepStrictEqual((yield* lossesOf(rows)).lost, [false, false, true, false])
    }),
  )
})

describe("a log that is none", () => {
  it.live.each([
    ["a loss below 0", lines([{ step: 0, loss: -1 }]), /entry 1, column "loss": -1 is negative/],
    [
      "no loss in any row",
      lines([
        { step: 0, loss: null },
        { step: 1, lr: 1 },
      ]),
      /no "loss"; the log has/,
    ],
    ["another file", "PK\u0003\u0004", /it is an archive/],
    ["nothing", "", /the file is empty/],
  ] as const)("is refused with %s", ([, content, message]) =>
    Effect.gen(function* () {
      assert.match((yield* Effect.flip(read(content))).message, message)
    }),
  )
})
