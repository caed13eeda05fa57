/** Figures of the quadratic models: two clusters of inputs, and the learning rate at which each is catapulted. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { descentOf } from "../../descent/Descent.ts"
import { ntkArchitecture, signedStart } from "../../network/NtkArchitecture.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { frozenGates } from "../../network/QuadraticModel.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import * as Theory from "../../theory/index.ts"
import { Model } from "../support/ImageModels.ts"
import { converted } from "../support/Paper.ts"
import { peak } from "../support/Table.ts"

const Columns = Schema.Struct({
  model: Model,
  kappa: Schema.Finite,
  /** e times the second eigenvalue at the start. */
  secondKappa: Schema.Finite,
  step: Schema.Int,
  loss: Schema.Number,
  /** Effective step times curvature along the initial eigenvectors, in any current order. */
  first: Schema.Number,
  second: Schema.Number,
  /** The loss outside the two. */
  rest: Schema.Number,
})

type Row = typeof Columns.Type

/** Scalar inputs around 2 and -2, by their label. */
const clusters = (samples: number, seed: Seed.Seed) => {
  const stream = RandomStream.make(seed)
  const labels = Float64Array.from({ length: samples }, (_, k) => (k % 2 === 0 ? 1 : -1))
  return { labels, features: labels.map((label) => 2 * label + stream.normal()) }
}

const reference = {
  samples: 128,
  width: 5000,
  models: Model.literals,
  kappas: [1.5, 2.2, 3.2],
  steps: 40,
}

/** Values of a run without rows. */
const missing = { secondKappa: NaN, loss: NaN, first: NaN, second: NaN, rest: NaN }

const ofRun = (rows: ReadonlyArray<Row>, model: Model, kappa: number) =>
  rows.filter((row) => row.model === model && row.kappa === kappa)

