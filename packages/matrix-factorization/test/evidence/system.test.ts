import { assert, describe, it, layer } from "@effect/vitest"
import { InvalidInput, Kernels, Seed } from "@nonconvex/numerics"
import { Compute } from "@nonconvex/runner/Compute"
import { JobCrashed } from "@nonconvex/runner/JobFailure"
import * as Inline from "@nonconvex/runner/Inline"
import * as Threads from "@nonconvex/runner/node/Threads"
import { Effect, Layer } from "effect"
import { MatrixFactorization } from "../../src/evidence/index.ts"
import { claims } from "../../src/evidence/claims/index.ts"
import { errata } from "../../src/evidence/errata/index.ts"
import { experiments } from "../../src/evidence/experiments/index.ts"
import { normals } from "../../src/evidence/support/Instances.ts"
import {
  completeTable,
  dense,
  Factorisation,
  fitTable,
  flatten,
  flattestInterpolant,
  recover,
  type Table,
} from "../../src/index.ts"
import { data } from "../support/capabilities.ts"
import { sensing } from "../support/Numbers.ts"
import { tableAt } from "../support/Tables.ts"
import { UnseenDirections } from "../../src/flatness/TraceNorm.ts"
import { system } from "../../src/evidence/system.ts"

const { measurements, targets } = sensing(3, 1, 8, 2)
const design = { rows: 3, columns: 3, matrices: measurements.matrices() }
const widths = [3, 3, 3]
const parameters = normals(Seed.root(1), 18)

const table = tableAt(4, 3, Array(11).keys(), (row, column) => (1 + row) * (1 + column))
/** An entry out of range. */
const wrong: Table = { ...table, rows: 3 }
const lowRank = {
  kind: "low rank",
  rank: 1,
  penalty: 0.1,
  weighting: 0,
  ridge: [1, 1],
} as const

const unseen = {
  rows: 2,
  columns: 2,
  offsets: Uint32Array.of(0, 1),
  positions: Uint32Array.of(0),
  values: Float64Array.of(1),
}

/** Kernels that count their calls. */
const counting = (kernels: Kernels.Kernels, onCall: () => void): Kernels.Kernels => ({
  ...(Object.fromEntries(
    Object.entries(kernels).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === "function"
        ? (...values: ReadonlyArray<unknown>) => {
            onCall()
            return value(...values) as unknown
          }
        : value,
    ]),
  ) as unknown as Kernels.Kernels),
  withCapacity: (capacity) => counting(kernels.withCapacity(capacity), onCall),
})

let calls = 0
const counted = Layer.merge(
  Layer.sync(Kernels.Current, () => counting(Kernels.strict(), () => calls++)),
  data,
)
const here = MatrixFactorization.layer.pipe(Layer.provide(Inline.layer), Layer.provide(counted))

layer(here)("MatrixFactorization on this thread", (test) => {
  test.effect("is the system that it exports", () =>
    Effect.gen(function* () {
      const { system: held } = yield* MatrixFactorization
      assert.strictEqual(held, system)
      assert.deepStrictEqual(
        [held.id, held.claims, held.errata, held.experiments],
        ["matrix-factorization", claims, errata, experiments],
      )
    }),
  )

  test.effect("answers as the functions do, on the kernels that it requires", () =>
    Effect.gen(function* () {
      const service = yield* MatrixFactorization
      const answers = [
        [
          service.flatten({ measurements: design, widths, parameters }),
          flatten(dense(design), Factorisation.shape(widths), parameters),
        ],
        [
          service.flatten({ measurements: "isotropic", widths, parameters }),
          flatten("isotropic", Factorisation.shape(widths), parameters),
        ],
        [service.recover({ measurements: design, targets }), recover(measurements, targets)],
        [
          service.flattestInterpolant({ measurements: design, targets, depth: 3, starts: 1 }),
          flattestInterpolant(measurements, targets, { depth: 3, starts: 1 }),
        ],
        [
          service.complete(table, { folds: 2, seed: 3 }),
          completeTable(table, { folds: 2, seed: Seed.root(3).child("complete") }),
        ],
        [
          service.fitTable(table, lowRank, { seed: 3 }),
          fitTable(table, lowRank, { seed: Seed.root(3).child("complete") }),
        ],
      ] as const
      for (const [asked, expected] of answers) {
        const before = calls
        assert.deepStrictEqual(yield* asked as Effect.Effect<unknown>, expected)
        assert.isAbove(calls, before)
      }
    }),
  )

  test.effect("fails with typed errors", () =>
    Effect.gen(function* () {
      const service = yield* MatrixFactorization
      const short = { measurements: design, targets: targets.slice(1) }
      assert.instanceOf(yield* Effect.flip(service.recover(short)), InvalidInput)
      const blind = { measurements: unseen, targets: Float64Array.of(1) }
      assert.instanceOf(yield* Effect.flip(service.flattestInterpolant(blind)), UnseenDirections)
      assert.instanceOf(yield* Effect.flip(service.complete(wrong)), InvalidInput)
    }),
  )
})

const pooled = MatrixFactorization.layer.pipe(
  Layer.provide(Threads.layer(1, { kernels: "strict" })),
)

layer(pooled, { timeout: 60_000 })("MatrixFactorization on a thread", (test) => {
  test.effect(
    "gives the same bits, and the same errors",
    () =>
      Effect.gen(function* () {
        const service = yield* MatrixFactorization
        assert.deepStrictEqual(
          yield* service.recover({ measurements: design, targets }),
          recover(measurements, targets),
        )
        assert.instanceOf(yield* Effect.flip(service.complete(wrong)), InvalidInput)
      }),
    60_000,
  )
})

describe("the service", () => {
  it.effect("asks nothing but the computing power that it requires", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const recording = Layer.succeed(Compute, {
        name: "recording",
        size: 1,
        perform: (of, { _tag, id }) => {
          asked.push(`${of.id} ${_tag} ${id}`)
          return Effect.fail(new JobCrashed({ job: id, reason: "recorded" }))
        },
      })
      const service = yield* Effect.provide(
        MatrixFactorization,
        Layer.provide(MatrixFactorization.layer, recording),
      )
      for (const answer of [
        service.complete(table),
        service.fitTable(table, lowRank),
        service.flatten({ measurements: design, widths, parameters }),
        service.flattestInterpolant({ measurements: design, targets }),
        service.recover({ measurements: design, targets }),
      ]) {
        const error = yield* Effect.flip<unknown, unknown, never>(answer)
        assert.instanceOf(error, JobCrashed)
      }
      assert.deepStrictEqual(
        asked,
        ["complete", "fit-table", "flatten", "flattest-interpolant", "recover"].map(
          (verb) => `matrix-factorization Operate matrix-factorization/${verb}`,
        ),
      )
    }),
  )

  it("has claims of its own name only", () => {
    for (const { id } of claims) assert.match(id, /^matrix-factorization\//)
  })
})
