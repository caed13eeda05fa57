// The service: noise is drawn first, and nothing is given before the spend is on the disk.
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { Compute } from "@nonconvex/runner"
import * as Inline from "@nonconvex/runner/Inline"
import { operate } from "@nonconvex/runner/Operations"
import * as Threads from "@nonconvex/runner/node/Threads"
import { Cause, Deferred, Effect, Exit, Fiber, Layer } from "effect"
import { existsSync, readFileSync } from "node:fs"
import * as Ledger from "../../src/ledger/Ledger.ts"
import * as LowRank from "../../src/components/index.ts"
import { perRow } from "../../src/components/PerRow.ts"
import {
  complexRelease,
  Entropy,
  GridPlan,
  LedgerStorage,
  Mechanism,
  Permit,
  PrivateScatter,
  Public,
  release,
} from "../../src/index.ts"
import { DpLowrank, layer } from "../../src/node/index.ts"
import * as LedgerFile from "../../src/node/LedgerFile.ts"
import { audit, system } from "../../src/operations/index.ts"
import { budget, made } from "../support/Ledgers.ts"
import { seeded } from "../support/Unsafe.ts"

const bound = Public.bound(1)
const mechanism = Mechanism.isotropic({ ...budget, neighbours: "replace", bound })

const plan = GridPlan.make(mechanism, 2)
const cheap = GridPlan.make(
  Mechanism.isotropic({ ...mechanism.target, epsilon: 0.1, neighbours: "replace", bound }),
  2,
)

const data = Layer.provide(Datasets.layer, NodeServices.layer)
const files = Layer.provideMerge(LedgerFile.layer, NodeServices.layer)

/** Kernels and this thread. */
const here = (kernels: Layer.Layer<Kernels.Current> = Kernels.layerStrict) =>
  Layer.provideMerge(Inline.layer, Layer.merge(kernels, data))

const withSource = (source: Entropy.Source) =>
  Layer.fresh(DpLowrank.layer).pipe(
    Layer.provide(Layer.succeed(Entropy.Entropy, source)),
    Layer.provide([files, here()]),
  )

