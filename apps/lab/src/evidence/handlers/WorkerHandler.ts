import type { RunKey } from "@nonconvex/runner/RunKey"
import * as Sweep from "@nonconvex/runner/sweep/Sweep"
import { Runs } from "@nonconvex/store/Runs"
import { Trials } from "@nonconvex/store/queue/Trials"
import { Effect, Fiber, type Redacted } from "effect"
import type * as Capabilities from "../../cli/Capabilities.ts"
import { Quiet } from "../../cli/Flags.ts"
import * as Output from "../../cli/Output.ts"
import * as Progress from "../../cli/Progress.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Table from "../../cli/TextTable.ts"
import * as ProgramCompute from "../program/ProgramCompute.ts"
import * as Programs from "../program/Programs.ts"
import * as SweepDraft from "../sweep/SweepDraft.ts"
import { allSystems } from "../Systems.ts"
import * as Machines from "../worker/Machines.ts"
import * as Messages from "../worker/Messages.ts"

export interface Input extends Capabilities.Chosen {
  readonly database: Redacted.Redacted
  readonly untilIdle: boolean
  /** Sweeps of programs. */
  readonly files: ReadonlyArray<string>
  readonly jobs: number
  readonly json: boolean
}

/** Milliseconds between two progress lines. */
const sayInterval = 10_000

/** Time that Ctrl-C waits for an unreachable database. */
const patience = "5 seconds"

/** System of the program of a sweep in a file. */
const programOf = Effect.fnUntraced(function* (file: string) {
  const sweep = yield* Effect.flatMap(SweepDraft.read(file), Sweep.complete)
  if (sweep.program !== undefined) return yield* Programs.of(sweep, sweep.program)
  const reason = "is a sweep of an experiment, which a worker runs without its file"
  return yield* new SweepDraft.UnreadableSweep({ path: file, reason })
})

const serve = Effect.fnUntraced(function* (
  { files, jobs, kernels, untilIdle }: Input,
  capabilities: Pick<RunKey, "kernels" | "data">,
  told: Messages.Counter,
) {
  const screen = yield* Progress.Progress
  const quiet = yield* Quiet
  const trials = yield* Trials
  const { place } = yield* Runs
  const programs = yield* Effect.forEach(files, programOf)
  const systems = [...(yield* allSystems), ...programs.map(({ system }) => system)]
  const versions = Machines.versionsOf(systems, capabilities)
  const threads = Table.plural(jobs, "thread")
  yield* Progress.say(
    `worker of ${place}: ${threads}, ${kernels} kernels; Ctrl-C returns unfinished trials`,
  )
  let said = told.all()
  const sayNews = Effect.suspend(() => {
    const all = told.all()
    if (all === said) return Effect.void
    said = all
    return Progress.say(Messages.words(all))
  })
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep(sayInterval), sayNews)))
  yield* trials.serve({
    versions,
    untilIdle,
    check: Machines.check,
    hear: (event) => {
      told.add(event)
      const line = Messages.line(event)
      if (line !== undefined && !quiet) screen.write(`${line}\n`)
    },
  })
}, Effect.scoped)

export const handle = Effect.fn("worker")(
  function* (input: Input) {
    const { capabilities } = yield* CommandStore.options(input, false)
    const told = Messages.counter()
    // not a child: where the database is away, handing in could take longer than anyone waits
    const serving = yield* Effect.forkDetach(
      Effect.provide(serve(input, capabilities, told), Machines.layer({ ...input, fresh: false })),
    )
    yield* Effect.onInterrupt(Fiber.join(serving), () =>
      Fiber.interrupt(serving).pipe(
        Effect.interruptible,
        Effect.timeoutOrElse({
          duration: patience,
          orElse: () =>
            Progress.say(
              "the database does not answer: unfinished trials become free when their lease ends",
            ),
        }),
        Effect.andThen(Progress.say(Messages.words(told.all()))),
      ),
    )
    if (input.json) yield* Output.json(Messages.Tally, told.all())
    else yield* Output.text(Messages.words(told.all()))
  },
  (work, input) => Effect.provide(work, ProgramCompute.layer(input)),
)
