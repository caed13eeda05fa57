/** Whoever watches a program sees each job from when it has a thread until it leaves it. */
import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { Effect, Layer } from "effect"
import { describe } from "vitest"
import { Compute, type JobOf, runExperiment, Watch } from "../src/index.ts"
import * as Inline from "../src/Inline.ts"
import * as Threads from "../src/node/Threads.ts"
import { counts, fails, standard } from "./support/Counting.ts"
import { system } from "./support/System.ts"

/** Notes what begins and ends, and how many jobs are under way at the same time. */
const notes = () => {
  const began: Array<JobOf> = []
  const underWay = new Set<JobOf>()
  let most = 0
  const watch = (job: JobOf) => {
    began.push(job)
    underWay.add(job)
    most = Math.max(most, underWay.size)
    return () => {
      underWay.delete(job)
    }
  }
  return { began, underWay, watch, most: () => most }
}

const inline = Layer.provide(
  Inline.layer,
  Layer.merge(Kernels.layerReference, Layer.provide(Datasets.layer, NodeServices.layer)),
)

const computes = [
  ["this thread", 1, inline],
  ["one thread", 1, Threads.layer(1, { kernels: "strict" })],
  ["two threads", 2, Threads.layer(2, { kernels: "strict" })],
] as const

describe("Watch", () => {
  for (const [name, size, compute] of computes) {
    it.live(`sees every job of ${name}, and never more at once than there are threads`, () =>
      Effect.gen(function* () {
        const { began, most, underWay, watch } = notes()
        yield* runExperiment(system, counts.configure({ ...standard }), { seed: 1 }).pipe(
          Effect.provideService(Watch, watch),
        )
        assert.sameMembers(
          began.map((job) => (job._tag === "RunCase" ? job.case : Number.NaN)),
          [0, 1, 2, 3, 4],
        )
        assert.isAtMost(most(), size)
        assert.strictEqual(underWay.size, 0)
      }).pipe(Effect.provide(compute)),
    )

    it.live(`sees the jobs of ${name} that fail end`, () =>
      Effect.gen(function* () {
        const { began, underWay, watch } = notes()
        const run = runExperiment(system, fails.configure({ ...standard }), { seed: 1 })
        yield* Effect.flip(Effect.provideService(run, Watch, watch))
        assert.isAtLeast(began.length, 3)
        assert.strictEqual(underWay.size, 0)
      }).pipe(Effect.provide(compute)),
    )
  }

  it.live("sees a job end that was interrupted", () =>
    Effect.gen(function* () {
      const { began, underWay, watch } = notes()
      const { perform } = yield* Compute
      const job: JobOf = { _tag: "SearchClaim", id: "numbers/spins", search: { seed: 1, runs: 10 } }
      yield* perform(system, job).pipe(
        Effect.provideService(Watch, watch),
        Effect.timeoutOption(300),
      )
      assert.deepStrictEqual(began, [job])
      assert.strictEqual(underWay.size, 0)
    }).pipe(Effect.provide(Threads.layer(1, { kernels: "strict" }))),
  )
})
