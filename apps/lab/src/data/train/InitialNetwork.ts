/** Start of a training: new parameters, or those of a network from a file. */
import * as Data from "../../networks/Data.ts"
import * as Dataset from "@nonconvex/datasets/Dataset"
import * as Split from "@nonconvex/datasets/Split"
import { ForeignNetwork, type Model, type ReadModel, UnfitData } from "@nonconvex/interchange/node"
import * as Seed from "@nonconvex/numerics/Seed"
import { Effect, Path } from "effect"
import { Misfit, reported } from "../../cli/Failure.ts"
import * as NetworkFile from "../../networks/NetworkFile.ts"
import * as Outside from "../../networks/outside/Outside.ts"
import * as Weights from "../../networks/outside/Weights.ts"
import * as Prepared from "@nonconvex/datasets/Prepared"
import type { SavedNetwork } from "../../networks/SavedNetwork.ts"
import * as TrainedNetwork from "../../networks/TrainedNetwork.ts"
import * as SeenRows from "./SeenRows.ts"
import { mostParameters } from "./Settings.ts"
import type { Input } from "./TrainFlags.ts"
import type { TrainInput } from "./Training.ts"
import type { TrainReport } from "./TrainReport.ts"

/** Network to train, its initial parameters and its rows. */
export interface Beginning {
  readonly data: Prepared.Prepared
  readonly shape: TrainInput["shape"]
  readonly start?: TrainInput["start"]
  /** Seed by which the rows were split. */
  readonly seed: number
  /** True if the rows were divided here, and not by those who published them. */
  readonly isDivided: boolean
  readonly from?: TrainReport["from"]
  /** Network of another program, or on images, which is saved under its names. */
  readonly model?: Model
  /** Interpretation of the images of a new network. */
  readonly images?: ReadonlyArray<string>
}

const usual = { hidden: [100], activation: "relu" } as const

/** New parameters. */
const fresh = Effect.fnUntraced(function* ({ data, effort: { seed }, outside, shape }: Input) {
  const [flag] = Outside.given(outside)
  if (flag !== undefined)
    return yield* new Misfit({
      flag,
      needs: "--from with a network from another program, or --network",
    })
  const { activation = usual.activation, hidden = usual.hidden } = shape
  const prepared = yield* Data.prepare({ ...data, seed })
  const isDivided = prepared.file !== undefined
  return { data: prepared, shape: { hidden, activation }, seed, isDivided } satisfies Beginning
})

/** Channels of the first convolution if none are given. */
export const usualChannels = 8

/** Splits the rows of a network of another format, scaled as it reads them. */
const divided = Effect.fnUntraced(function* (
  onData: ForeignNetwork.OnData,
  testFraction: number,
  seed: number,
) {
  const whole = ForeignNetwork.asDataset(onData)
  const places = yield* Effect.fromResult(
    Split.partition(whole.train, { testFraction, seed: Seed.root(seed).child("split") }),
  )
  return {
    ...whole,
    train: Dataset.subset(whole.train, places.train),
    test: Dataset.subset(whole.train, places.test),
  }
})

/** First flag that does not apply to a network on images, if any. */
const misfitOfImages = ({ data, effort, outside, recipe, shape }: Input): Misfit | undefined => {
  const isGiven = (values: ReadonlyArray<unknown> | undefined) => (values ?? []).length > 0
  const columns = "no --network, which reads images and not columns"
  const layers = "no --network, whose layers are fixed"
  const scales = "no --network, whose first normalisation scales its inputs"
  const rules: ReadonlyArray<readonly [flag: string, isGiven: boolean, needs: string]> = [
    ["hidden", shape.hidden !== undefined, layers],
    ["activation", shape.activation !== undefined, layers],
    ["keep", isGiven(data.keep), columns],
    ["category", isGiven(data.category), columns],
    ["ordinal", isGiven(data.ordinal), columns],
    ["task", data.task === "regression", "no --network, which predicts classes"],
    ["architecture", outside.architecture !== undefined, "--from with a network of weights"],
    ["input-shift", outside.inputShift !== undefined, scales],
    ["input-scale", outside.inputScale !== undefined, scales],
    ["batch", effort.batch < 2, "2 images or more: they are normalised by the batch"],
    [
      "group-size",
      recipe.groupSize !== undefined,
      "no --network: its batch is normalised as a whole",
    ],
  ]
  const wrong = rules.find(([, applies]) => applies)
  return wrong && new Misfit({ flag: wrong[0], needs: wrong[2] })
}

/** The test part of a bundled set, for a network that reads it. */
const testOf = Effect.fnUntraced(function* (
  { read }: ForeignNetwork.OnData,
  source: Parameters<typeof ForeignNetwork.inputs>[1],
  outside: Input["outside"],
  train: Dataset.Dataset,
) {
  const { features, fitted, samples } = yield* ForeignNetwork.inputs(read, source, {
    ...outside,
    rows: undefined,
    verbatim: [],
  })
  const { target } = train
  return {
    ...train,
    features,
    samples: samples.count,
    target:
      target._tag === "Classification"
        ? { ...target, labels: Int32Array.from(fitted!.targets) }
        : target,
  } satisfies Dataset.Dataset
})

