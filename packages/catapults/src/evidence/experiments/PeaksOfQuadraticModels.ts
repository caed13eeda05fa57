/** Figure 8 of the companion paper: the height of a catapult and the kernel after it, by setting. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { type Descent, descentOf } from "../../descent/Descent.ts"
import { normalStart, ntkArchitecture } from "../../network/NtkArchitecture.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared, sumSquared } from "../../network/OutputLoss.ts"
import { taylorModel } from "../../network/QuadraticModel.ts"
import { converted } from "../support/Paper.ts"
import { peak } from "../support/Table.ts"

const Model = Schema.Literals(["quadratic model", "network"])

type Model = typeof Model.Type

const Config = Schema.Struct({
  /** Parameters of the quadratic model, and inputs of the network. */
  inputs: Count,
  /** Curvatures gamma of `<phi, w> + gamma w' Sigma w / 2`. */
  curvatures: Schema.Array(Positive),
  widths: Schema.Array(Count),
  /** Samples of the network; the quadratic model has one. */
  samples: Count,
  /**
   * Effective step times the largest eigenvalue of the tangent kernel at the start, ascending; below 2 there is no
   * catapult.
   */
  kappas: Schema.Array(Positive),
  steps: Count,
})

type Config = typeof Config.Type

const Columns = Schema.Struct({
  model: Model,
  /** gamma, or the width. */
  size: Schema.Finite,
  kappa: Schema.Finite,
  step: Schema.Int,
  loss: Schema.Number,
  /** e times the largest eigenvalue. */
  kernel: Schema.Number,
})

type Row = typeof Columns.Type

type Case = Pick<Row, "model" | "size" | "kappa">

const casesOf = ({ curvatures, kappas, widths }: Config): ReadonlyArray<Case> => {
  const at = (model: Model, sizes: ReadonlyArray<number>) =>
    sizes.flatMap((size) => kappas.map((kappa) => ({ model, size, kappa })))
  return [...at("quadratic model", curvatures), ...at("network", widths)]
}

/**
 * Quadratic model with `phi = x / |x|` of one input x and a diagonal Sigma of random signs; its tangent kernel is 1 up
 * to gamma.
 */
