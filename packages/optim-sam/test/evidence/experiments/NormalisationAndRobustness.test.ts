/** Settings go on and are chosen by the validation set alone, and USAM's radius is a length. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import type { Row } from "@nonconvex/evidence/Experiment"
import { Kernels } from "@nonconvex/numerics"
import { Effect, Layer } from "effect"
import { normalisationAndRobustness as experiment } from "../../../src/evidence/experiments/NormalisationAndRobustness.ts"

const data = Datasets.layer.pipe(Layer.provide(NodeServices.layer))

/** The rows at the smallest size, with four settings of SGD and two of each other method at each of four rates. */
const rows = Effect.runSync(
  Effect.cached(
    Effect.gen(function* () {
      const smoke: Readonly<Record<string, unknown>> = experiment.preset("smoke")
      const { rowsOf } = experiment.configure({
        ...smoke,
        batchNormalisation: [true],
        validationPerClass: 10,
        radii: [0.05, 0.2],
        learningRates: [0.01, 0.05, 0.2, 0.8],
        kept: 0.5,
      })
      return yield* rowsOf(0, 1, { kernels: Kernels.strict() }, data)
    }),
  ),
)

const ofRound = (all: ReadonlyArray<Row>, round: number, method: string): ReadonlyArray<Row> =>
  all.filter((row) => row["round"] === round && row["method"] === method)

const setting = ({ learningRate, method, radius }: Row): string =>
  JSON.stringify([method, learningRate, radius])

const validation = (row: Row): number => Number(row["validationAccuracy"])

describe("normalisation and robustness", () => {
  it.effect.each(["SGD", "SAM", "USAM"])("the better half of %s goes on", (method) =>
    Effect.gen(function* () {
      const all = yield* rows
      const first = ofRound(all, 1, method)
      const second = ofRound(all, 2, method).map(setting)
      assert.lengthOf(second, first.length / 2)
      const least = Math.min(
        ...first.filter((row) => second.includes(setting(row))).map(validation),
      )
      const largest = Math.max(
        ...first.filter((row) => !second.includes(setting(row))).map(validation),
      )
      assert.isAtLeast(least, largest)
    }),
  )

  it.effect(
    "one run is chosen of a round, and one of each method, of the highest validation accuracy",
    () =>
      Effect.gen(function* () {
        const all = yield* rows
        for (const round of [1, 2]) {
          const own = all.filter((row) => row["round"] === round)
          const chosen = own.filter((row) => row["chosen"] === true)
          assert.lengthOf(chosen, 1)
          assert.strictEqual(validation(chosen[0]!), Math.max(...own.map(validation)))
          assert.lengthOf(
            own.filter((row) => row["chosenOfMethod"] === true),
            3,
          )
          for (const row of own.filter(({ failed }) => failed === false)) {
            assert.strictEqual(
              row["shortfall"],
              Number(chosen[0]!["testAccuracy"]) - Number(row["testAccuracy"]),
            )
          }
        }
      }),
  )

  it.effect("the factors of USAM are the radii of SAM over one length of a gradient", () =>
    Effect.gen(function* () {
      const all = yield* rows
      const per = ofRound(all, 1, "USAM").map(
        (row) => Number(row["radius"]) / Number(row["coefficient"]),
      )
      for (const each of per) assert.closeTo(each, per[0]!, 1e-12 * per[0]!)
      for (const row of ofRound(all, 1, "SAM")) assert.strictEqual(row["length"], row["radius"])
      // a small radius at a small rate hardly moves the path: the mean length is about the radius
      const gentle = ofRound(all, 1, "USAM")[0]!
      assert.isAbove(Number(gentle["length"]) / Number(gentle["radius"]), 0.5)
      assert.isBelow(Number(gentle["length"]) / Number(gentle["radius"]), 2)
    }),
  )
})
