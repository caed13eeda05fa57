/** R1 and R3: forced catapults raise the alignment and lower the test loss, at equal training loss. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import type { Seed } from "@nonconvex/numerics"
import { Effect, Schema, Stream } from "effect"
import { catapultDescent } from "../CatapultDescent.ts"
import { recalled } from "../claims/Paper.ts"
import { descentOf } from "../Descent.ts"
import { raising } from "../RateControl.ts"
import * as TangentKernel from "../TangentKernel.ts"
import * as Theory from "../Theory.ts"
import { productTask } from "../tasks/ProductTask.ts"
import * as Pace from "../Pace.ts"
import { distinct, mean } from "./Table.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

const Config = Schema.Struct({
  inputs: Count,
  width: Count,
  samples: Count,
  /** Forced catapults of each run. */
  raises: Schema.Array(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  seeds: Count,
  /** Rate of a raise, over the critical one. */
  multiple: Schema.Finite.check(Schema.isGreaterThan(1)),
  tolerance: Schema.Finite.check(Schema.isGreaterThan(0)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  raises: Schema.Int,
  seed: Schema.Int,
  outcome: Schema.String,
  steps: Schema.Int,
  spikes: Schema.Int,
  trainLoss: Schema.Number,
  testLoss: Schema.Number,
  alignment: Schema.Number,
  baseline: Schema.Finite,
  /** lambda / n at the end. */
  kernel: Schema.Number,
})
type Row = typeof Row.Type

const rank = 2

const one = Effect.fnUntraced(function* (
  config: Config,
  raises: number,
  k: number,
  root: Seed.Seed,
) {
  const { inputs, multiple, samples: n, tolerance, width } = config
  const task = productTask({ inputs, width, samples: n, rank, testSamples: 2000 }, root.child(k))
  const descent = descentOf(task.network, task.loss, task.start)
  const run = yield* Pace.finish(
    catapultDescent(descent, {
      control: raising({ raises, multiple }),
      factor: task.loss.factor(n),
      tolerance,
    }),
  )
  const isLost = run.outcome() === "diverged"
  const kernel = new Float64Array(n * n)
  if (!isLost) descent.tangentKernel(kernel)
  const quality = isLost
    ? { testLoss: Number.NaN, alignment: Number.NaN }
    : task.quality(descent.parameters())
  return {
    raises,
    seed: k,
    outcome: run.outcome(),
    steps: run.steps(),
    spikes: run.spikes().length,
    trainLoss: run.loss(),
    ...quality,
    baseline: Theory.isotropicAlignment(rank, inputs),
    kernel: isLost ? Number.NaN : TangentKernel.topEigenvalue(kernel, n) / n,
  }
})

const reference: Config = {
  inputs: 30,
  width: 512,
  samples: 512,
  raises: [0, 1, 2, 3],
  seeds: 5,
  multiple: 1.3,
  tolerance: 1e-3,
}

const per = (rows: ReadonlyArray<Row>, field: (row: Row) => number) =>
  distinct(rows, ({ raises }) => raises).map(
    (raises) => [`${raises} raises`, mean(rows, field, (row) => row.raises === raises)] as const,
  )

export const forcedCatapults = experiment<Config, Row>({
  id: "catapults/forced-catapults",
  title: "Forced catapults, at equal training loss",
  source: recalled("Section 4: gradient descent with several catapults, rank-2 regression"),
  question: "Does each catapult raise the alignment of the AGOP and lower the test loss?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, inputs: 20, width: 256, samples: 256, raises: [0, 2], seeds: 1 },
    fast: { ...reference, raises: [0, 1, 2], inputs: 20, width: 256, samples: 256, seeds: 5 },
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
      title: "Alignment and test loss",
      caption:
        "Each point is a run to the same training loss: more catapults, more alignment with the true AGOP, a smaller test loss.",
      rows,
      x: { field: "alignment", title: "alignment with the true AGOP" },
      y: { field: "testLoss", title: "test loss", scale: "log" },
      series: { field: "raises", title: "forced catapults" },
    }),
  ],
  expectations: (rows) => [
    Expectation.that(
      "Every run fits",
      rows.every(({ outcome }) => outcome === "fitted"),
      distinct(rows, ({ outcome }) => outcome).join(", "),
      "fitted",
    ),
    Expectation.increasing(
      "The mean test loss falls with the number of catapults",
      per(rows, ({ testLoss }) => testLoss).toReversed(),
    ),
    Expectation.increasing(
      "The mean alignment rises with the first two catapults",
      per(rows, ({ alignment }) => alignment).slice(0, 3),
    ),
    Expectation.atLeast(
      "Every run counts at least the forced spikes",
      Math.min(...rows.map(({ raises, spikes }) => spikes - raises)),
      0,
    ),
    Expectation.increasing(
      "The kernel ends smaller with the number of catapults",
      per(rows, ({ kernel }) => kernel).toReversed(),
    ),
    Expectation.atLeast(
      "The alignment is far above that of no learning",
      Math.min(...rows.map(({ alignment, baseline }) => alignment / baseline)),
      2,
    ),
  ],
})
