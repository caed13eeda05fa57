import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, layer } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { InvalidInput, Kernels } from "@nonconvex/numerics"
import { quadratic } from "@nonconvex/problems"
import { Compute } from "@nonconvex/runner"
import * as Inline from "@nonconvex/runner/Inline"
import { Effect, Layer } from "effect"
import { OptimSam } from "../../src/evidence/index.ts"
import { advise, diagnoseNormalisation } from "../../src/index.ts"
import { trainInput } from "../support/Training.ts"
import { system } from "../../src/evidence/system.ts"

const objective = quadratic({ spectrum: [10, 1] })
const point = Float64Array.of(1, 1)
const settings = { learningRate: 0.1, radius: 0.05, tolerance: 1e-3 }
const run = { learningRate: 0.1, radius: 0.05, steps: 100 }

const data = Datasets.layer.pipe(Layer.provide(NodeServices.layer))

/** The service on these kernels and on this thread. */
const on = (kernels: Layer.Layer<Kernels.Current>) =>
  OptimSam.layer.pipe(Layer.provide(Inline.layer), Layer.provideMerge(Layer.merge(kernels, data)))

layer(on(Kernels.layerStrict))("OptimSam", (test) => {
  test.effect("is about the system that it exports", () =>
    Effect.gen(function* () {
      const service = yield* OptimSam
      assert.strictEqual(service.system, system)
    }),
  )

  test.effect("gives the advice and the diagnosis of the functions", () =>
    Effect.gen(function* () {
      const service = yield* OptimSam
      assert.deepStrictEqual(
        yield* service.advise(objective, point, settings),
        advise(objective, point, settings),
      )
      assert.deepStrictEqual(
        yield* service.diagnoseNormalisation(objective, point, run),
        diagnoseNormalisation(objective, point, run),
      )
    }),
  )

  test.effect("fails with InvalidInput on a point of the wrong length", () =>
    Effect.gen(function* () {
      const service = yield* OptimSam
      const short = Float64Array.of(1)
      const advice = yield* Effect.flip(service.advise(objective, short, settings))
      const diagnosis = yield* Effect.flip(service.diagnoseNormalisation(objective, short, run))
      for (const error of [advice, diagnosis]) assert.instanceOf(error, InvalidInput)
      assert.deepStrictEqual(advice.numbers, { "point.length": 1 })
    }),
  )

  test.effect("fails with InvalidInput on a negative radius", () =>
    Effect.gen(function* () {
      const service = yield* OptimSam
      const error = yield* Effect.flip(
        service.advise(objective, point, { ...settings, radius: -1 }),
      )
      assert.strictEqual(
        error.message,
        "adviseFromCurvature: radius must be a finite number of at least 0 (got radius = -1)",
      )
    }),
  )

  test.effect("dies of an error that is no bad input", () =>
    Effect.gen(function* () {
      const service = yield* OptimSam
      const broken = {
        ...objective,
        hessianVector: () => {
          throw new RangeError("broken")
        },
      }
      const exit = yield* Effect.exit(service.advise(broken, point, settings))
      assert.isTrue(exit._tag === "Failure" && exit.cause.reasons.some((r) => r._tag === "Die"))
    }),
  )

  test.effect("trains, and fails with Diverged where that diverges", () =>
    Effect.gen(function* () {
      const service = yield* OptimSam
      const { test: quality } = yield* service.train(trainInput())
      assert.isTrue(quality._tag === "Accuracy" && quality.accuracy > 0.9)
      const wild = trainInput({ learningRate: 1e300 })
      const error = yield* Effect.flip(service.train(wild))
      assert.strictEqual(error._tag, "Diverged")
    }),
  )
})

describe("OptimSam", () => {
  /** Strict kernels that count how often they are asked for something. */
  const counting = () => {
    const seen = { looks: 0 }
    const kernels = new Proxy(Kernels.makeStrict(), {
      get: (target, key, receiver) => {
        seen.looks++
        return Reflect.get(target, key, receiver) as unknown
      },
    })
    return { seen, layer: Layer.succeed(Kernels.Current, kernels) }
  }

  it.effect("computes on the kernels of its layer", () =>
    Effect.gen(function* () {
      const { layer: kernels, seen } = counting()
      const looksOf = Effect.fnUntraced(function* <E>(
        use: (service: OptimSam["Service"]) => Effect.Effect<unknown, E>,
      ) {
        const before = seen.looks
        yield* use(yield* OptimSam)
        return seen.looks - before
      })
      yield* Effect.gen(function* () {
        assert.isAbove(yield* looksOf((service) => service.advise(objective, point, settings)), 0)
        assert.isAbove(
          yield* looksOf((service) => service.diagnoseNormalisation(objective, point, run)),
          0,
        )
        assert.isAbove(yield* looksOf((service) => service.train(trainInput())), 0)
      }).pipe(Effect.provide(on(kernels)))
    }),
  )

  it.effect("gives its training to the computing power of its layer", () =>
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
      ).pipe(Layer.provide(Inline.layer))
      yield* Effect.flatMap(OptimSam, (service) => service.train(trainInput())).pipe(
        Effect.provide(
          OptimSam.layer.pipe(
            Layer.provide(recording),
            Layer.provide(Layer.merge(Kernels.layerStrict, data)),
          ),
        ),
      )
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