/** A new network of convolutions on images. */
const onImages = Effect.fnUntraced(function* (input: Input) {
  const {
    data: { testFraction, ...source },
    effort: { seed },
    outside,
    output,
    shape,
  } = input
  const paths = yield* Path.Path
  const isBundled = !(yield* Prepared.isPath(source.name))
  const wrong =
    misfitOfImages(input) ??
    (isBundled && (testFraction !== undefined || source.target !== undefined)
      ? new Misfit({
          flag: testFraction === undefined ? "target" : "test-fraction",
          needs: "images in a file; a bundled data set has classes and a test set",
        })
      : output.save !== undefined && paths.extname(output.save) !== ".safetensors"
        ? new Misfit({ flag: "save", needs: "a file that ends with .safetensors, with --network" })
        : undefined)
  if (wrong !== undefined) return yield* wrong
  const { channels = usualChannels } = shape
  const made = yield* ForeignNetwork.resNet8({ ...source, seed }, { ...outside, channels })
  const { fitted, notes, read } = made
  const all = ForeignNetwork.asDataset(made)
  const data = isBundled
    ? { ...all, test: yield* testOf(made, { ...source, seed }, outside, all.train) }
    : yield* divided(made, testFraction ?? Prepared.usualTestFraction, seed)
  return {
    data,
    shape: { input: read.model.input, blocks: fitted.blocks, normalises: "by batch" },
    seed,
    isDivided: !isBundled,
    model: read.model,
    images: notes,
  } satisfies Beginning
})

/** A network that `train` saved, on the rows of its training. */
const saved = Effect.fnUntraced(function* (path: string, input: Input, network: SavedNetwork) {
  const { data, effort } = input
  const seed = network.made?.seed ?? effort.seed
  const source = yield* TrainedNetwork.sourceOf(network, { ...data, seed })
  const prepared = yield* Data.prepare(source)
  const { parameters } = yield* TrainedNetwork.attach(path, network, prepared, seed)
  const { architecture, made, target } = network
  const seen = yield* SeenRows.ofSaved(made, prepared)
  return {
    data: prepared,
    shape: { hidden: architecture.widths.slice(1, -1), activation: architecture.activation },
    start: {
      parameters,
      ...(target._tag === "Regression" && {
        targetScale: { shift: target.shift, scale: target.scale },
      }),
    },
    seed,
    isDivided: prepared.file !== undefined,
    from: { path, format: "nonconvex", notes: [], ...(seen && { seen }) },
  } satisfies Beginning
})

/** Network of another program, with its data split as in a file of ours. */
const foreign = Effect.fnUntraced(function* (path: string, input: Input, read: ReadModel) {
  const {
    data: { testFraction = Prepared.usualTestFraction, ...source },
    effort: { seed },
    outside,
    output,
  } = input
  if (output.save !== undefined) yield* Weights.writerFor(output.save)
  const { model } = read
  if (model.parameters.length > mostParameters) {
    const reason = `it has ${model.parameters.length} parameters; the limit of train is ${mostParameters}`
    return yield* new UnfitData({ path, reason, remedy: "train it in the program that made it" })
  }
  const onData = yield* Outside.attach(read, { ...source, testFraction: undefined, seed }, outside)
  const { fitted, notes } = onData
  const { isLogistic = false, targets } = fitted
  if (isLogistic && targets.some((target) => target !== 0 && target !== 1)) {
    const reason = "it has targets between 0 and 1, but train takes classes"
    return yield* new UnfitData({
      path: source.name,
      reason,
      remedy: "train it in the program that made it",
    })
  }
  const { target } = ForeignNetwork.asDataset(onData).train
  if (target._tag === "Regression" && model.architecture.outputs > 1) {
    const reason = `it has ${model.architecture.outputs} values per sample, but train takes one`
    return yield* new UnfitData({
      path: source.name,
      reason,
      remedy: "train it in the program that made it",
    })
  }
  const data = yield* divided(onData, testFraction, seed)
  return {
    data,
    shape: { input: model.input, blocks: fitted.blocks },
    start: { parameters: model.parameters, targetScale: { shift: 0, scale: 1 } },
    seed,
    isDivided: true,
    from: { path, format: read.format, notes, seen: SeenRows.ofForeign(data) },
    model,
  } satisfies Beginning
})

/** Prepares a training. Fails with Misfit where flags do not apply, and with the errors of a network or its data. */
export const begin = Effect.fn("From.begin")(function* (input: Input) {
  const { checks, from, shape } = input
  if (from === undefined && shape.network !== undefined) return yield* onImages(input)
  if (shape.channels !== undefined && from === undefined)
    return yield* new Misfit({ flag: "channels", needs: "--network" })
  if (from === undefined) return yield* fresh(input)
  const rules: ReadonlyArray<readonly [flag: string, isGiven: boolean, needs: string]> = [
    ["network", shape.network !== undefined, "no --from, whose network has its own layers"],
    ["channels", shape.channels !== undefined, "no --from, whose network has its own layers"],
    ["hidden", shape.hidden !== undefined, "no --from, whose network has its own layers"],
    ["activation", shape.activation !== undefined, "no --from, whose network has its own layers"],
    ["folds", checks.folds !== undefined, "no --from: that network may have seen every row"],
    ["advise", checks.advise, "no --from: that network may have seen every row"],
  ]
  const wrong = rules.find(([, isGiven]) => isGiven)
  if (wrong !== undefined) return yield* new Misfit({ flag: wrong[0], needs: wrong[2] })
  const network = yield* NetworkFile.read(from, input.outside)
  return yield* network._tag === "Foreign"
    ? foreign(from, input, network.found)
    : saved(from, input, network.saved)
}, reported)
