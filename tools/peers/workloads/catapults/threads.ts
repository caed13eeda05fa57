/** The table of forced catapults as twelve jobs for a pool of one and of two threads. */
import { system } from "@nonconvex/catapults/evidence"
import { runExperiment } from "@nonconvex/runner"
import * as Threads from "@nonconvex/runner/node/Threads"
import { Effect } from "effect"
import type { Parameters, Work, Workload } from "../../src/Workload.ts"

/** The cases of the experiment, one for each run, on a pool of threads that starts with it. */
const threaded =
  (size: number) =>
  ({ jobs }: Parameters): Work | undefined => {
    if (jobs === undefined) return undefined
    const experiment = system.experiments.find(({ id }) => id === "catapults/forced-catapults")!
    const raises = [0, 1, 2]
    let rows: ReadonlyArray<number> = []
    const configured = experiment.configure({
      inputs: 30,
      width: 512,
      samples: 512,
      raises,
      firstSeed: 0,
      seeds: jobs / raises.length,
      multiple: 1.3,
      tolerance: 1e-3,
    })
    const all = runExperiment(system, configured, { seed: 1 }).pipe(
      Effect.provide(Threads.layer(size, { kernels: "strict" })),
    )
    return {
      run: async () => {
        const result = await Effect.runPromise(all)
        rows = result.rows.map((row) => Number(row["testLoss"]))
      },
      result: () => rows,
    }
  }

export const workload: Workload = {
  cases: [
    { name: "forced catapults on threads, 12 jobs", parameters: { jobs: 12 }, tolerance: 1e-12 },
  ],
  implementations: [
    { name: "catapults, one thread", own: true, prepare: threaded(1) },
    { name: "catapults, two threads", own: true, prepare: threaded(2) },
  ],
}
