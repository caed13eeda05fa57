/** The entry point of a worker thread: does one job after another, each named by the module of its system. */
import { Effect, Schema, Stream } from "effect"
import { parentPort } from "node:worker_threads"
import type { Progress } from "../Attempt.ts"
import * as Reason from "../Reason.ts"
import { type ExperimentDefinition, type Row, seedOf } from "../Experiment.ts"
import type { System } from "../System.ts"
import { searchClaim, searchErratum } from "../Verify.ts"
import type { Job, Reply } from "./Job.ts"

const port = parentPort!

const reply = (message: Reply) => port.postMessage(message)

/** Milliseconds between two reports of progress. */
const progressInterval = 100

const reporting = (): Progress => {
  let last = performance.now()
  return (runs, worst) => {
    const now = performance.now()
    if (now - last < progressInterval) return
    last = now
    reply({ _tag: "Runs", runs, worst })
  }
}

/** A module that is not what a job takes it for. */
class WrongModule extends Schema.TaggedError<WrongModule>()("WrongModule", {
  module: Schema.String,
  lack: Schema.String,
}) {
  override get message(): string {
    return `${this.module} exports no ${this.lack}`
  }
}

/** A row that the experiment's own schema refuses. */
class InvalidRow extends Schema.TaggedError<InvalidRow>()("InvalidRow", {
  row: Schema.Int,
  reason: Schema.String,
}) {
  override get message(): string {
    return `row ${this.row} is not one of its rows: ${this.reason}`
  }
}

const load = async (module: string): Promise<System> => {
  const { system } = (await import(module)) as { readonly system?: System }
  if (system === undefined) throw new WrongModule({ module, lack: "`system`" })
  return system
}

const named = <Item extends { readonly id: string }>(
  { module }: System,
  items: ReadonlyArray<Item>,
  id: string,
): Item => {
  const [found, twin] = items.filter((item) => item.id === id)
  if (found === undefined) throw new WrongModule({ module, lack: id })
  if (twin !== undefined) throw new WrongModule({ module, lack: `single ${id}` })
  return found
}

const runExperiment = async <
  Config extends object,
  Fields extends Row,
  Failure extends { readonly message: string },
>(
  definition: ExperimentDefinition<Config, Fields, Failure>,
  job: Job & { readonly _tag: "RunExperiment" },
): Promise<void> => {
  const config = Schema.decodeUnknownSync(definition.config)(job.config)
  const isRow = Schema.decodeUnknownEffect(Schema.toType(definition.row))
  let rows = 0
  const send = (row: Fields) => {
    rows++
    return isRow(row).pipe(
      Effect.mapError((error) => new InvalidRow({ row: rows, reason: Reason.of(error) })),
      Effect.andThen(Effect.sync(() => reply({ _tag: "Row", row }))),
    )
  }
  // claims need no files, and this module would take most of the time in which their threads start
  const { layer } = await import("@effect/platform-node/NodeServices")
  await definition
    .run(config, seedOf(job, job.seed))
    .pipe(Stream.runForEach(send), Effect.provide(layer), Effect.runPromise)
}

const run = async (job: Job): Promise<Reply> => {
  const system = await load(job.module)
  switch (job._tag) {
    case "SearchClaim": {
      const claim = named(system, system.claims, job.id)
      const attempt = await searchClaim(claim, job.control, job.search, reporting())
      return { _tag: "Found", attempt }
    }
    case "SearchErratum": {
      const erratum = named(system, system.errata, job.id)
      return { _tag: "Found", attempt: await searchErratum(erratum, job.search, reporting()) }
    }
    case "RunExperiment": {
      const started = performance.now()
      await named(system, system.experiments, job.id).open((definition) =>
        runExperiment(definition, job),
      )
      return { _tag: "Finished", seconds: (performance.now() - started) / 1000 }
    }
  }
}

port.on("message", (job: Job) => {
  void run(job)
    .catch((cause: unknown): Reply => ({ _tag: "Failed", message: Reason.of(cause) }))
    .then(reply)
})
