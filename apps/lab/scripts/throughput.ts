/**
 * How busy a sweep of short trials keeps its threads, by hand on an idle machine: `node --conditions=source apps/lab/scripts/throughput.ts`.
 *
 * 10,000 trials of 1 ms on two threads, unless two numbers say otherwise. Busy is the time of the trials over that of the threads; the processor's
 * time beside the trials is what the sweep costs.
 */
import * as Code from "@nonconvex/runner/node/Code"
import * as Threads from "@nonconvex/runner/node/Threads"
import { prepare, runSweep } from "@nonconvex/runner/sweep/RunSweep"
import * as Sweep from "@nonconvex/runner/sweep/Sweep"
import * as KeptRuns from "@nonconvex/store/KeptRuns"
import { Effect, Layer } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { system } from "../test/fixtures/brief.ts"

const [trials = 10_000, milliseconds = 1] = process.argv.slice(2).map(Number)
const threads = 2
/** Trials by which threads start and code is compiled. */
const warming = 500

const experiment = system.experiments[0]!

const sweepOf = Effect.fnUntraced(function* (first: number, count: number) {
  const seeds = `${first}..${first + count - 1}`
  const draft = { experiment: experiment.id, set: { milliseconds }, seeds }
  const prepared = yield* prepare(system, experiment, yield* Sweep.complete(draft), trials)
  const [started, before] = [performance.now(), process.cpuUsage()]
  const ended = yield* runSweep(prepared, {
    measure: ({ seconds }) => Effect.succeed(seconds),
    score: (seconds) => seconds,
    onTrials: () => Effect.void,
    onEnded: () => undefined,
  })
  const wall = (performance.now() - started) / 1000
  const { system: kernel, user } = process.cpuUsage(before)
  const work = ended.reduce((sum, each) => sum + (each._tag === "Done" ? each.measured : 0), 0)
  return { wall, work, processor: (kernel + user) / 1e6 }
})

const measured = Effect.fnUntraced(function* (name: string) {
  yield* sweepOf(0, warming)
  const { processor, wall, work } = yield* sweepOf(warming, trials)
  const busy = (100 * work) / (threads * wall)
  const each = (1e6 * (processor - (trials * milliseconds) / 1000)) / trials
  console.log(
    `${name}: ${wall.toFixed(2)} s, threads ${busy.toFixed(0)} % busy, ${each.toFixed(0)} µs of a processor beside each trial`,
  )
})

const folder = mkdtempSync(join(tmpdir(), "nonconvex-throughput-"))
const kept = KeptRuns.layerFile(
  { file: join(folder, "runs.sqlite") },
  {
    capabilities: { kernels: "strict" },
    code: (of) => Effect.sync(() => Code.digestOf(of)),
    provenance: Effect.succeed({ host: "", cpu: "", platform: "", node: "", packages: {} }),
  },
)
const pool = () => Threads.layer(threads, { kernels: "strict" })

await Effect.runPromise(
  Effect.andThen(
    Effect.provide(measured("without a store"), pool()),
    Effect.provide(measured("with a store   "), Layer.merge(pool(), kept)),
  ),
)
rmSync(folder, { recursive: true })
