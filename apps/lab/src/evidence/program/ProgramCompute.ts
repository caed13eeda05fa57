/** Computing power that also runs the trials of programs, as many at once as there are threads. */
import { CaseFailed } from "@nonconvex/evidence/Experiment"
import { Compute, type JobOf, watched } from "@nonconvex/runner/Compute"
import { Effect, FileSystem, Layer, Path, type Schema, Semaphore } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import { isProgram, type ProgramSystem } from "./ProgramSystem.ts"
import * as RunProgram from "./RunProgram.ts"

const make = Effect.gen(function* () {
  const threads = yield* Compute
  const where = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const free = yield* Semaphore.make(threads.size)

  const trial = Effect.fnUntraced(function* (
    { code, program }: ProgramSystem,
    job: Extract<JobOf, { readonly _tag: "RunCase" }>,
  ): Effect.fn.Return<Effect.Success<ReturnType<Compute["Service"]["perform"]>>, CaseFailed> {
    const failed = (reason: string) => new CaseFailed({ experiment: job.id, case: 0, reason })
    const now = yield* Effect.try({ try: code.now, catch: (cause) => failed(String(cause)) })
    if (now !== code.begun) {
      return yield* failed(
        `its files (${code.files.slice(0, 3).join(", ")}${code.files.length > 3 ? ", ..." : ""}) changed while the sweep was running; start it again`,
      )
    }
    const started = performance.now()
    const rows = yield* RunProgram.run(program, job.config as Schema.JsonObject, job.seed).pipe(
      Effect.mapError(({ reason }) => failed(reason)),
      Effect.provideContext(where),
    )
    return { _tag: "Rows", rows, seconds: (performance.now() - started) / 1000 }
  })

  return Compute.of({
    ...threads,
    perform: (system, job, onProgress) =>
      isProgram(system) && job._tag === "RunCase"
        ? free.withPermits(1)(watched(job, trial(system, job)))
        : threads.perform(system, job, onProgress),
  })
})

/** Capabilities that the flags select, whose computing power also runs the trials of programs. Fails as `Capabilities.layer`. */
export const layer = (chosen: Capabilities.Chosen) =>
  Layer.provideMerge(Layer.effect(Compute, make), Capabilities.layer(chosen))
