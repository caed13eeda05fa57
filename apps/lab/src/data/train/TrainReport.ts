/** Report of `train`. */
import { Epoch, Sharpness, Trained } from "@nonconvex/optim-sam/operations"
import * as Figure from "@nonconvex/figures"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import * as FileInterpretation from "./FileInterpretation.ts"
import * as ComparisonText from "./ComparisonText.ts"
import * as MethodChoice from "./MethodChoice.ts"
import * as SeenRows from "./SeenRows.ts"
import * as Validation from "./Validation.ts"

/** JSON of `train`. */
export const TrainReport = Schema.Struct({
  data: Schema.Struct({
    name: Schema.String,
    trainSamples: Schema.Int,
    /** Number of rows of the validation set, for early stopping. */
    validationSamples: Schema.Int,
    testSamples: Schema.Int,
    features: Schema.Int,
    notice: Schema.String,
    /** Interpretation of a file. */
    read: Schema.optionalKey(FileInterpretation.Read),
    /** Interpretation of images. */
    images: Schema.optionalKey(Schema.Array(Schema.String)),
  }),
  /** Source network of --from: its file, its kind and its interpretation. */
  from: Schema.optionalKey(
    Schema.Struct({
      path: Schema.String,
      format: Schema.Literals(["nonconvex", "safetensors", "npz", "keras", "h5", "tfjs", "onnx"]),
      notes: Schema.Array(Schema.String),
      /** Test rows that its earlier training may have seen; absent if there are none. */
      seen: Schema.optionalKey(SeenRows.SeenRows),
    }),
  ),
  network: Schema.String,
  parameters: Schema.Int,
  method: Schema.String,
  base: Trained.fields.base,
  steps: Schema.Int,
  learningRate: Schema.Finite,
  /** Larger rates that did not train, if no rate was given. */
  tooLarge: Schema.Array(Schema.Finite),
  radius: Schema.Finite,
  /**
   * Euclidean length of the last perturbation; for groups, each with its own, that of the perturbation of the final training
   * loss.
   */
  perturbation: Schema.Finite,
  seed: Schema.Int,
  kernels: KernelsName,
  seconds: Schema.Finite,
  loss: Schema.Number,
  /** Training loss of the best constant. */
  constantLoss: Schema.Number,
  train: Trained.fields.train,
  test: Trained.fields.test,
  /** Number of test rows of each class, and the share predicted correctly; absent for a regression. */
  recall: Schema.optionalKey(
    Schema.Array(Schema.Struct({ class: Schema.String, rows: Schema.Int, recall: Schema.Number })),
  ),
  /** Value of --class-weights. */
  classWeights: Schema.optionalKey(Schema.String),
  epochs: Schema.Array(Epoch),
  /** Epoch of these parameters. */
  bestEpoch: Schema.Int,
  /** Absent for a network on images. */
  sharpness: Schema.optionalKey(Sharpness),
  /** Number of steps at which only the perturbed gradient vanished; many of them call for a smaller radius. */
  falseMinima: Schema.Int,
  crossValidation: Schema.optionalKey(Validation.CrossValidation),
  /** Comparison that chose the method or its radius; absent if they were given, or could not be compared. */
  comparison: Schema.optionalKey(MethodChoice.Comparison),
  /** The method or radius that was assumed because none could be compared, and why. */
  unchosen: Schema.optionalKey(Schema.String),
  /** Flags that were not given, with the values that were taken. */
  assumed: Schema.Array(Schema.String),
  /** With --advise: the radius chosen on held-out rows, and its effect on others. */
  radiusAdvice: Schema.optionalKey(Validation.RadiusAdvice),
})
export type TrainReport = typeof TrainReport.Type

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

export const quality = (measured: Trained["test"]): string =>
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

const traceOf = ({
  trace,
  traceStandardError,
}: Pick<Sharpness, "trace" | "traceStandardError">): string =>
  traceStandardError === 0
    ? `${Table.margin(trace)} (exact)`
    : `${Table.margin(trace)} ± ${Table.margin(traceStandardError)}`

const epochsTable = (epochs: TrainReport["epochs"]): string => {
  const measures = [
    ["TRACE", ({ trace }) => trace],
    ["DIRECTIONAL SHARPNESS", ({ directionalSharpness }) => directionalSharpness],
  ] as const satisfies ReadonlyArray<
    readonly [string, (epoch: TrainReport["epochs"][number]) => number]
  >
  const measured = measures.filter(([, of]) => !epochs.every((epoch) => Number.isNaN(of(epoch))))
  return Table.render(
    ["EPOCH", "LOSS", "TEST", ...measured.map(([name]) => name)],
    listed(epochs).map((epoch) => [
      String(epoch.epoch),
      Table.margin(epoch.loss),
      quality(epoch.test),
      ...measured.map(([, of]) => orNothing(of(epoch))),
    ]),
  )
}

const baseline = (measured: Trained["test"]): string =>
  measured._tag === "Accuracy"
    ? ` (the most frequent class alone: ${percent(measured.baseline)})`
    : ""

/**
 * The curvature, and the advice from it on the learning rate of sgd, to which its threshold applies. `saved` is the file of the
 * network, if it was written.
 */
const sharpnessLines = (
  { base, data, sharpness }: TrainReport,
  saved: string | undefined,
): ReadonlyArray<string> => {
  if (sharpness === undefined) {
    const [first, file] = saved === undefined ? ["save it with --save FILE; ", "FILE"] : ["", saved]
    return [
      `sharpness  not measured: ${first}nonconvex certify ${file} ${data.name} --measures trace,top measures it`,
    ]
  }
  const { residual, topEigenvalue } = sharpness
  return [
    `sharpness  top eigenvalue ${Table.margin(topEigenvalue)} (within ${Table.margin(residual)}), trace ${traceOf(sharpness)}`,
    base === "sgd"
      ? `advice     ${sharpness.advice.summary}`
      : `advice     none on the learning rate: 2 / top eigenvalue is the stability limit of sgd, but not of ${base}`,
  ]
}

