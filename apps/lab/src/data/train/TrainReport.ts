/** What a training came to. */
import { Epoch, type Quality, Recipe, Sharpness, Trained } from "@nonconvex/optim-sam/evidence"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"

/** What `train --json` prints. */
export const TrainReport = Schema.Struct({
  data: Schema.Struct({
    name: Schema.String,
    trainSamples: Schema.Int,
    testSamples: Schema.Int,
    features: Schema.Int,
    notice: Schema.String,
  }),
  network: Schema.String,
  parameters: Schema.Int,
  method: Schema.String,
  base: Recipe.fields.base,
  steps: Schema.Int,
  learningRate: Schema.Finite,
  radius: Schema.Finite,
  /** Euclidean length of the last perturbation; for groups, which have one each, that of the training loss at the end. */
  perturbation: Schema.Finite,
  seed: Schema.Int,
  kernels: KernelsName,
  seconds: Schema.Finite,
  loss: Schema.Number,
  train: Trained.fields.train,
  test: Trained.fields.test,
  epochs: Schema.Array(Epoch),
  sharpness: Sharpness,
  /** Steps at which only the perturbed gradient vanished: many of them call for a smaller radius. */
  falseMinima: Schema.Int,
})
export type TrainReport = typeof TrainReport.Type

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

export const quality = (measured: Quality): string =>
  measured._tag === "Accuracy"
    ? percent(measured.accuracy)
    : `error ${Table.margin(measured.rootMeanSquare)}, ${
        measured.explained === undefined
          ? "of a target without variance"
          : `${percent(measured.explained)} of variance explained`
      }`

/** At most this many epochs are listed, evenly spaced and with the last. */
const mostEpochs = 10

const listed = (epochs: TrainReport["epochs"]): TrainReport["epochs"] => {
  const every = Math.ceil(epochs.length / mostEpochs)
  return epochs.filter(({ epoch }) => epoch % every === 0 || epoch === epochs.length)
}

const orNothing = (value: number): string => (Number.isNaN(value) ? "" : Table.margin(value))

const traceOf = ({ trace, traceStandardError }: Sharpness): string =>
  traceStandardError === 0
    ? `${Table.margin(trace)} (exact)`
    : `${Table.margin(trace)} ± ${Table.margin(traceStandardError)}`

const epochsTable = (epochs: TrainReport["epochs"]): string =>
  Table.render(
    ["EPOCH", "LOSS", "TEST", "TRACE", "DIRECTIONAL SHARPNESS"],
    listed(epochs).map(({ directionalSharpness, epoch, loss, test, trace }) => [
      String(epoch),
      Table.margin(loss),
      quality(test),
      orNothing(trace),
      orNothing(directionalSharpness),
    ]),
  )

const baseline = (measured: Quality): string =>
  measured._tag === "Accuracy"
    ? ` (the most frequent class alone: ${percent(measured.baseline)})`
    : ""

const caveat = ({ base }: TrainReport): string =>
  base === "sgd" ? "" : ` These are the numbers of sgd; ${base} has others.`

/** The report for a person at a terminal. */
export const render = (report: TrainReport): string => {
  const { data, sharpness } = report
  return [
    `${data.name}: ${Table.count(data.trainSamples)} training and ${Table.count(data.testSamples)} test rows of ${Table.plural(data.features, "feature")}`,
    `${report.network}, ${Table.count(report.parameters)} parameters`,
    `${report.method}, ${Table.plural(report.steps, "step")} in ${Table.duration(report.seconds)}, seed ${report.seed}`,
    "",
    epochsTable(report.epochs),
    "",
    `train      ${quality(report.train)}, loss ${Table.margin(report.loss)}`,
    `test       ${quality(report.test)}${baseline(report.test)}`,
    `sharpness  top eigenvalue ${Table.margin(sharpness.topEigenvalue)} (within ${Table.margin(sharpness.residual)}), trace ${traceOf(sharpness)}`,
    `advice     ${sharpness.advice.summary}${caveat(report)}`,
    ...(report.falseMinima === 0
      ? []
      : [
          `warning    at ${Table.plural(report.falseMinima, "step")} only the perturbed gradient vanished: this is no minimum of the loss; lower the radius or end with plain steps`,
        ]),
  ].join("\n")
}
