/** Progress on standard error: lines that redraw on a terminal, a plain one every few seconds elsewhere. */
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import process from "node:process"
import { Quiet } from "./Flags.ts"
import { harmless } from "./ControlCharacters.ts"
import * as MonotonicTime from "./MonotonicTime.ts"
import * as Line from "./ProgressLine.ts"

/** Reporter of progress: plain functions, for callbacks and inner loops. */
export interface Meter {
  /** Sets how much of `total` is done. */
  readonly done: (amount: number) => void
  /** Sets the note at the end of the line, such as the worst margin or the best loss. */
  readonly note: (text: string) => void
  /** Shows running work on a line of the terminal, until the returned function is called. */
  readonly running: (name: string) => () => void
}

/** Description of measured work: `label` names the work, `unit` its items; without a unit, progress is a percentage. */
export interface Work {
  readonly label: string
  readonly total: number
  readonly unit?: string
  /** Estimates progress by time where that is better than the rate; undefined while it is not. */
  readonly estimate?: () => Line.Estimated | undefined
}

/** Destination of progress lines. */
export interface Screen {
  /** True if a line can be overwritten. */
  readonly animates: boolean
  readonly columns: () => number
  readonly rows: () => number
  readonly write: (text: string) => void
}

const redrawInterval = Duration.millis(100)

/** The time between two lines where none can be drawn over. */
export const PlainInterval = Context.Reference<Duration.Duration>("@nonconvex/lab/PlainInterval", {
  defaultValue: () => Duration.seconds(5),
})

/** Shortest time from which a rate is estimated. */
const leastSeconds = 0.3

/**
 * Clears from the start of this line on; between drawings the cursor rests there, and moves with it when the window changes.
 */
const clear = "\r\u001B[J"

const upwards = (lines: number): string => (lines === 0 ? "" : `\u001B[${lines}A`)

/** The screen that progress is drawn on. */
export class Progress extends Context.Service<Progress, Screen>()("@nonconvex/lab/Progress") {
  /** Writes to standard error, so that standard output can be piped. */
  static readonly layer: Layer.Layer<Progress> = Layer.effect(
    Progress,
    Effect.gen(function* () {
      const term = yield* Effect.orDie(Config.option(Config.String("TERM")))
      const animates = process.stderr.isTTY && Option.getOrUndefined(term) !== "dumb"
      return Progress.of({
        animates,
        columns: () => process.stderr.columns,
        rows: () => process.stderr.rows,
        // a line takes the place of what is drawn, which comes again under it
        write: (text) =>
          process.stderr.write(animates && text.endsWith("\n") ? `${clear}${text}` : text),
      })
    }),
  )
}

/** Prints a line about the work that is about to begin. */
export const say = Effect.fnUntraced(function* (text: string) {
  const screen = yield* Progress
  if (!(yield* Quiet)) screen.write(`${harmless(text)}\n`)
})

/** Runs `use` and shows its progress until it ends in any way. */
export const track = Effect.fnUntraced(function* <A, E, R>(
  work: Work,
  use: (meter: Meter) => Effect.Effect<A, E, R>,
) {
  const screen = yield* Progress
  const quiet = yield* Quiet
  const clock = yield* Clock.Clock
  const now = () => MonotonicTime.seconds(clock)
  const started = now()
  let first: { readonly done: number; readonly at: number } | undefined
  let done = 0
  let note = ""
  const runs: Array<{ readonly name: string; readonly since: number } | undefined> = []
  const meter: Meter = {
    done: (amount) => {
      done = amount
      if (amount > 0) first ??= { done: amount, at: now() }
    },
    note: (text) => {
      note = harmless(text)
    },
    running: (name) => {
      // in the first line that is free, so that the others stay where they are
      const free = runs.indexOf(undefined)
      const at = free < 0 ? runs.length : free
      runs[at] = { name: harmless(name), since: now() }
      return () => {
        runs[at] = undefined
      }
    },
  }
  if (quiet) return yield* use(meter)
  const rate = () => {
    if (first === undefined || now() - first.at < leastSeconds || done <= first.done) return {}
    return { rate: (done - first.done) / (now() - first.at) }
  }
  const { estimate } = work
  /** Source of the estimate of the time left. A rate would count what was already there. */
  const basis = () => {
    if (estimate === undefined) return rate()
    const estimated = estimate()
    return estimated === undefined ? {} : { estimated }
  }
  // the total may become known on the way
  const line = () => Line.render({ ...work, done, note, seconds: now() - started, ...basis() })
  const nested = () =>
    runs
      .slice(0, Math.max(0, screen.rows() - 2))
      // a thread between two jobs keeps its line, so that the screen does not jump
      .map((each) => (each === undefined ? "" : Line.running(each.name, now() - each.since)))
  const draw = Effect.sync(() => {
    if (!screen.animates) return screen.write(`${line()}\n`)
    const lines = [line(), ...nested()].map((text) => Line.fit(text, screen.columns()))
    screen.write(`${clear}${lines.join("\n")}\r${upwards(lines.length - 1)}`)
  })
  const interval = screen.animates ? redrawInterval : yield* PlainInterval
  const redrawing = Effect.forever(Effect.andThen(Effect.sleep(interval), draw))
  const last = screen.animates ? Effect.sync(() => screen.write(clear)) : draw
  return yield* Effect.scoped(
    Effect.gen(function* () {
      yield* Effect.addFinalizer((exit) =>
        // of what was refused before anything was done there is nothing to show
        done === 0 && Exit.isFailure(exit) && !screen.animates ? Effect.void : last,
      )
      yield* Effect.forkScoped(redrawing)
      return yield* use(meter)
    }),
  )
})
