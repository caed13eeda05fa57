/** What Weights & Biases exports: charts as CSV, histories as pandas and its client write them. */
import * as TableFile from "@nonconvex/datasets/TableFile"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { DiagnoseReport } from "../src/data/diagnose/DiagnoseReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(DiagnoseReport)))

type Cell = number | string | undefined

/** A table as it is downloaded: every cell in quotes. */
const chart = (header: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<Cell>>): string => {
  const path = join(temporary(), "wandb_export.csv")
  const line = (cells: ReadonlyArray<Cell>) => cells.map((cell) => `"${cell ?? ""}"`).join(",")
  writeFileSync(path, [header, ...rows].map(line).join("\n"))
  return path
}

/** The columns of a number in a chart: it, and between which numbers it stands. */
const withBand = (name: string): ReadonlyArray<string> => [name, `${name}__MIN`, `${name}__MAX`]

const ended = (...args: ReadonlyArray<string>) => nonconvex([], ["diagnose", ...args])

const said = (...args: ReadonlyArray<string>) =>
  Effect.map(ended(...args), ({ code, stderr, stdout }) => {
    assert.strictEqual(code, 0, stderr)
    return stdout.replaceAll(/\s+/g, " ")
  })

const reported = (...args: ReadonlyArray<string>) =>
  Effect.flatMap(ended(...args, "--json"), ({ stdout }) => decode(stdout))

const falling = (step: number): number => 2 * 0.99 ** step
const steps = Array.from({ length: 40 }, (_, t) => t)

describe("diagnose, on what Weights & Biases exports,", () => {
  it.live("says where a point of a chart hides what was between, and reads that instead", () =>
    Effect.gen(function* () {
      const loss = "calm-sun-7 - train/loss"
      const rows = steps.map((t) => {
        const most = falling(t) * (t === 20 ? 30 : 1)
        return [10 * t, falling(t), falling(t), most]
      })
      const path = chart(["Step", ...withBand(loss)], rows)
      assert.include(
        yield* said(path),
        `1 of its 40 points stand for several steps or runs, and each loss is their last value or mean: "${loss}__MAX" is up to 30 times it (step 200)`,
      )
      const { events } = yield* reported(path, "--loss", `${loss}__MAX`)
      assert.deepStrictEqual(
        events.map(({ rises }) => rises.map(({ onset }) => onset)),
        [[200]],
      )
      const whole = chart(
        ["Step", ...withBand(loss)],
        steps.map((t) => [t, 1, 1, 1]),
      )
      assert.notInclude(yield* said(whole), "stand for several")
    }),
  )

  it.live("reads beside the loss of a run, or of a group of them, nothing of another", () =>
    Effect.gen(function* () {
      const [a, b] = ["Group: sweep - lr 3", "Group: sweep - lr 1"]
      const header = [
        "Relative Time (Process)",
        ...[a, b].flatMap((run) => [
          ...withBand(`${run} - _step`),
          ...withBand(`${run} - train/loss`),
          ...withBand(`${run} - lr`),
        ]),
      ]
      const thrice = (value: Cell) => [value, value, value]
      const rows = steps.map((t) => {
        const own = [...thrice(2 * t), ...thrice(falling(t)), ...thrice(0.3)]
        const other = [...thrice(5 * t), ...thrice(2 * falling(t)), ...thrice(0.1)]
        const none = own.map(() => undefined)
        return [1.5 * t, ...(t % 2 === 0 ? own : none), ...(t % 2 === 0 ? none : other)]
      })
      const path = chart(header, rows)
      const asked = yield* ended(path)
      assert.strictEqual(asked.code, 1)
      assert.match(asked.stderr, /several columns may be the loss, .*: choose one with --loss/)
      const { columns, steps: count } = yield* reported(path, "--loss", `${b} - train/loss`)
      assert.deepStrictEqual(columns, {
        step: `${b} - _step`,
        loss: `${b} - train/loss`,
        rate: `${b} - lr`,
      })
      assert.strictEqual(count, 20)
    }),
  )

  it.live("reads a history that pandas wrote with its index, and NaN and Infinity in words", () =>
    Effect.gen(function* () {
      const cell = (t: number) => (t === 30 ? "NaN" : t === 31 ? "Infinity" : falling(t))
      const rows = steps.map((t) => [t, t, 1.5 * t, 1.7e9 + t, cell(t), "{'runtime': 3}"])
      const names = ["", "_step", "_runtime", "_timestamp", "train/loss", "_wandb"]
      const { columns, events, steps: count } = yield* reported(chart(names, rows))
      assert.deepStrictEqual(columns, { step: "_step", loss: "train/loss" })
      assert.strictEqual(count, 40)
      assert.strictEqual(events[0]?.rises[0]?.onset, 30)
    }),
  )

  it.live("reads the parts of a history that its client downloads as one, in whatever order", () =>
    Effect.gen(function* () {
      const folder = temporary()
      const parts = [1, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10]
      for (const [place, part] of parts.entries()) {
        const own = Array.from({ length: 5 }, (_, k) => 5 * part + k)
        const bytes = yield* TableFile.encode("parquet", {
          columns: [
            { name: "_step", values: Float64Array.from(own) },
            { name: "loss", values: Float64Array.from(own, falling) },
          ],
        })
        writeFileSync(join(folder, `team_project_x1_${place}.runhistory.parquet`), bytes)
      }
      const report = yield* reported(folder)
      assert.deepStrictEqual(
        [report.log, report.steps, report.columns],
        ["parquet", 55, { step: "_step", loss: "loss" }],
      )
    }),
  )
})