describe("DpLowrank", () => {
  it.live("draws before it spends, and gives a release that is paid for", () =>
    Effect.gen(function* () {
      const account = yield* made
      const seen: Array<string> = []
      const inner = seeded(1)
      const watching = Entropy.unsafe("a watched seed", (words) => {
        seen.push(readFileSync(account.path, "utf8"))
        inner.fill(words)
      })
      const scatter = PrivateScatter.make({ dimension: 2, bound })
      const { draft, pay } = yield* DpLowrank.pipe(Effect.provide(withSource(watching)))
      const ready = yield* draft(scatter, plan)
      assert.isUndefined(ready.noisy.receipt)
      assert.lengthOf((yield* Ledger.status(account)).entries, 0)
      const noisy = yield* pay(ready, { account, purpose: "a test" })
      assert.strictEqual(noisy.receipt.entry, 1)
      assert.strictEqual((yield* Ledger.status(account)).entries[0]!.purpose, "a test")
      assert.isAbove(seen.length, 0)
      assert.notInclude(seen.join(), "a test")
      assert.deepStrictEqual(noisy.matrix, ready.noisy.matrix)
      const whole = yield* Ledger.release(PrivateScatter.make({ dimension: 2, bound }), {
        plan: cheap,
        account: yield* made,
        purpose: "the same",
      }).pipe(Effect.provide(Layer.succeed(Entropy.Entropy, seeded(1))))
      const alone = release(
        PrivateScatter.make({ dimension: 2, bound }),
        Permit.withoutLedger(cheap),
        seeded(1),
      )
      assert.deepStrictEqual(whole.matrix, alone.matrix)
      assert.strictEqual(whole.receipt.entry, 1)
    }).pipe(Effect.provide(files)),
  )

  it.live(
    "draws nothing where the budget is spent, and spends nothing where the plan does not fit",
    () =>
      Effect.gen(function* () {
        const account = yield* made
        const request = { plan, account, purpose: "x" }
        const silent = Entropy.unsafe("nothing", () => {
          throw new Error("noise was drawn")
        })
        const silently = Effect.provideService(Entropy.Entropy, silent)
        const other = PrivateScatter.make({ dimension: 2, bound: Public.bound(2) })
        const misfit = yield* Effect.flip(silently(Ledger.release(other, request)))
        assert.strictEqual(misfit._tag, "InvalidInput")
        const { draft } = yield* DpLowrank.pipe(Effect.provide(withSource(silent)))
        assert.strictEqual((yield* Effect.flip(draft(other, plan)))._tag, "InvalidInput")
        assert.lengthOf((yield* Ledger.status(account)).entries, 0)
        const scatter = PrivateScatter.make({ dimension: 2, bound })
        const real = Effect.provide(Layer.provide(layer, files))
        const first = yield* real(Ledger.release(scatter, request))
        assert.strictEqual(first.unsafeSource, undefined)
        const spent = yield* Effect.flip(silently(Ledger.release(scatter, request)))
        assert.strictEqual(spent._tag, "BudgetExceeded")
      }).pipe(Effect.provide(files)),
  )

  it.live("gives nothing where somebody else spends while it draws", () =>
    Effect.gen(function* () {
      const account = yield* made
      const { draft, pay } = yield* DpLowrank.pipe(Effect.provide(withSource(seeded(1))))
      const ready = yield* draft(PrivateScatter.make({ dimension: 2, bound }), plan)
      yield* Ledger.spend(account, plan, "somebody else's")
      const late = yield* Effect.flip(pay(ready, { account, purpose: "x" }))
      assert.strictEqual(late._tag, "BudgetExceeded")
      assert.deepStrictEqual(
        (yield* Ledger.status(account)).entries.map(({ purpose }) => purpose),
        ["somebody else's"],
      )
    }).pipe(Effect.provide(files)),
  )

  it.live("draws the noise of a wide release on another thread, and ends it there", () =>
    Effect.gen(function* () {
      const jobs: Array<string> = []
      const begun = yield* Deferred.make<void>()
      let isEndless = false
      const watching = Layer.effect(
        Compute,
        Effect.map(Compute, (compute) => ({
          ...compute,
          perform: (...parameters: Parameters<typeof compute.perform>) => {
            jobs.push(parameters[1].id)
            return isEndless
              ? Effect.andThen(Deferred.succeed(begun, undefined), Effect.never)
              : compute.perform(...parameters)
          },
        })),
      ).pipe(Layer.provide(here()))
      const { draft } = yield* Effect.provide(
        DpLowrank,
        Layer.fresh(DpLowrank.layer).pipe(
          Layer.provide([layer, Kernels.layerStrict, watching]),
          Layer.provide(files),
        ),
      )
      const dimension = 129
      const wide = GridPlan.make(mechanism, dimension)
      const scatter = PrivateScatter.make({ dimension, bound })
      const { noisy } = yield* draft(scatter, wide)
      assert.isUndefined(noisy.unsafeSource)
      const { grid, matrix } = noisy
      assert.isTrue(matrix.every((x) => x !== 0 && Number.isInteger(x / grid)))
      isEndless = true
      const drawing = yield* Effect.forkChild(draft(scatter, wide))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(drawing)
      assert.deepStrictEqual(jobs, ["dp-lowrank/noise", "dp-lowrank/noise"])
    }),
  )

  it.live(
    "sums and looks on the kernels of its layer, and keeps its ledger in the storage of it",
    () =>
      Effect.gen(function* () {
        let products = 0
        const counting = Layer.sync(Kernels.Current, () => {
          const strict = Kernels.reference()
          return {
            ...strict,
            syrk: (...parameters: Parameters<typeof strict.syrk>) => {
              products++
              strict.syrk(...parameters)
            },
          }
        })
        const own = Layer.fresh(DpLowrank.layer).pipe(
          Layer.provide(Layer.succeed(Entropy.Entropy, seeded(1))),
          Layer.provideMerge(LedgerStorage.layerMemory),
          Layer.provide(here(counting)),
        )
        const shown = yield* Effect.gen(function* () {
          const account = { path: "nowhere", dataset: "d" }
          yield* Ledger.create(account, { neighbours: "replace", budget })
          const service = yield* DpLowrank
          const scatter = yield* service.scatter({ dimension: 2, bound })
          scatter.add(Float64Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? 0.8 : 0.1)))
          const noisy = yield* Effect.flatMap(service.draft(scatter, plan), (draft) =>
            service.pay(draft, { account, purpose: "x" }),
          )
          assert.isFalse(existsSync("nowhere"))
          const options = { rank: 1, failure: 0.05, divisor: 2000 }
          const plain = yield* service.components(noisy, { ...options, paper: false })
          const paper = yield* service.components(noisy, { ...options, paper: true })
          assert.deepStrictEqual(
            plain.certificate,
            LowRank.certify(perRow(noisy, Public.rowCount(2000)), 1, 0.05, Kernels.strict()),
          )
          assert.isUndefined(plain.paper)
          assert.deepStrictEqual({ ...paper, paper: undefined }, { ...plain, paper: undefined })
          return { noisy, paper: paper.paper! }
        }).pipe(Effect.provide(own))
        // three whole blocks of rows, and the rest
        assert.strictEqual(products, 4)
        const { real } = complexRelease(shown.noisy, 1, seeded(2))
        assert.strictEqual(shown.paper.real.length, real.length)
        // seeded words: the first ones were drawn for the release
        assert.notDeepEqual(shown.paper.real, real)
      }),
  )

  it.live("leaves long work to the computing power of its layer", () =>
    Effect.gen(function* () {
      const jobs: Array<string> = []
      const recording = Layer.effect(
        Compute,
        Effect.map(Compute, (compute) => ({
          ...compute,
          perform: (...parameters: Parameters<typeof compute.perform>) => {
            jobs.push(parameters[1].id)
            return compute.perform(...parameters)
          },
        })),
      ).pipe(
        Layer.provide(Inline.layer),
        Layer.provideMerge(Layer.merge(Kernels.layerStrict, data)),
      )
      const service = yield* Effect.provide(
        DpLowrank,
        Layer.fresh(DpLowrank.layer).pipe(
          Layer.provide(Layer.succeed(Entropy.Entropy, seeded(1))),
          Layer.provide([LedgerStorage.layerMemory, recording]),
        ),
      )
      const d = 200
      const matrix = new Float64Array(d * d)
      matrix[0] = 1e4
      const wide = { ...GridPlan.make(mechanism, d), dimension: d, matrix, grid: 0 }
      const noisy = { ...wide, diagonalScale: 1, offDiagonalScale: 1, receipt: undefined }
      const options = { rank: 1, failure: 0.05, divisor: 1, paper: false }
      const { certificate } = yield* service.components({ ...noisy, unsafeSource: "none" }, options)
      assert.deepStrictEqual(certificate, LowRank.certify(noisy, 1, 0.05))
      assert.deepStrictEqual(jobs, ["dp-lowrank/components"])
    }),
  )
})

