/** Follows a run: reads its log again as it grows, and prints new events below earlier ones. */
import type { Event } from "@nonconvex/catapults/operations"
import { Clock, Console, Context, Effect, FileSystem, Option, Schema } from "effect"
import { type CommandError, oneLine } from "../../cli/Failure.ts"
import * as MonotonicTime from "../../cli/MonotonicTime.ts"
import * as Progress from "../../cli/Progress.ts"
import * as Table from "../../cli/TextTable.ts"
import * as DiagnoseReport from "./DiagnoseReport.ts"
import { type LoggedRun, findRuns, type LossLog } from "@nonconvex/interchange"
import * as NamedRun from "./NamedRun.ts"

/** Milliseconds between two reads of a log; longer if a read takes long, within a bound. */
export const Pace = Context.Reference<number>("@nonconvex/lab/diagnose/Pace", {
  defaultValue: () => 1000,
})
const idle = { times: 4, most: 30_000 }

/** Seconds after which the progress of the run is reported. */
const silence = 30

interface Found {
  readonly log: LossLog
  readonly report: DiagnoseReport.DiagnoseReport
}

/** Errors that a log at its beginning may still resolve. */
const unripe: ReadonlySet<string> = new Set([
  "EmptyCsv",
  "NoLosses",
  "DamagedLog",
  "NoLogs",
  "RaggedRow",
  "MalformedCsv",
  "UnreadableDatabase",
])

/** Sizes and modification times of the files of a log, and of the files a database writes next to them. */
const stateOf = Effect.fnUntraced(function* ({ files, format }: LoggedRun) {
  const fs = yield* FileSystem.FileSystem
  const all = format === "mlflow-database" ? [...files, `${files[0]}-wal`] : files
  const states = yield* Effect.forEach(all, (path) =>
    fs.stat(path).pipe(
      Effect.map(({ mtime, size }) => `${size} ${Option.getOrUndefined(mtime)?.getTime() ?? ""}`),
      Effect.orElseSucceed(() => ""),
    ),
  )
  return states.join("|")
})

/** Rises of a report by onset, with the kind of each. */
const risesOf = (events: ReadonlyArray<Event>): ReadonlyMap<number, string> =>
  new Map(
    events.flatMap(({ confidence, kind, rises }) =>
      rises.map(({ onset }) => [onset, `${kind} (${confidence})`] as const),
    ),
  )

/** Lines of a report that the previous one lacked. */
const newsOf = (
  before: ReadonlyMap<number, string>,
  { events, lastLoss }: DiagnoseReport.DiagnoseReport,
  lastStep: number,
): ReadonlyArray<string> => {
  const now = risesOf(events)
  const isNew = ({ confidence, kind, rises }: Event) =>
    rises.some(({ onset }) => before.get(onset) !== `${kind} (${confidence})`)
  const gone = [...before.keys()].filter((onset) => !now.has(onset))
  const lines = [
    ...events.filter(isNew).map(DiagnoseReport.block),
    ...gone.map((onset) => `  no longer an event: the rise at step ${onset} is within the scatter`),
  ]
  return lines.length === 0 ? [] : [`step ${lastStep}, loss ${Table.margin(lastLoss)}:`, ...lines]
}

/** The only run below a path. Fails with NoRun if there are several. */
const sourceOf = Effect.fnUntraced(function* (path: string, run: string | undefined) {
  const { runs } = yield* findRuns(path)
  const [first, ...rest] = yield* NamedRun.named(path, runs, run)
  if (rest.length === 0) return first!
  const suggestions = runs.slice(0, 3).map(({ name }) => name)
  return yield* new NamedRun.NoRun({ path, suggestions, count: runs.length })
})

/**
 * Diagnoses a run whenever its log has grown, until the program is interrupted. The first report is complete and later ones
 * list changes; JSON reports are complete, one a line. It waits for a log that is not ready yet. Fails as `diagnosed`, and
 * with NoRun where there are several.
 */
export const follow = Effect.fn("Follow.follow")(function* <R, S>(
  {
    json,
    path,
    run,
  }: { readonly path: string; readonly run: string | undefined; readonly json: boolean },
  diagnosed: (source: LoggedRun) => Effect.Effect<Found, CommandError, R>,
  draw: (found: Found) => Effect.Effect<void, CommandError, S>,
) {
  const pace = yield* Pace
  const clock = yield* Clock.Clock
  const encode = Schema.encodeEffect(Schema.toCodecJson(DiagnoseReport.DiagnoseReport))
  let [state, said, isFirst] = ["", -Infinity, true]
  let before: ReadonlyMap<number, string> = new Map()
  let [waits, reached] = ["", -Infinity]

  const show = Effect.fnUntraced(function* (found: Found) {
    const { log, report } = found
    const lastStep = log.numbers.steps.at(-1)!
    const isAnew = lastStep < reached
    if (isAnew) {
      yield* Progress.say(`the log went back from step ${reached} to step ${lastStep}`)
    }
    reached = lastStep
    const news = newsOf(before, report, lastStep)
    // of another run, or of this one again, the steps that were reported are over
    const isWhole = isFirst || isAnew
    if (json && (isWhole || news.length > 0)) {
      yield* Console.log(JSON.stringify(yield* Effect.orDie(encode(report))))
    } else if (isWhole) yield* Console.log(DiagnoseReport.render(report))
    else if (news.length > 0) yield* Console.log(news.join("\n"))
    if (isWhole || news.length > 0) yield* draw(found)
    const now = MonotonicTime.seconds(clock)
    if (isFirst) yield* Progress.say("following; Ctrl-C stops it")
    else if (now - said > silence) {
      yield* Progress.say(`step ${lastStep}, loss ${Table.margin(report.lastLoss)}`)
    }
    if (isFirst || now - said > silence) said = now
    before = risesOf(report.events)
    isFirst = false
  })

  const look = Effect.gen(function* () {
    const source = yield* sourceOf(path, run)
    const found = yield* stateOf(source)
    if (found === state) return
    yield* show(yield* diagnosed(source))
    state = found
    waits = ""
  }).pipe(
    // of a file that is being written there may be a half
    Effect.catchIf(
      (error) => unripe.has(error._tag) || !isFirst,
      (error) => {
        const message = oneLine(error.message)
        if (message === waits) return Effect.void
        waits = message
        return Progress.say(`waiting: ${message}`)
      },
    ),
  )

  // the first look loads what the others have
  yield* look
  return yield* Effect.gen(function* () {
    const started = MonotonicTime.milliseconds(clock)
    yield* look
    const took = MonotonicTime.milliseconds(clock) - started
    yield* Effect.sleep(Math.max(pace, Math.min(idle.times * took, idle.most)))
  }).pipe(Effect.forever)
})