export const quadraticModels = Experiment.table({
  id: "catapults/quadratic-models",
  title: "Quadratic models catapult like networks; linear models diverge",
  source: converted("Figures 3 and 5"),
  question:
    "At which learning rate is each eigendirection catapulted, in the network, its quadratic model and its linear model?",
  paperScale: "The companion article has 128 samples and a width of 5000, as the paper preset has.",
  config: Schema.Struct({
    samples: Schema.Int.check(Schema.isGreaterThan(3)),
    width: Count,
    models: Schema.Array(Model),
    /** e times the largest eigenvalue at the start. */
    kappas: Schema.Array(Positive),
    steps: Count,
  }),
  columns: Columns,
  presets: {
    smoke: { ...reference, samples: 32, width: 1000, steps: 60 },
    fast: { ...reference, samples: 64, width: 2000 },
    paper: reference,
  },
  paperSeconds: 4,
  cases: ({ kappas, models }) =>
    models.flatMap((model) => kappas.map((kappa) => ({ model, kappa }))),
  row: ({ kappa, model }, { config, kernels, seed }) => {
    const { samples: n, steps, width } = config
    const { features, labels } = clusters(n, seed.child("data"))
    const architecture = ntkArchitecture({ widths: [1, width] })
    const loss = meanSquared(labels)
    const c = loss.factor(n)
    const start = signedStart(architecture, seed.child("start"))
    const network =
      model === "network"
        ? ntkNetwork({ architecture, features, kernels })
        : frozenGates({ architecture, features, at: start, kernels })
    const descent = descentOf(network, loss, start)
    const kernel = new Float64Array(n * n)
    descent.evaluate()
    descent.tangentKernel(kernel)
    const pairs = TangentKernel.topOfKernel(kernel, n, { count: 2, kernels })
    const rate = kappa / Theory.effectiveStep(c, pairs.values[0]!)
    const e = Theory.effectiveStep(c, rate)
    const linear = descent.predictions.slice()
    const rowOfKernel = (i: number) => kernel.subarray(i * n, (i + 1) * n)
    const along = (j: number) => {
      const v = pairs.vectors.subarray(j * n, (j + 1) * n)
      let sum = 0
      for (let i = 0; i < n; i++) sum += v[i]! * Vector.dot(rowOfKernel(i), v)
      return e * sum
    }
    const rows: Array<Row> = []
    for (let step = 0; step < steps; step++) {
      const isLinear = model === "linear model"
      const predictions = isLinear ? linear : descent.predictions
      const value = isLinear ? loss.evaluate(linear, new Float64Array(n)) : descent.evaluate()
      if (!(value < 1e7)) break
      if (!isLinear) descent.tangentKernel(kernel)
      const residual = predictions.map((f, i) => f - labels[i]!)
      rows.push({
        model,
        kappa,
        secondKappa: e * pairs.values[1]!,
        step,
        loss: value,
        first: along(0),
        second: along(1),
        rest: TangentKernel.decompose(pairs, residual, c).rest,
      })
      if (isLinear) {
        for (let i = 0; i < n; i++) linear[i]! -= e * Vector.dot(rowOfKernel(i), residual)
      } else descent.move(rate)
    }
    return rows
  },
  figures: (rows) => [
    Figure.lines({
      id: "loss",
      title: "Training loss",
      conclusion:
        "Above the limit of 2 the network and its quadratic model spike and recover; the linear model diverges.",
      rows: rows.filter(({ loss }) => loss < 1e4),
      x: { field: "step", title: "step" },
      y: { field: "loss", title: "training loss", scale: "log" },
      series: { field: "model", title: "model" },
      panel: { field: "kappa", title: "e lambda at the start" },
    }),
    Figure.lines<Row>({
      id: "kernel",
      title: "The kernel along the first initial eigenvector",
      conclusion: "In a catapult e lambda falls below 2, and the order of the eigenvalues changes.",
      where: { model: ["network", "quadratic model"] },
      x: { field: "step", title: "step" },
      y: { field: "first", title: "e lambda along the first eigenvector" },
      series: { field: "model", title: "model" },
      panel: { field: "kappa", title: "e lambda at the start" },
    }),
  ],
  expectations: (rows, { kappas, models }) => {
    const [low, middle, high] = kappas as [number, number, number]
    const rise = (model: Model, kappa: number) => {
      const run = ofRun(rows, model, kappa)
      return peak(run) / (run[0] ?? missing).loss
    }
    const endOf = (model: Model, kappa: number) => ofRun(rows, model, kappa).at(-1) ?? missing
    const first = ofRun(rows, "quadratic model", middle)[0] ?? missing
    const last = endOf("quadratic model", middle)
    const [both, fixed] = (["quadratic model", "linear model"] as const).map((model) =>
      endOf(model, high),
    )
    // two eigenvalues that are close are past the limit together
    const isBetween = first.secondKappa < 1.95
    const below = (model: Model) => ({
      control: "below the limit",
      observed: rise(model, low),
    })
    return [
      Expectation.atMost(
        "Peak loss / initial loss below the limit",
        models.map((model) => rise(model, low)),
        1.01,
        { control: "past it", observed: models.map((model) => rise(model, middle)) },
      ),
      Expectation.atLeast(
        "Peak loss / initial loss of the quadratic model above the limit",
        rise("quadratic model", middle),
        3,
        below("quadratic model"),
      ),
      Expectation.atLeast(
        "Peak loss / initial loss of the network above the limit",
        rise("network", middle),
        3,
        below("network"),
      ),
      Expectation.atLeast(
        "Peak loss / initial loss of the linear model above the limit",
        rise("linear model", middle),
        100,
        below("linear model"),
      ),
      Expectation.atMost(
        "Between the two limits, final e lambda along the first eigenvector",
        last.first,
        2,
        { control: "the linear model", observed: endOf("linear model", middle).first },
      ),
      ...(isBetween
        ? [
            Expectation.within(
              "Between the two limits, final / initial e lambda along the second eigenvector",
              last.second / first.second,
              1,
              { relative: 0.05 },
              {
                control: "the first eigenvector, which changes",
                observed: last.first / first.first,
              },
            ),
          ]
        : []),
      Expectation.atMost(
        "Above both limits, final e lambda along both eigenvectors",
        [both!.first, both!.second],
        2,
        {
          control: "the linear model",
          observed: [fixed!.first, fixed!.second],
        },
      ),
      Expectation.within(
        "Final / initial loss of the quadratic model outside of the two eigenvectors",
        last.rest / first.rest,
        1,
        { relative: 1e-6 },
        {
          control: "the loss within them instead",
          observed: (last.loss - last.rest) / (first.loss - first.rest),
        },
      ),
    ]
  },
})