describe("an audit as a job", () => {
  const input = { mechanism: "isotropic", neighbours: "replace", epsilon: 1, delta: 0.01 } as const

  it.live("finds too little noise, and says what is wrong with its input", () =>
    Effect.gen(function* () {
      const more = { exact: false, bound: 1, noise: 0.5, dimension: 2, confidence: 0.999, seed: 1 }
      const all = { ...input, ...more, samples: 2000 }
      assert.strictEqual((yield* operate(system, audit, all)).verdict, "violation")
      const error = yield* Effect.flip(operate(system, audit, { ...all, confidence: 1 }))
      assert.match(error.message, /confidence/)
    }).pipe(Effect.provide(here())),
  )

  it.live("ends where it is interrupted, in whatever it is", () =>
    Effect.gen(function* () {
      const drawn = yield* Deferred.make<number>()
      const auditing = operate(
        system,
        audit,
        {
          ...input,
          exact: true,
          bound: 1,
          noise: 1,
          dimension: 2,
          samples: 100_000_000,
          confidence: 0.999,
          seed: 1,
        },
        (progress) => Deferred.doneUnsafe(drawn, Effect.succeed(progress.drawn)),
      )
      const fiber = yield* Effect.forkChild(auditing)
      const begun = yield* Effect.raceFirst(Deferred.await(drawn), Fiber.join(fiber))
      assert.isAbove(Number(begun), 0)
      yield* Fiber.interrupt(fiber)
      const exit = yield* Fiber.await(fiber)
      assert.isTrue(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))
    }).pipe(Effect.provide(Threads.layer(1, { kernels: "strict" }))),
  )
})
