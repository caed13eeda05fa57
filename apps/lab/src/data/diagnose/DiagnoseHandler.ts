import { diagnose, system } from "@nonconvex/catapults/operations"
import type * as Figure from "@nonconvex/figures"
import { type LoggedRun, findRuns, readRun, type LossLog, NotALog } from "@nonconvex/interchange"
import { operate } from "@nonconvex/runner/Operations"
import { Effect, Result } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import { Misfit, oneLine, RunFailed, reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as Progress from "../../cli/Progress.ts"
import { standalone } from "@nonconvex/figures/drawing"
import * as Svg from "@nonconvex/figures/svg"
import * as TerminalFigure from "../../evidence/TerminalFigure.ts"
import * as Folder from "../../files/Folder.ts"
import * as DiagnosedRuns from "./DiagnosedRuns.ts"
import * as DiagnoseReport from "./DiagnoseReport.ts"
import * as Follow from "./Follow.ts"
import { runOf, withFacts } from "./LoggedRunFlags.ts"
import * as NamedRun from "./NamedRun.ts"
import type { Input } from "./DiagnoseFlags.ts"

/** Writes a figure if one was requested. */
const drawTo = Effect.fnUntraced(function* (
  staged: Folder.StagedFile | undefined,
  drawing: Figure.Figure,
) {
  if (staged === undefined) return
  const drawn = yield* Svg.draw({ key: drawing.id, spec: drawing.spec })
  if (drawn._tag === "Undrawable") return yield* new RunFailed({ reasons: [drawn.reason] })
  yield* staged.write(standalone(drawn.svg))
})

export const handle = Effect.fn("diagnose")(
  function* (input: Input) {
    const { columns, file, follow, json, kernels, named, smoothing, spelling, threshold } = input
    const said = yield* Effect.fromResult(
      Result.mapError(runOf(input), ({ flag, needs }) => new Misfit({ flag, needs })),
    )
    const given = columns?.split(",").map((name) => name.trim())
    if (given !== undefined && (given.includes("") || new Set(given).size < given.length)) {
      const needs = "a different name for each column, such as step,loss,lr"
      return yield* new Misfit({ flag: "columns", needs })
    }
    const diagnosed = Effect.fnUntraced(function* (source: LoggedRun) {
      const log = yield* readRun(source, { names: named, spelling: { ...spelling, given } })
      const { isAveraged } = log.facts
      const run = { ...withFacts(said, log.facts), ...(isAveraged ? { isAveraged } : {}) }
      const found = yield* operate(system, diagnose, {
        ...log.numbers,
        ...run,
        threshold,
        smoothing,
      })
      return { log, report: DiagnoseReport.of(log, said, found, kernels) }
    })

    const staged = (sources: ReadonlyArray<LoggedRun>) =>
      input.figure === undefined
        ? Effect.succeed(undefined)
        : Folder.stageFile(
            input.figure,
            sources.flatMap(({ files }) => files),
          )

    const one = Effect.fnUntraced(function* (
      { log, report }: { readonly log: LossLog; readonly report: DiagnoseReport.DiagnoseReport },
      figureFile: Folder.StagedFile | undefined,
    ) {
      const drawing = DiagnoseReport.figure(log, report)
      yield* drawTo(figureFile, drawing)
      if (json) return yield* Output.json(DiagnoseReport.DiagnoseReport, report)
      const picture = yield* TerminalFigure.shown({ figures: [drawing], rows: [] })
      return yield* Output.text([...picture, DiagnoseReport.render(report)].join("\n"))
    })

    const { notes, runs: logged } = yield* findRuns(file)
    const wanted = yield* NamedRun.named(file, logged, input.run)
    const figureFile = yield* staged(wanted)
    if (follow) {
      return yield* Follow.follow({ path: file, run: input.run, json }, diagnosed, (found) =>
        drawTo(figureFile, DiagnoseReport.figure(found.log, found.report)),
      )
    }
    const [first, ...rest] = wanted
    if (rest.length === 0) return yield* one(yield* diagnosed(first!), figureFile)

    const logs = new Map<string, LossLog>()
    let left = 0
    let firstProblem: string | undefined
    const all = yield* Progress.track(
      { label: "diagnose", total: wanted.length, unit: "runs" },
      ({ done }) =>
        Effect.forEach(wanted, (source, k) =>
          diagnosed(source).pipe(
            Effect.map(({ log, report }) => {
              if (logs.size < DiagnosedRuns.drawn) logs.set(source.name, log)
              return { name: source.name, log: report.log, report, problem: null }
            }),
            Effect.catch((error) => {
              if (source.isGuess) left++
              const problem = oneLine(error.message).replace(`${source.path}: `, "")
              firstProblem ??= `${source.name}: ${problem}`
              return Effect.succeed(
                source.isGuess
                  ? undefined
                  : { name: source.name, log: source.format, report: null, problem },
              )
            }),
            Effect.tap(() => Effect.sync(() => done(k + 1))),
          ),
        ),
    )
    const runs = all.filter((each) => each !== undefined)
    if (runs.length === 0) {
      const reason = `none of its ${wanted.length} files is a log of losses; the first: ${firstProblem}`
      return yield* new NotALog({ path: file, reason })
    }
    if (runs.length === 1) {
      const only = wanted.find(({ name }) => name === runs[0]!.name)!
      return yield* one(yield* diagnosed(only), figureFile)
    }
    const report: DiagnosedRuns.DiagnosedRuns = {
      format: 1,
      runs,
      notes: [
        ...notes,
        ...(left === 0
          ? []
          : [
              left === 1
                ? "1 other table holds no losses, or cannot be read as a log"
                : `${left} other tables hold no losses, or cannot be read as logs`,
            ]),
      ],
    }
    const drawing = DiagnosedRuns.figure(logs)
    yield* drawTo(figureFile, drawing)
    if (json) return yield* Output.json(DiagnosedRuns.DiagnosedRuns, report)
    const picture = yield* TerminalFigure.shown({ figures: [drawing], rows: [] })
    return yield* Output.text([...picture, DiagnosedRuns.render(report)].join("\n"))
  },
  Effect.scoped,
  (work, { kernels }) => Effect.provide(work, Capabilities.layer({ kernels })),
  reported,
)
