/** The table of forced catapults as twelve jobs for a pool of one and of two threads. */
import { Catapults, system } from "@nonconvex/catapults"
import { runExperiment, Workers } from "@nonconvex/evidence/parallel"
import { Effect } from "effect"
import type { Parameters, Work, Workload } from "../../src/Workload.ts"

/** The table of the experiment as one job for each run, on a pool of threads. */
const threaded =
  (size: number) =>
  ({ jobs }: Parameters): Work | undefined => {
    if (jobs === undefined) return undefined
    const experiment = system.experiments.find(({ id }) => id === "catapults/forced-catapults")!
    let rows: ReadonlyArray<number> = []
    // in the order of the table, which begins with the longest runs: the threads end at nearly the same time
    const seeds = jobs / 3
    const list = Array.from({ length: jobs }, (_, k) => ({
      raises: Math.floor(k / seeds),
      seed: k % seeds,
    }))
    const one = ({ raises, seed }: (typeof list)[number]) =>
      runExperiment(system, experiment, {
        config: {
          inputs: 30,
          width: 512,
          samples: 512,
          raises: [raises],
          seeds: 1,
          multiple: 1.3,
          tolerance: 1e-3,
        },
        seed,
        onRow: () => {
          // only the result counts
        },
      })
    const all = Effect.forEach(list, one, { concurrency: size }).pipe(
      Effect.provide(Workers.layer(size)),
      Effect.provide(Catapults.layer),
    )
    return {
      run: async () => {
        const results = await Effect.runPromise(all)
        rows = results.flatMap((result) => result.rows.map((row) => Number(row["testLoss"])))
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
