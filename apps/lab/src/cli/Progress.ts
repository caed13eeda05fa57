/** Progress on standard error: a line that redraws on a terminal, a plain line every few seconds elsewhere. */
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
import * as Line from "./ProgressLine.ts"

/** Where work reports how far it is: plain functions, for callbacks and inner loops. */
export interface Meter {
  /** Sets how much of `total` is done. */
  readonly done: (amount: number) => void
  /** Sets what stands at the end of the line: the worst margin, the best loss. */
  readonly note: (text: string) => void
}

/** What is measured: `label` names the work, `unit` what is counted; without it, progress is a percentage. */
export interface Work {
  readonly label: string
  readonly total: number
  readonly unit?: string
}

/** Where lines of progress go. */
export interface Screen {
  /** Whether a line can be drawn over. */
  readonly animates: boolean
  readonly columns: () => number
  readonly write: (text: string) => void
}

const redrawInterval = Duration.millis(100)
const plainInterval = Duration.seconds(5)

/** A rate from less time than this says nothing. */
const leastSeconds = 0.3

const clear = "\r\u001B[2K"

/** The screen that progress is drawn on. */
export class Progress extends Context.Service<Progress, Screen>()("@nonconvex/lab/Progress") {
  /** Standard error: what is piped from standard output stays clean. */
  static readonly layer: Layer.Layer<Progress> = Layer.effect(
    Progress,
    Effect.gen(function* () {
      const term = yield* Effect.orDie(Config.option(Config.String("TERM")))
      return Progress.of({
        animates: process.stderr.isTTY && Option.getOrUndefined(term) !== "dumb",
        columns: () => process.stderr.columns,
        write: (text) => process.stderr.write(text),
      })
    }),
  )
}

/** A line about the work that is to begin. */
export const say = Effect.fnUntraced(function* (text: string) {
  const screen = yield* Progress
  if (!(yield* Quiet)) screen.write(`${text}\n`)
})

/** Runs `use` and shows how far it is until it ends, however it ends. */
export const track = Effect.fnUntraced(function* <A, E, R>(
  work: Work,
  use: (meter: Meter) => Effect.Effect<A, E, R>,
) {
  const screen = yield* Progress
  const quiet = yield* Quiet
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe() / 1000
  const started = now()
  let first: { readonly done: number; readonly at: number } | undefined
  let done = 0
  let note = ""
  const meter: Meter = {
    done: (amount) => {
      done = amount
      if (amount > 0) first ??= { done: amount, at: now() }
    },
    note: (text) => {
      note = text
    },
  }
  if (quiet) return yield* use(meter)
  const rate = () => {
    if (first === undefined || now() - first.at < leastSeconds || done <= first.done) return {}
    return { rate: (done - first.done) / (now() - first.at) }
  }
  const line = () => Line.render({ ...work, done, note, seconds: now() - started, ...rate() })
  const draw = Effect.sync(() => {
    if (screen.animates) screen.write(clear + Line.fit(line(), screen.columns()))
    else screen.write(`${line()}\n`)
  })
  const interval = screen.animates ? redrawInterval : plainInterval
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
