/** Catapults of the cross entropy: the question that the paper left open to its reviewers. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import type { Seed } from "@nonconvex/numerics"
import { Effect, Schema, Stream } from "effect"
import { catapultDescent } from "../CatapultDescent.ts"
import { derived } from "../claims/Paper.ts"
import { descentOf } from "../Descent.ts"
import { logisticLoss } from "../OutputLoss.ts"
import { raising } from "../RateControl.ts"
import * as TangentKernel from "../TangentKernel.ts"
import * as Agop from "../Agop.ts"
import { ntkNetwork } from "../NtkNetwork.ts"
import { productTask } from "../tasks/ProductTask.ts"
import * as Pace from "../Pace.ts"
import { distinct, mean } from "./Table.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

const Config = Schema.Struct({
  inputs: Count,
  width: Count,
  samples: Count,
  raises: Schema.Array(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  multiple: Schema.Finite.check(Schema.isGreaterThan(1)),
  tolerance: Schema.Finite.check(Schema.isGreaterThan(0)),
  seeds: Count,
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  raises: Schema.Int,
  seed: Schema.Int,
  outcome: Schema.String,
  steps: Schema.Int,
  spikes: Schema.Int,
  trainLoss: Schema.Number,
  accuracy: Schema.Number,
  alignment: Schema.Number,
})
type Row = typeof Row.Type

/** The quadrants of two coordinates as classes: the sign of the product that the regression is on. */
const one = Effect.fnUntraced(function* (
  config: Config,
  raises: number,
  k: number,
  root: Seed.Seed,
) {
  const { inputs, multiple, samples: n, tolerance, width } = config
  const task = productTask({ inputs, width, samples: n, rank: 2, testSamples: 2000 }, root.child(k))
  const loss = logisticLoss(task.targets.map((y) => (y > 0 ? 1 : -1)))
  const descent = descentOf(task.network, loss, task.start)
  const run = yield* Pace.finish(
    catapultDescent(descent, {
      control: raising({ raises, multiple, first: 20, gap: 40 }),
      factor: 1 / n,
      tolerance,
      budget: 4000,
      criticalRate: () => TangentKernel.criticalRate(task.network, loss, descent.parameters()),
    }),
  )
  const isLost = run.outcome() === "diverged"
  const theta = descent.parameters()
  const tested = ntkNetwork({ architecture: task.architecture, features: task.test.features })
  const predictions = new Float64Array(tested.size)
  tested.predict(theta, predictions)
  const correct = predictions.reduce(
    (sum, f, i) => sum + (f * task.test.targets[i]! > 0 ? 1 : 0),
    0,
  )
  return {
    raises,
    seed: k,
    outcome: run.outcome(),
    steps: run.steps(),
    spikes: run.spikes().length,
    trainLoss: run.loss(),
    accuracy: isLost ? Number.NaN : correct / predictions.length,
    alignment: isLost
      ? Number.NaN
      : Agop.alignment(Agop.agop(tested, theta), Agop.ofProduct(2, inputs)),
  }
})

const reference: Config = {
  inputs: 30,
  width: 512,
  samples: 512,
  raises: [0, 1, 2],
  multiple: 1.6,
  tolerance: 0.02,
  seeds: 5,
}

const per = (rows: ReadonlyArray<Row>, field: (row: Row) => number) =>
  distinct(rows, ({ raises }) => raises).map(
    (raises) => [`${raises} raises`, mean(rows, field, (row) => row.raises === raises)] as const,
  )

export const crossEntropy = experiment<Config, Row>({
  id: "catapults/cross-entropy",
  title: "Catapults of the cross entropy, at equal training loss",
  source: derived("the paper studies squared losses alone (as recalled)"),
  question:
    "Does a rate past 2 / lambda(J' diag(p (1 - p)) J / n) catapult the cross entropy, and does that align features?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, inputs: 20, width: 128, samples: 256, raises: [0, 2], seeds: 1 },
    fast: { ...reference, inputs: 20, width: 256, samples: 256, seeds: 3 },
    paper: reference,
  },
  rows: ({ raises, seeds }) => raises.length * seeds,
  run: (config, seed) =>
    Stream.fromIterable(
      config.raises.flatMap((raises) =>
        Array.from({ length: config.seeds }, (_, k) => ({ raises, k })),
      ),
    ).pipe(Stream.mapEffect(({ k, raises }) => one(config, raises, k, seed))),
  figures: (rows) => [
    Figure.points({
      id: "alignment",
      title: "Alignment and test accuracy",
      caption: "Each point is a run to the same cross entropy.",
      rows,
      x: { field: "alignment", title: "alignment with the true AGOP of the product" },
      y: { field: "accuracy", title: "test accuracy" },
      series: { field: "raises", title: "forced catapults" },
    }),
  ],
  expectations: (rows) => [
    Expectation.that(
      "All runs end at the same training loss",
      rows.every(({ outcome }) => outcome === "fitted"),
      distinct(rows, ({ outcome }) => outcome).join(", "),
      "fitted",
    ),
    Expectation.increasing(
      "The mean alignment rises with the number of raises",
      per(rows, ({ alignment }) => alignment),
    ),
    Expectation.increasing(
      "The mean test accuracy rises with the number of raises",
      per(rows, ({ accuracy }) => accuracy),
    ),
  ],
})
