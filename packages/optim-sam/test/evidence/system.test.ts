/** The operations as jobs: they compute with the given kernels, and what they throw arrives as typed failures. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { Compute, operate } from "@nonconvex/runner"
import * as Inline from "@nonconvex/runner/Inline"
import { Effect, Layer } from "effect"
import { system } from "../../src/evidence/system.ts"
import { train } from "../../src/operations/Train.ts"
import { trainInput } from "../support/Training.ts"

const data = Datasets.layer.pipe(Layer.provide(NodeServices.layer))

/** Computing power of this thread, with these kernels. */
const on = (kernels: Layer.Layer<Kernels.Current>) =>
  Layer.provide(Inline.layer, Layer.merge(kernels, data))

describe("train as a job", () => {
  it.effect("trains, and fails with Diverged where that diverges", () =>
    Effect.gen(function* () {
      const { test: quality } = yield* operate(system, train, trainInput())
      assert.isTrue(quality._tag === "Accuracy" && quality.accuracy > 0.9)
      const wild = trainInput({ learningRate: 1e300 })
      const error = yield* Effect.flip(operate(system, train, wild))
      assert.strictEqual(error._tag, "Diverged")
    }).pipe(Effect.provide(on(Kernels.layerStrict))),
  )

  it.effect("computes on the kernels of its layer", () => {
    let looks = 0
    const kernels = new Proxy(Kernels.makeStrict(), {
      get: (target, key, receiver) => {
        looks++
        return Reflect.get(target, key, receiver) as unknown
      },
    })
    return Effect.gen(function* () {
      yield* operate(system, train, trainInput())
      assert.isAbove(looks, 0)
    }).pipe(Effect.provide(on(Layer.succeed(Kernels.Current, kernels))))
  })

  it.effect("is done by the computing power of the program", () =>
    Effect.gen(function* () {
      const jobs: Array<string> = []
      const recording = Layer.effect(
        Compute,
        Effect.map(Compute, (compute) =>
          Compute.of({
            ...compute,
            perform: (subject, job, onProgress) => {
              jobs.push(`${subject.id} ${job._tag} ${job.id}`)
              return compute.perform(subject, job, onProgress)
            },
          }),
        ),
      ).pipe(Layer.provide(on(Kernels.layerStrict)))
      yield* Effect.provide(operate(system, train, trainInput()), recording)
      assert.deepStrictEqual(jobs, ["optim-sam Operate optim-sam/train"])
    }),
  )
})

describe("the system", () => {
  it("names every claim that replaces an erratum", () => {
    const ids = new Set(system.claims.map(({ id }) => id))
    for (const { corrected } of system.errata) assert.isTrue(ids.has(corrected))
  })
})