const quadraticModel = (
  d: number,
  gamma: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Descent => {
  const stream = RandomStream.make(seed)
  const [x, start] = [new Float64Array(d), new Float64Array(d)]
  stream.fillNormal(x)
  stream.fillNormal(start)
  const norm = Vector.norm(x)
  const hessians = new Float64Array(d * d)
  for (let j = 0; j < d; j++) hessians[j * d + j] = stream.uniform() < 0.5 ? -gamma : gamma
  const model = taylorModel({
    predictions: Float64Array.of(0),
    jacobian: x.map((value) => value / norm),
    hessians,
    kernels,
  })
  return descentOf(model, sumSquared(Float64Array.of(1)), start)
}

/** Two layers on standard normal inputs, with labels of random sign. */
const networkOf = (
  { inputs, samples }: Config,
  width: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Descent => {
  const stream = RandomStream.make(seed.child("data"))
  const features = new Float64Array(samples * inputs)
  stream.fillNormal(features)
  const labels = Float64Array.from({ length: samples }, () => (stream.uniform() < 0.5 ? -1 : 1))
  const architecture = ntkArchitecture({ widths: [inputs, width] })
  const start = normalStart(architecture, seed.child("start"))
  const network = ntkNetwork({ architecture, features, kernels })
  return descentOf(network, meanSquared(labels), start)
}

const reference: Config = {
  inputs: 100,
  curvatures: [1e-2, 1e-3, 1e-4],
  widths: [1000, 3000, 10_000],
  samples: 20,
  kappas: [1.4, 1.8, 2.4, 2.6, 2.8],
  steps: 120,
}

const runOf = (rows: ReadonlyArray<Row>, of: Case) =>
  rows.filter(
    ({ kappa, model, size }) => model === of.model && size === of.size && kappa === of.kappa,
  )

const end = (rows: ReadonlyArray<Row>) => rows.at(-1)?.kernel ?? Number.NaN

const first = (rows: ReadonlyArray<Row>) => rows[0] ?? { loss: Number.NaN, kernel: Number.NaN }

/** The largest loss divided by the loss at the start. */
const rise = (rows: ReadonlyArray<Row>) => peak(rows) / first(rows).loss

/** Final over initial kernel of each run, divided by that of the previous run. */
const fallsFurther = (runs: ReadonlyArray<ReadonlyArray<Row>>) => {
  const left = runs.map((run) => end(run) / first(run).kernel)
  return left.slice(1).map((value, k) => value / left[k]!)
}

export const peaksOfQuadraticModels = Experiment.table({
  id: "catapults/peaks-of-quadratic-models",
  title: "The height of a catapult, and the kernel after it",
  source: converted("Figure 8; network data, starts and labels are ours"),
  question:
    "Do curvature, width and learning rate determine the peak of the loss, and does the learning rate alone determine the final kernel?",
  paperScale:
    "The companion article has quadratic models of 100 parameters, and networks up to a width of 10,000 on 20 samples, as the paper preset has.",
  config: Config,
  columns: Columns,
  presets: {
    smoke: {
      ...reference,
      curvatures: [1e-2, 1e-3],
      widths: [300, 1000],
      kappas: [1.4, 1.8, 2.4, 2.8],
    },
    fast: { ...reference, widths: [300, 1000, 3000] },
    paper: reference,
  },
  paperSeconds: 3,
  cases: casesOf,
  row: ({ kappa, model, size }, { config, kernels, seed }) => {
    const { inputs, steps } = config
    const descent =
      model === "network"
        ? networkOf(config, size, seed.child(model), kernels)
        : quadraticModel(inputs, size, seed.child(model), kernels)
    descent.evaluate()
    // e lambda is 2 at the critical rate, whatever the factor of the loss
    const rate = (kappa / 2) * descent.criticalRate()
    const rows: Array<Row> = []
    for (let step = 0; step < steps; step++) {
      const loss = descent.evaluate()
      if (!(loss < 1e12)) break
      const kernel = (2 * rate) / descent.criticalRate()
      rows.push({ model, size, kappa, step, loss, kernel })
      descent.move(rate)
    }
    return rows
  },
  figures: (_rows, { curvatures, kappas, widths }) =>
    (["quadratic model", "network"] as const).flatMap((model) => {
      const name = model === "network" ? "width" : "curvature"
      const largest = kappas.at(-1)!
      const smooth = model === "network" ? widths.at(-1)! : curvatures.at(-1)!
      const step = { field: "step", title: "step" } as const
      const kernel = { field: "kernel", title: "e lambda" } as const
      const series = { field: "size", title: name } as const
      const bySize = { where: { model, kappa: largest }, x: step, series }
      return [
        Figure.lines<Row>({
          ...bySize,
          id: `${name}-loss`,
          title: `Training loss by ${name}`,
          conclusion: `At the largest learning rate, the peak is higher and later if the ${model === "network" ? "network is wider" : "curvature is smaller"}.`,
          // the square of a rounding error, and of none at all
          y: { field: "loss", title: "training loss", scale: "log", floor: 1e-32 },
        }),
        Figure.lines<Row>({
          ...bySize,
          id: `${name}-kernel`,
          title: `Tangent kernel by ${name}`,
          conclusion: `The final kernel does not depend on the ${name}.`,
          y: kernel,
        }),
        Figure.lines<Row>({
          id: `${name}-rates`,
          title: `Tangent kernel of the ${model} by learning rate`,
          conclusion: "The kernel falls further at larger learning rates.",
          where: { model, size: smooth },
          x: step,
          y: kernel,
          series: { field: "kappa", title: "e lambda at the start" },
        }),
      ]
    }),
  expectations: (rows, { curvatures, kappas, widths }) => {
    const [calm, past] = [true, false].map((isCalm) =>
      kappas.filter((kappa) => kappa < 2 === isCalm),
    )
    const below = "below the critical learning rate"
    const of = (model: Model, sizes: ReadonlyArray<number>) => {
      const runs = (size: number, some: ReadonlyArray<number>) =>
        some.map((kappa) => runOf(rows, { model, size, kappa }))
      const bySize = (some: ReadonlyArray<number>) =>
        sizes.flatMap((size) => runs(size, some.slice(-1)))
      const byRate = (some: ReadonlyArray<number>) => runs(sizes.at(-1)!, some)
      const all = [...bySize(past!), ...byRate(past!)]
      const namedSizes = (some: ReadonlyArray<number>) =>
        bySize(some).map((run, k) => [String(sizes[k]), rise(run)] as const)
      const namedRates = (some: ReadonlyArray<number>) =>
        byRate(some).map((run, k) => [`e lambda ${some[k]}`, rise(run)] as const)
      const spread = (values: ReadonlyArray<number>) =>
        Summary.largest(values) / Summary.smallest(values)
      const unit = model === "network" ? "a larger width" : "a smaller curvature"
      return [
        Expectation.increasing(
          `${model}: ${unit} increases peak loss / initial loss`,
          namedSizes(past!),
          { control: below, observed: namedSizes(calm!) },
        ),
        Expectation.increasing(
          `${model}: a larger learning rate increases peak loss / initial loss`,
          namedRates(past!),
          { control: below, observed: namedRates(calm!) },
        ),
        Expectation.atMost(
          `${model}: final kernel at a learning rate / at the next smaller one`,
          fallsFurther(byRate(past!)),
          0.9,
          { control: below, observed: fallsFurther(byRate(calm!)) },
        ),
        Expectation.atMost(`${model}: final kernel of every run`, all.map(end), 2, {
          control: "at the start",
          observed: all.map((run) => first(run).kernel),
        }),
        Expectation.atMost(
          `${model}: final loss / initial loss of every run`,
          all.map((run) => (run.at(-1)?.loss ?? Number.NaN) / first(run).loss),
          1,
          { control: "at the peak", observed: all.map(rise) },
        ),
        Expectation.atMost(
          `${model}: largest / smallest final kernel over ${model === "network" ? "widths" : "curvatures"}`,
          spread(bySize(past!).map(end)),
          1.25,
          { control: "other learning rates", observed: spread(byRate(past!).map(end)) },
        ),
      ]
    }
    return [...of("quadratic model", curvatures), ...of("network", widths)]
  },
})
