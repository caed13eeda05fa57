/**
 * Spikes of SGD on images: tests whether they are catapults of their batches. They are compared with stretches without
 * spikes and with spikes of bad data.
 */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import { AtLeastTwo, Count, Positive } from "@nonconvex/problems/Fields"
import { Effect, Schema } from "effect"
import { imagePair, imageSettings } from "../support/FashionPair.ts"
import { Design, nameOf } from "../support/ImageDesigns.ts"
import { recalled } from "../support/Paper.ts"
import { runsOf, seedFields } from "../support/Runs.ts"
import { halved, raised, spikeRun, stretches } from "../support/SpikeRun.ts"

const regimes = ["past the critical rate", "below it", "bad data"] as const

const Config = Schema.Struct({
  ...imageSettings,
  samples: AtLeastTwo,
  batchSize: AtLeastTwo,
  architectures: Schema.Array(Design).check(Schema.isMinLength(1)),
  regimes: Schema.Array(Schema.Literals(regimes)),
  /** Rates over the critical one of all samples: in calm stretches, at the raises, and at raises that stay below. */
  calm: Positive,
  past: Positive,
  below: Positive,
  /** Steps between two raises, and between two bad batches. */
  gap: Count,
  raises: Count,
  /** Factor of the targets of a bad batch. */
  bad: Schema.Finite,
  ...seedFields,
})

type Config = typeof Config.Type

const Columns = Schema.Struct({
  architecture: Schema.String,
  regime: Schema.Literals(regimes),
  run: Schema.Int,
  kind: Schema.Literals(["spike", "matched"]),
  step: Schema.Int,
  height: Schema.Number,
  /**
   * Steepest step: learning rate over the critical rate of its batch, and the share of the batch loss after it along
   * the first eigenvector.
   */
  ratio: Schema.Number,
  share: Schema.Number,
  /** Final over initial top eigenvalue of the kernel of all samples. */
  fall: Schema.Number,
  /**
   * Marks a catapult: the rate is above the critical rate of its batch, the change lies in the top eigenspace of its
   * kernel, and the kernel falls.
   */
  catapult: Schema.Int,
})

type Row = typeof Columns.Type

const reference: Config = {
  samples: 64,
  batchSize: 8,
  architectures: [[64], [256], [512], [128, 128], [128, 128, 128]],
  regimes,
  calm: 0.4,
  past: 1.5,
  below: 0.8,
  gap: 60,
  raises: 3,
  bad: -4,
  firstSeed: 0,
  seeds: 10,
}

/** Height above which spikes count as tall; lower ones may be batch noise. */
const tall = 10

/** Applies this project's criterion for a catapult. */
const isCatapult = ({ fall, ratio, share }: Pick<Row, "fall" | "ratio" | "share">): boolean =>
  ratio > 1 && share >= 0.9 && fall <= 0.9

const shareOf = (rows: ReadonlyArray<Row>) => Summary.mean(rows.map(({ catapult }) => catapult))

export const spikesInEigenspace = Experiment.table({
  id: "catapults/spikes-in-eigenspace",
  title: "Which spikes of SGD are catapults",
  source: recalled("spikes of SGD are catapults in the top eigenspace of the batch's kernel"),
  question:
    "Does an SGD spike lie in the top eigenspace of the batch's kernel, and does the kernel fall, more than in stretches without a spike and in spikes from bad data?",
  paperScale:
    "The paper has convolutional and residual networks on parts of CIFAR-10 and SVHN (as recalled). Here five fully connected networks learn 64 images of two classes at a quarter of the pixels; a study has convolutional and residual networks.",
  config: Config,
  optional: ["images"],
  columns: Columns,
  presets: {
    smoke: { ...reference, samples: 32, architectures: [[32]], gap: 20, raises: 1, seeds: 1 },
    fast: { ...reference, architectures: [[64], [64, 64]], raises: 2, seeds: 1 },
    paper: reference,
  },
  paperSeconds: 100,
  prepare: ({ config }) =>
    Effect.map(imagePair(config, { train: config.samples, test: 2 }), ({ train }) => halved(train)),
  cases: (config) =>
    runsOf(
      config.architectures.flatMap((design) =>
        config.regimes.map((regime) => ({ design, regime })),
      ),
      config,
    ),
  row: ({ seed: k, value: { design, regime } }, { config, kernels, seed, shared }) => {
    const { batchSize, below, calm, gap, past, raises } = config
    const multiples = { "past the critical rate": past, "below it": below, "bad data": calm }
    const isBad = (step: number) =>
      regime === "bad data" && step > 0 && step % gap === 0 && step <= gap * raises
    const steps = spikeRun(
      shared,
      {
        design,
        batchSize,
        steps: gap * (raises + 1),
        rate: raised(config, multiples[regime]),
        corrupt: (step) => (isBad(step) ? config.bad : 1),
      },
      seed.child(k),
      kernels,
    )
    return stretches(steps).map((each) => ({
      architecture: nameOf(design),
      regime,
      run: k,
      ...each,
      catapult: isCatapult(each) ? 1 : 0,
    }))
  },
  figures: () => [
    Figure.points<Row>({
      id: "share",
      title: "Eigenspace of the batch loss at the steepest step of a spike",
      caption:
        "Share of the batch loss along the first eigenvector of its kernel, by learning rate relative to the batch's critical learning rate.",
      where: { kind: "spike" },
      x: {
        field: "ratio",
        title: "learning rate / critical learning rate of the batch",
        scale: "log",
      },
      y: { field: "share", title: "share in the first eigenvector" },
      series: { field: "regime", title: "regime" },
    }),
    Figure.points<Row>({
      id: "fall",
      title: "The kernel after a spike",
      caption:
        "Ratio of the full-batch kernel's top eigenvalue at the end of a spike to that at its start.",
      where: { kind: "spike" },
      x: {
        field: "ratio",
        title: "learning rate / critical learning rate of the batch",
        scale: "log",
      },
      y: { field: "fall", title: "kernel at the end / at the start" },
      series: { field: "regime", title: "regime" },
    }),
  ],
  // set anew after seeds 1 to 10 had been seen
  firstSeed: 11,
  expectations: (rows, { samples }) => {
    if (samples < reference.samples) return []
    const spikes = rows.filter(({ kind }) => kind === "spike")
    const high = spikes.filter(({ height }) => height >= tall)
    const past = high.filter((row) => row.regime !== "bad data" && row.ratio > 1)
    const beside = rows.filter(({ kind }) => kind === "matched")
    const median = (of: ReadonlyArray<Row>, field: "share" | "fall") =>
      Summary.median(of.map((row) => row[field]))
    const named = `spikes to at least ${tall} times the loss, above the critical learning rate of their batch`
    return [
      Expectation.atLeast(`Share of catapults among ${named}`, shareOf(past), 0.5, {
        control: "spikes below the critical learning rate",
        observed: shareOf(spikes.filter(({ regime }) => regime === "below it")),
      }),
      Expectation.atLeast(
        `Median share of the batch's loss in its first eigenvector, for ${named}`,
        median(past, "share"),
        0.9,
        {
          control: "stretches without a spike",
          observed: median(beside, "share"),
        },
      ),
      Expectation.atMost(`Median fall of the kernel over ${named}`, median(past, "fall"), 0.75, {
        control: "stretches without a spike",
        observed: median(beside, "fall"),
      }),
    ]
  },
})
