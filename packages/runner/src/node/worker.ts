/** Entry point of a worker thread: builds the requested capabilities, and runs one job after another. */
import * as NodeWorkerRunner from "@effect/platform-node/NodeWorkerRunner"
import type { Datasets } from "@nonconvex/datasets/Datasets"
import * as Reason from "@nonconvex/evidence/Reason"
import type { Home } from "@nonconvex/evidence/System"
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Context, Effect, Layer, Schema, type Scope, Semaphore } from "effect"
import * as WorkerRunner from "effect/workers/WorkerRunner"
import { workerData } from "node:worker_threads"
import { Capabilities } from "../Capabilities.ts"
import {
  type Batch,
  type Crossing,
  crossing,
  type Ended,
  givenAway,
  type Job,
  type Message,
} from "../Job.ts"
import { JobCrashed, type JobFailure, WrongSystem } from "../JobFailure.ts"
import * as Work from "../Work.ts"
import * as NamedKernels from "./NamedKernels.ts"
import * as BatchSize from "./BatchSize.ts"

const capabilities = Schema.decodeUnknownSync(Capabilities)(workerData)

/** System of a job, from its module, which must have the version in the job. */
const systemOf = Effect.fnUntraced(function* ({
  system: { id, module, version },
}: Message): Effect.fn.Return<Home, WrongSystem> {
  const wrong = (reason: string) => new WrongSystem({ module, reason })
  const { system } = yield* Effect.tryPromise({
    try: () => import(module) as Promise<{ readonly system?: Home }>,
    catch: (cause) => wrong(`cannot be loaded: ${Reason.of(cause)}`),
  })
  if (system === undefined) return yield* wrong("exports no `system`")
  if (system.id === id && system.version === version) return system
  return yield* wrong(`has ${system.id} ${system.version}, not ${id} ${version}`)
})

/** Most claims need no data and no kernels of a module; loading these modules would dominate the start of a thread. */
const layers = Effect.promise(() => import("./Layers.ts"))

const data: Layer.Layer<Datasets> = Layer.unwrap(
  Effect.map(layers, (loaded) => Layer.orDie(loaded.data(capabilities))),
)

/** Kernels of this thread, cached for its lifetime. */
const kernels: Effect.Effect<Kernels.Kernels, BackendUnavailable, Scope.Scope> = Effect.suspend(
  () => {
    const { kernels: asked } = capabilities
    if (typeof asked === "string") return NamedKernels.named[asked]
    return Effect.map(
      Effect.flatMap(layers, (loaded) => Layer.build(loaded.kernels(asked))),
      Context.get(Kernels.Current),
    )
  },
)

const serve = Effect.gen(function* () {
  const platform = yield* WorkerRunner.WorkerRunnerPlatform
  const runner = yield* platform.start<Crossing, Message>()
  const given = yield* Effect.cached(Effect.provide(kernels, yield* Effect.context<Scope.Scope>()))
  // answers come in the order of the messages
  const turn = yield* Semaphore.make(1)
  const send = (port: number, reply: Crossing) => runner.sendUnsafe(port, reply, givenAway(reply))
  const ended = (
    port: number,
    systemFor: Effect.Effect<Home, WrongSystem>,
    job: Job,
  ): Effect.Effect<Ended> =>
    Effect.gen(function* () {
      const system = yield* systemFor
      const means = { given: { kernels: yield* given }, data }
      return yield* Work.perform(system, job, means, (progress) =>
        send(port, { _tag: "Progressed", progress }),
      )
    }).pipe(
      // a defect must not leave the caller waiting
      Effect.catchDefect((defect) =>
        Effect.fail(new JobCrashed({ job: job.id, reason: Reason.of(defect) })),
      ),
      Effect.match({
        onSuccess: (result): Ended => ({ _tag: "Succeeded", result }),
        onFailure: (failure: JobFailure): Ended => ({ _tag: "Failed", failure }),
      }),
    )
  const batched = Effect.fnUntraced(function* (port: number, batch: Batch) {
    const { cases, id, system } = batch
    const systemFor = yield* Effect.cached(systemOf(batch))
    let some: Array<typeof Ended.Encoded> = []
    let sent = performance.now()
    let began = sent
    for (const each of cases) {
      const now = performance.now()
      // the next takes about as long as the one before
      if (some.length > 0 && 2 * now - began - sent > BatchSize.untold) {
        send(port, { _tag: "Batched", ended: some, isLast: false })
        some = []
        sent = now
      }
      began = now
      const one = yield* ended(port, systemFor, { _tag: "RunCase", system, id, ...each })
      some.push(crossing(one))
      if (one._tag === "Failed" && one.failure._tag !== "CaseFailed") break
    }
    return { _tag: "Batched", ended: some, isLast: true } satisfies Crossing
  })
  yield* runner.run((port, message) => {
    const reply: Effect.Effect<Crossing> =
      message._tag === "Batch"
        ? batched(port, message)
        : Effect.map(ended(port, systemOf(message), message), crossing)
    return turn.withPermits(1)(Effect.map(reply, (each) => send(port, each)))
  })
})

serve.pipe(Effect.scoped, Effect.provide(NodeWorkerRunner.layer), Effect.runFork)
