/** Settings other than the presets: which are refused, and that missing rows are not expected. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { type Expectation, type Row } from "@nonconvex/evidence"
import * as Settings from "@nonconvex/evidence/Settings"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { Effect, Layer } from "effect"
import { experiments } from "../../src/evidence/experiments/index.ts"

const named = (name: string) => experiments.find(({ id }) => id === `flat-minima/${name}`)!

const refusal = (name: string, settings: Readonly<Record<string, string>>) =>
  Effect.map(
    Effect.flip(Settings.resolve(named(name), "smoke", settings)),
    ({ message }) => message,
  )

interface Outcome {
  readonly rows: ReadonlyArray<Row>
  readonly expectations: ReadonlyArray<Expectation.Expectation>
}

const data = Layer.provide(Datasets.layer, NodeServices.layer)

const run = Effect.fnUntraced(function* (name: string, settings: Readonly<Record<string, string>>) {
  const configured = yield* Settings.resolve(named(name), "smoke", settings)
  const rows: Array<Row> = []
  for (let k = 0; k < configured.count; k++) {
    rows.push(...(yield* configured.rowsOf(k, 1, { kernels: Kernels.strict() }, data)))
  }
  const { expectations, figures } = configured.evaluate(rows)
  assert.isAbove(figures.length, 0)
  return { rows, expectations } satisfies Outcome
})

const failed = ({ expectations }: Outcome) => expectations.filter(({ holds }) => !holds)

describe("an empty list", () => {
  const lists = [
    ["flat-is-sparse", "contenders"],
    ["flat-is-sparse", "steps"],
    ["accuracy", "accuracies"],
    ["gain", "dimensions"],
    ["batch-size", "batchSizes"],
    ["fashion-mnist", "radii"],
  ] as const
  for (const [name, key] of lists) {
    it.effect(`of ${key} is refused by ${name}`, () =>
      Effect.gen(function* () {
        assert.match(yield* refusal(name, { [key]: "[]" }), /a length of at least 1/)
      }),
    )
  }
})

describe("a list of one", () => {
  const lists = [
    ["flat-is-sparse", { steps: "[1000]" }, 2],
    ["accuracy", { accuracies: "[0.2]" }, 1],
    ["accuracy", { accuracies: "[0.05]", seeds: "1" }, 0],
    ["gain", { dimensions: "[8]" }, 1],
    ["batch-size", { batchSizes: "[5]" }, 1],
    ["fashion-mnist", { radii: "[0.2]", epochs: "60" }, 1],
  ] as const
  for (const [name, settings, count] of lists) {
    it.live(
      `runs ${name} with ${JSON.stringify(settings)}, and expects ${count}`,
      () =>
        Effect.gen(function* () {
          const found = yield* run(name, settings)
          assert.strictEqual(found.expectations.length, count)
          assert.deepStrictEqual(failed(found), [])
        }),
      60_000,
    )
  }
})

describe("rows", () => {
  it.live("are there for every number of steps, whatever their common divisor", () =>
    Effect.gen(function* () {
      const { rows } = yield* run("flat-is-sparse", { steps: "[1000,1500,700]" })
      assert.deepStrictEqual(
        rows.map(({ step }) => step),
        [700, 1000, 1500],
      )
    }),
  )

  it.effect("have the dimension of their network: an odd one has none", () =>
    Effect.gen(function* () {
      assert.match(yield* refusal("gain", { dimensions: "[8,7]" }), /multiple of 2/)
    }),
  )

  it.live(
    "of SGD are those without a radius, in any order",
    () =>
      Effect.gen(function* () {
        const { expectations, rows } = yield* run("fashion-mnist", {
          radii: "[0.2,0]",
          hidden: "[32]",
          epochs: "60",
        })
        const methods = rows.map(({ method, radius }) => `${method} ${radius}`)
        assert.deepStrictEqual([...new Set(methods)], ["SAM 0.2", "SGD 0"])
        assert.isTrue(expectations.some(({ statement }) => statement === "trace, SAM 0.2 / SGD"))
        assert.deepStrictEqual(failed({ rows, expectations }), [])
      }),
    60_000,
  )
})
