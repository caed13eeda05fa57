/** The service answers with values and typed errors, computes on what its Layer requires, and nowhere else. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { Compute } from "@nonconvex/runner"
import * as Inline from "@nonconvex/runner/Inline"
import * as Threads from "@nonconvex/runner/node/Threads"
import { Effect, Layer } from "effect"
import { Catapults } from "../../src/evidence/index.ts"
import type { DescendInput } from "../../src/operations/Descend.ts"
import { net, normals } from "../support/Nets.ts"

const { features, start } = net({ widths: [6, 64], samples: 20 })

const descent = (base: number): DescendInput => ({
  features,
  targets: normals(20, "targets"),
  loss: "mean squared",
  widths: [6, 64],
  activation: "relu",
  bias: false,
  start,
  raises: 0,
  base,
  tolerance: 1e-2,
})

const log = {
  steps: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8),
  losses: Float64Array.of(4, 2, 1, 3, 9, 20, 2, 0.9, 0.8),
  threshold: 1.5,
  smoothing: 0,
}

const withKernels = (kernels: Kernels.Kernels) =>
  Inline.layer.pipe(
    Layer.provide(Layer.merge(Layer.succeed(Kernels.Current, kernels), Datasets.layer)),
    Layer.provide(NodeServices.layer),
  )

const here = Layer.provide(Catapults.layer, withKernels(Kernels.strict()))

const descend = (input: DescendInput) =>
  Effect.flatMap(Catapults, (service) => service.descend(input))

/** Kernels that count how often one of their functions is taken, and the jobs that a Compute is given. */
const counting = () => {
  const seen = { kernels: 0, jobs: new Array<string>() }
  const counted = new Proxy(Kernels.reference(), {
    get: (kernels, name) => {
      seen.kernels++
      return kernels[name as keyof Kernels.Kernels]
    },
  })
  const compute = Layer.effect(
    Compute,
    Effect.map(Compute, (inner) =>
      Compute.of({
        ...inner,
        perform: (subject, job, onProgress) => {
          seen.jobs.push(job.id)
          return inner.perform(subject, job, onProgress)
        },
      }),
    ),
  ).pipe(Layer.provide(withKernels(counted)))
  return { seen, layer: Layer.provide(Catapults.layer, compute) }
}

describe("Catapults", () => {
  it.effect("descends, and says how far it is", () =>
    Effect.gen(function* () {
      const service = yield* Catapults
      const seen: Array<number> = []
      const run = yield* service.descend({ ...descent(0.9), raises: 1 }, ({ steps }) =>
        seen.push(steps),
      )
      assert.strictEqual(run.outcome, "fitted")
      assert.isBelow(run.loss, 1e-2)
      assert.isAtLeast(run.spikes.length, 1)
      assert.strictEqual(run.parameters.length, start.length)
      // however many are shown
      assert.isTrue(seen.every((steps) => steps % 100 === 0 && steps <= run.steps))
    }).pipe(Effect.provide(here)),
  )

  it.effect("diagnoses", () =>
    Effect.gen(function* () {
      const { diagnose } = yield* Catapults
      const said = yield* diagnose(log)
      const known = yield* diagnose({ ...log, optimizer: { name: "sgd" }, batch: "full" })
      assert.deepStrictEqual(
        [said, known].map(({ events }) =>
          events.map(({ confidence, kind, onset }) => [kind, confidence, onset]),
        ),
        [[["unresolved", "guess", 3]], [["catapult", "likely", 3]]],
      )
    }).pipe(Effect.provide(here)),
  )

  it.effect("fails with the step and the ratio to the critical rate where it diverges", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(descend(descent(6)))
      assert.strictEqual(error._tag, "RunDiverged")
      if (error._tag === "RunDiverged") assert.closeTo(error.ratio, 6, 1e-9)
    }).pipe(Effect.provide(here)),
  )

  it.effect("fails with what is wrong with the input", () =>
    Effect.gen(function* () {
      const { diagnose } = yield* Catapults
      const tolerance = yield* Effect.flip(descend({ ...descent(0.9), tolerance: 0 }))
      assert.strictEqual(tolerance._tag, "InvalidInput")
      const short = yield* Effect.flip(diagnose({ ...log, losses: log.losses.slice(1) }))
      assert.strictEqual(short._tag, "InvalidInput")
    }).pipe(Effect.provide(here)),
  )

  it.effect("fails where nothing moves", () =>
    Effect.gen(function* () {
      const still = {
        ...descent(0.9),
        features: new Float64Array(features.length),
        start: new Float64Array(start.length),
      }
      const error = yield* Effect.flip(descend(still))
      assert.strictEqual(error._tag, "ZeroKernel")
    }).pipe(Effect.provide(here)),
  )

  it.effect("computes on the Compute and the kernels that its Layer requires", () => {
    const { layer, seen } = counting()
    return Effect.gen(function* () {
      const found = yield* descend(descent(0.9))
      assert.deepStrictEqual(seen.jobs, ["catapults/descend"])
      assert.isAbove(seen.kernels, 0)
      assert.deepStrictEqual(found, yield* Effect.provide(descend(descent(0.9)), here))
    }).pipe(Effect.provide(layer))
  })

  it.live("gives the same on a thread", () =>
    Effect.gen(function* () {
      const onThread = Layer.provide(Catapults.layer, Threads.layer(1, { kernels: "strict" }))
      const found = yield* Effect.provide(descend(descent(0.9)), onThread)
      assert.deepStrictEqual(found, yield* Effect.provide(descend(descent(0.9)), here))
    }),
  )
})
