/** The entry point of a worker thread: does one job after another, each named by the module of its system. */
import { Seed } from "@nonconvex/numerics"
import { Effect, Schema, Stream } from "effect"
import { parentPort } from "node:worker_threads"
import type { Progress } from "../Attempt.ts"
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

const named = <Item extends { readonly id: string }>(
  items: ReadonlyArray<Item>,
  id: string,
): Item => {
  const found = items.find((item) => item.id === id)
  if (found === undefined) throw new Error(`the module has nothing named ${id}`)
  return found
}

const load = async (module: string): Promise<System> => {
  const loaded = (await import(module)) as { readonly system: System }
  return loaded.system
}

const run = async (job: Job): Promise<Reply> => {
  const system = await load(job.module)
  switch (job._tag) {
    case "SearchClaim": {
      const claim = named(system.claims, job.id)
      return {
        _tag: "Found",
        attempt: await searchClaim(claim, job.control, job.search, reporting()),
      }
    }
    case "SearchErratum": {
      const erratum = named(system.errata, job.id)
      return { _tag: "Found", attempt: await searchErratum(erratum, job.search, reporting()) }
    }
    case "RunExperiment":
      return named(system.experiments, job.id).open(async (definition) => {
        const config = Schema.decodeUnknownSync(definition.config)(job.config)
        await definition.run(config, Seed.root(job.seed).child(job.id)).pipe(
          Stream.runForEach((row) => Effect.sync(() => reply({ _tag: "Row", row }))),
          Effect.runPromise,
        )
        return { _tag: "Finished" }
      })
  }
}

port.on("message", (job: Job) => {
  void run(job)
    .catch((cause: unknown): Reply => ({
      _tag: "Failed",
      message: cause instanceof Error ? cause.message : String(cause),
    }))
    .then(reply)
})
