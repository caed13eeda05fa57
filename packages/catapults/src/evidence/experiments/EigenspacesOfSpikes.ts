/**
 * Spikes of SGD on images. Reports the share of each spike in the top eigenspace of the kernel of all samples and of
 * its batch, next to stretches without spikes.
 */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import { AtLeastTwo, Count, Positive } from "@nonconvex/problems/Fields"
import { Effect, Schema } from "effect"
import { imagePair, imageSettings } from "../support/FashionPair.ts"
import { Design, nameOf } from "../support/ImageDesigns.ts"
import { drawn } from "../support/ImageTask.ts"
import { recalled } from "../support/Paper.ts"
import { spikeDrops } from "../support/SpikeDrops.ts"
import { raised } from "../support/SpikeRun.ts"

const regimes = ["above the critical rate", "below it"] as const

const Config = Schema.Struct({
  ...imageSettings,
  samples: AtLeastTwo,
  /** Images from which the root seed draws these; by default the first ones. */
  pool: Schema.optionalKey(AtLeastTwo),
  batchSize: AtLeastTwo,
  architectures: Schema.Array(Design).check(Schema.isMinLength(1)),
  /** Rates over the critical one of all samples: in calm stretches, at the raises, and at raises that stay below. */
  calm: Positive,
  above: Positive,
  below: Positive,
  /** Steps between two raises. */
  gap: Count,
  raises: Count,
  /** Eigenvectors of the top eigenspace. */
  top: Count,
})

type Config = typeof Config.Type

const Columns = Schema.Struct({
  architecture: Schema.String,
  regime: Schema.Literals(regimes),
  kind: Schema.Literals(["spike", "matched"]),
  /** Steepest step. */
  step: Schema.Int,
  /** Loss at the peak over that at the start. */
  height: Schema.Number,
  /** Learning rate over the critical one of the batch of the steepest step. */
  ratio: Schema.Number,
  /** Shares of the loss at the peak in the first eigenvector and in the top eigenspace of the kernel of all samples. */
  lossFirst: Schema.Number,
  lossTop: Schema.Number,
  /** The same shares of the squared change of the residuals from the peak to the end. */
  dropFirst: Schema.Number,
  dropTop: Schema.Number,
  /** The same shares for the batch of the steepest step and its kernel. */
  batchLossFirst: Schema.Number,
  batchLossTop: Schema.Number,
  batchDropFirst: Schema.Number,
  batchDropTop: Schema.Number,
  /** Final over initial top eigenvalue of the kernel of all samples. */
  fall: Schema.Number,
  /** Indicator: the top eigenspace of the kernel of all samples has at least 0.8 of the loss at the peak. */
  isInTop: Schema.Int,
})

type Row = typeof Columns.Type

const reference: Config = {
  samples: 1000,
  batchSize: 32,
  architectures: [
    [1024],
    { kind: "convolutional", channels: 8, layers: 2 },
    { kind: "residual", channels: 8, blocks: 1 },
  ],
  calm: 0.4,
  above: 2,
  below: 0.8,
  gap: 40,
  raises: 2,
  top: 5,
}

/** Height above which spikes count as tall; lower ones may be batch noise. */
const tall = 10

export const eigenspacesOfSpikes = Experiment.table({
  id: "catapults/eigenspaces-of-spikes",
  title: "Share of a spike in the top eigenspace",
  source: recalled("spikes of SGD lie in the top eigenspace of the kernel"),
  question:
    "At the peak and in the drop of an SGD spike, which share of the loss lies in the top eigenspace of the kernel of all samples, and of the batch, compared with stretches without a spike?",
  paperScale:
    "The paper has convolutional and residual networks on parts of CIFAR-10 and SVHN (as recalled). Here a fully connected, a convolutional and a residual network learn 1,000 images of two classes at 28 x 28 pixels.",
  config: Config,
  optional: ["images", "pool"],
  columns: Columns,
  presets: {
    smoke: { ...reference, samples: 40, batchSize: 8, architectures: [[32]], gap: 20, raises: 1 },
    fast: { ...reference, samples: 128, batchSize: 16, architectures: [[256]] },
    paper: reference,
  },
  paperSeconds: 65,
  prepare: ({ config, seed }) => {
    const { pool, samples } = config
    return Effect.map(imagePair(config, { train: pool ?? samples, test: 2 }), ({ train }) =>
      pool === undefined ? train : drawn(train, samples, seed.child("images")),
    )
  },
  cases: ({ architectures }) =>
    architectures.flatMap((design) => regimes.map((regime) => ({ design, regime }))),
  row: ({ design, regime }, { config, kernels, seed, shared }) => {
    const { above, batchSize, below, gap, raises, top } = config
    const multiple = { "above the critical rate": above, "below it": below }[regime]
    const options = {
      design,
      batchSize,
      steps: gap * (raises + 1),
      rate: raised(config, multiple),
      top,
    }
    return spikeDrops(shared, options, seed, kernels).map((each) => ({
      architecture: nameOf(design),
      regime,
      ...each,
      isInTop: each.lossTop >= 0.8 ? 1 : 0,
    }))
  },
  figures: () =>
    [
      {
        id: "all-samples",
        title: "Share of the peak loss in the top eigenspace of the kernel of all samples",
        field: "lossTop" as const,
      },
      {
        id: "batch",
        title: "Share of the batch's peak loss in the top eigenspace of its own kernel",
        field: "batchLossTop" as const,
      },
    ].map(({ field, id, title }) =>
      Figure.points<Row>({
        id,
        title,
        caption:
          "Each point is one spike of any architecture. The top eigenspace has five eigenvectors.",
        where: { kind: "spike" },
        x: { field: "height", title: "loss at the peak / loss before", scale: "log" },
        y: { field, title: "share in the top eigenspace" },
        series: { field: "regime", title: "regime" },
      }),
    ),
  expectations: (rows, { samples }) => {
    if (samples < 128) return []
    const high = rows.filter(
      ({ height, kind, regime }) =>
        kind === "spike" && height >= tall && regime === "above the critical rate",
    )
    const beside = rows.filter(({ kind }) => kind === "matched")
    const median = (of: ReadonlyArray<Row>, field: "lossTop" | "batchLossTop" | "fall") =>
      Summary.median(of.map((row) => row[field]))
    const named = `spikes to at least ${tall} times the loss`
    const control = "stretches without a spike"
    return [
      Expectation.atLeast(
        `Median share of the peak loss in the top eigenspace of the kernel of all samples, for ${named}`,
        median(high, "lossTop"),
        0.75,
        { control, observed: median(beside, "lossTop") },
      ),
      Expectation.atLeast(
        `Median share of the batch's peak loss in the top eigenspace of its kernel, for ${named}`,
        median(high, "batchLossTop"),
        0.75,
        { control, observed: median(beside, "batchLossTop") },
      ),
      Expectation.atMost(`Median fall of the kernel over ${named}`, median(high, "fall"), 0.75, {
        control,
        observed: median(beside, "fall"),
      }),
    ]
  },
})
