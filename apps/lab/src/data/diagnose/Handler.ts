import { Catapults } from "@nonconvex/catapults/evidence"
import { Console, Effect, Layer, Result } from "effect"
import * as Capable from "../../cli/Capable.ts"
import { Misfit, RunFailed } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as Svg from "../../evidence/report/Svg.ts"
import * as TerminalFigure from "../../evidence/TerminalFigure.ts"
import * as Folder from "../../files/Folder.ts"
import * as DiagnoseReport from "./DiagnoseReport.ts"
import * as LossLog from "./LossLog.ts"
import { runOf } from "./RunFlags.ts"
import type { Input } from "./Diagnose.ts"

export const handle = Effect.fn("diagnose")(
  function* (input: Input) {
    const { columns, figure, file, json, kernels, named, smoothing, spelling, threshold } = input
    const run = yield* Effect.fromResult(
      Result.mapError(runOf(input), ({ flag, needs }) => new Misfit({ flag, needs })),
    )
    const staged = figure === undefined ? undefined : yield* Folder.stageFile(figure, [file])
    const given = columns?.split(",").map((name) => name.trim())
    if (given !== undefined && (given.includes("") || new Set(given).size < given.length)) {
      const needs = "a name for each column, and each another, such as step,loss,lr"
      return yield* new Misfit({ flag: "columns", needs })
    }
    const log = yield* LossLog.read(file, named, { ...spelling, given })
    const { diagnose } = yield* Catapults
    const found = yield* diagnose({ ...log.numbers, ...run, threshold, smoothing })
    const drawing = DiagnoseReport.figure(log, found.events)
    if (staged !== undefined) {
      const drawn = yield* Svg.draw({ key: drawing.id, spec: drawing.spec })
      if (drawn._tag === "Undrawable") return yield* new RunFailed({ reasons: [drawn.reason] })
      yield* staged.write(Svg.standalone(drawn.svg))
    }
    const report = DiagnoseReport.of(log, run, found, kernels)
    if (json) return yield* Output.json(DiagnoseReport.DiagnoseReport, report)
    const picture = yield* TerminalFigure.shown({ figures: [drawing], rows: [] })
    return yield* Console.log([...picture, DiagnoseReport.render(report)].join("\n"))
  },
  Effect.scoped,
  (work, { kernels }) =>
    Effect.provide(work, Layer.provideMerge(Catapults.layer, Capable.layer({ kernels }))),
)