/** A most frequent class with more than this share hides whether the others are predicted. */
const imbalanced = 0.9

const imbalanceLines = ({ classWeights, test }: TrainReport): ReadonlyArray<string> =>
  classWeights === undefined &&
  test._tag === "Accuracy" &&
  test.baseline > imbalanced &&
  test.baseline < 1 &&
  test.accuracy <= test.baseline
    ? [
        `warning    ${percent(test.baseline)} of the test rows have the same class, and the network is no better than always predicting it (${percent(test.balanced)} correct on average over the classes): try --class-weights balanced; --json has the recall of each class`,
      ]
    : []

const points = (share: number): string => (100 * share).toFixed(1)

const validationLines = ({
  comparison,
  crossValidation,
  radiusAdvice,
  test,
}: TrainReport): ReadonlyArray<string> => {
  const unit = test._tag === "Accuracy" ? "right" : "of variance explained"
  const lines: Array<string> = []
  if (crossValidation !== undefined) {
    const { folds, high, low, mean } = crossValidation
    const aside =
      comparison === undefined
        ? ""
        : ". The method was chosen on the same rows, so this is slightly optimistic"
    lines.push(
      `folds      ${percent(mean)} ${unit} over ${folds} folds of the training rows; 95 % confidence interval ${points(low)} to ${points(high)}${aside}`,
    )
  }
  if (radiusAdvice !== undefined) {
    const { chosen, gain, helps, pairs } = radiusAdvice
    const found = `${points(gain.mean)} points ${unit} more than without a perturbation, 95 % confidence interval ${points(gain.low)} to ${points(gain.high)} over ${pairs} pairs of trainings`
    lines.push(
      helps
        ? `radius     ${chosen} helps: ${found}`
        : `radius     none is recommended: the best, ${chosen}, had ${found}`,
    )
  }
  return lines
}

const rateLines = ({ bestEpoch, data, epochs, learningRate, tooLarge }: TrainReport) => [
  ...(tooLarge.length === 0
    ? []
    : [
        `rate       ${Table.number(learningRate)}: with ${tooLarge.map(Table.number).join(", ")} the loss did not fall below that of a constant`,
      ]),
  ...(data.validationSamples === 0
    ? []
    : [
        `ended      after epoch ${epochs.length}; the weights are those of epoch ${bestEpoch}, the best on ${Table.plural(data.validationSamples, "validation row")}`,
      ]),
]

const fromLines = ({ from }: TrainReport): ReadonlyArray<string> =>
  from === undefined
    ? []
    : [
        `from       ${from.path} (${from.format})`,
        ...from.notes.map((note) => `           ${note}`),
      ]

/** The report for a person at a terminal. */
export const render = (report: TrainReport, saved: string | undefined): string => {
  const { data } = report
  return [
    `${data.name}: ${Table.count(data.trainSamples)} training and ${Table.count(data.testSamples)} test rows of ${Table.plural(data.features, "feature")}`,
    ...(data.read === undefined ? [] : FileInterpretation.render(data.read)),
    ...(data.images ?? []).map((note) => `read       ${note}`),
    ...fromLines(report),
    Table.wrap(`${report.network}, ${Table.count(report.parameters)} parameters`, 100, "", "  "),
    `${report.method}, ${Table.plural(report.steps, "step")} in ${Table.duration(report.seconds)}, seed ${report.seed}`,
    ...(report.assumed.length === 0 ? [] : [`assumed    ${report.assumed.join(", ")}`]),
    "",
    ...ComparisonText.lines(report),
    epochsTable(report.epochs),
    "",
    ...rateLines(report),
    `train      ${quality(report.train)}, loss ${Table.margin(report.loss)}`,
    `test       ${quality(report.test)}${baseline(report.test)}`,
    ...(report.from?.seen === undefined
      ? []
      : [SeenRows.render(report.from.seen, report.data.testSamples)]),
    ...validationLines(report),
    ...sharpnessLines(report, saved),
    ...(report.loss <= report.constantLoss
      ? []
      : [
          `warning    the training loss is above ${Table.margin(report.constantLoss)}, the loss of a constant: nothing was learnt; try more epochs, another activation or fewer layers`,
        ]),
    ...imbalanceLines(report),
    ...(report.falseMinima === 0
      ? []
      : [
          `warning    at ${Table.plural(report.falseMinima, "step")} only the perturbed gradient vanished, which is not a minimum of the loss; lower the radius or end with plain steps`,
        ]),
  ].join("\n")
}

/** The loss on each part of the rows after each epoch. */
export const figure = ({ bestEpoch, data, epochs, method }: TrainReport): Figure.Figure =>
  Figure.lines({
    id: "training",
    title: `${data.name}: ${method}`,
    caption: `Loss after each epoch; the weights are those of epoch ${bestEpoch}.`,
    rows: epochs.flatMap(({ epoch, loss, test, validation }) => [
      { epoch, part: "training", loss },
      ...(validation === undefined ? [] : [{ epoch, part: "held out", loss: validation.loss }]),
      { epoch, part: "test", loss: test.loss },
    ]),
    x: { field: "epoch", title: "epoch" },
    y: { field: "loss", title: "loss", scale: "log" },
    series: { field: "part", title: "rows" },
  })
