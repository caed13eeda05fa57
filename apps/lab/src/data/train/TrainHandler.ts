import type * as Dataset from "@nonconvex/datasets/Dataset"
import { ForeignNetwork, type Model } from "@nonconvex/interchange/node"
import { lengthOf } from "@nonconvex/optim-sam/operations"
import { Effect } from "effect"
import { createRequire } from "node:module"
import { availableParallelism } from "node:os"
import { interruptible } from "../../cli/Interruptible.ts"
import * as Capabilities from "../../cli/Capabilities.ts"
import { Misfit, RunFailed, reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as Progress from "../../cli/Progress.ts"
import * as Table from "../../cli/TextTable.ts"
import { standalone } from "@nonconvex/figures/drawing"
import * as Svg from "@nonconvex/figures/svg"
import * as Folder from "../../files/Folder.ts"
import * as DataDigest from "../../networks/DataDigest.ts"
import * as Weights from "../../networks/outside/Weights.ts"
import * as Prepared from "@nonconvex/datasets/Prepared"
import * as SavedNetwork from "../../networks/SavedNetwork.ts"
import * as InitialNetwork from "./InitialNetwork.ts"
import * as FileInterpretation from "./FileInterpretation.ts"
import * as Assumptions from "./Assumptions.ts"
import * as MethodChoice from "./MethodChoice.ts"
import { classesOf, type Found, outputsOf } from "./RowErrors.ts"
import { type Asked, inputOf, misfit, oversized, type Settings } from "./Settings.ts"
import * as Training from "./Training.ts"
import * as TrainReport from "./TrainReport.ts"
import * as Validation from "./Validation.ts"
import type { Input } from "./TrainFlags.ts"

const { version } = createRequire(import.meta.url)("@nonconvex/lab/package.json") as {
  readonly version: string
}

/** Trains with a line of progress. */
const tracked = Effect.fnUntraced(function* (input: Training.TrainInput) {
  const total = lengthOf(input).epochs
  return yield* Progress.track({ label: "train", total, unit: "epochs" }, (meter) => {
    let best = Number.POSITIVE_INFINITY
    const show = ({
      epoch,
      loss,
      test,
    }: Pick<TrainReport.TrainReport["epochs"][number], "epoch" | "loss" | "test">) => {
      best = Math.min(best, loss)
      meter.done(epoch)
      meter.note(`best loss ${Table.margin(best)}, test ${TrainReport.quality(test)}`)
    }
    // a training that is faster than progress is reported in the end alone
    return Effect.tap(Training.perform(input, show), ({ epochs }): Effect.Effect<void> =>
      Effect.sync(() => epochs.forEach(show)),
    )
  })
})

/** Choices and checks on parts of the training rows, before all of them are used. */
const validated = Effect.fnUntraced(function* (
  data: Prepared.Prepared,
  asked: Asked,
  { checks: { advise, folds }, from }: Input,
  jobs: number,
) {
  const { method, radius } = asked.recipe
  const options = { isContinued: from !== undefined, jobs }
  const { settings, ...choice }: MethodChoice.Choice =
    advise && method !== "auto"
      ? { settings: { ...asked, recipe: { ...asked.recipe, method } } }
      : yield* MethodChoice.choose(data, asked, options)
  const advice = advise
    ? yield* Validation.adviseRadius(data, settings, folds ?? 5, jobs)
    : undefined
  const advised = advice?.helps === true ? advice.chosen : (radius ?? 0)
  const chosen: Settings =
    advice === undefined
      ? settings
      : { ...settings, recipe: { ...settings.recipe, radius: advised } }
  const crossValidation =
    folds === undefined ? undefined : yield* Validation.crossValidate(data, chosen, folds, jobs)
  return { chosen, choice, advice, crossValidation }
})

/** Recall of each class on the test rows; only for classes. */
const recallOf = Effect.fnUntraced(function* (
  trained: Found,
  shape: Settings["shape"],
  rows: Dataset.Dataset,
) {
  const { samples, target } = rows
  if (target._tag === "Regression") return undefined
  const predicted = classesOf(yield* outputsOf(trained, shape, rows), samples)
  const { classes, labels } = target
  return classes.flatMap((name, c) => {
    const own = predicted.filter((_, i) => labels[i] === c)
    const recall = own.filter((found) => found === c).length / own.length
    return own.length === 0 ? [] : [{ class: name, rows: own.length, recall }]
  })
})

const drawn = Effect.fnUntraced(function* (report: TrainReport.TrainReport) {
  const { id, spec } = TrainReport.figure(report)
  const picture = yield* Svg.draw({ key: id, spec })
  return picture._tag === "Undrawable"
    ? yield* new RunFailed({ reasons: [picture.reason] })
    : standalone(picture.svg)
})

/** Name of a network on images, and their shape. */
const nameOf = ({ input: { channels, height, width }, tensors: [first] }: Model): string =>
  `ResNet-8 with ${Table.plural(first!.shape[0]!, "channel")} in its first convolution, on images of ${height} x ${width} x ${channels}`

/** Means and variances of the normalisations, in the order of the parameters. */
const statisticsOf = (blocks: NonNullable<Found["blocks"]>): ReadonlyArray<number> =>
  blocks.flatMap((block) => {
    if (block._tag === "FrozenNormalisation") return [...block.mean, ...block.variance]
    return block._tag === "Residual" ? statisticsOf([...block.branch, ...block.shortcut]) : []
  })

/** Output files, opened before the computation starts. */
const staged = Effect.fnUntraced(function* ({ data, from, output: { figure, save } }: Input) {
  const inputs = from === undefined ? [data.name] : [data.name, from]
  const stage = (file: string | undefined) =>
    file === undefined ? Effect.succeed(undefined) : Folder.stageFile(file, inputs)
  return { network: yield* stage(save), picture: yield* stage(figure) }
})

const jobsOf = (input: Input): number => {
  const { checks, from } = input
  const isCompared = from === undefined && MethodChoice.isOpen(input)
  return isCompared || checks.advise || checks.folds !== undefined ? availableParallelism() : 1
}

export const handle = Effect.fn("train")(
  function* (input: Input) {
    const { capabilities, checks, data: source, effort, output, recipe } = input
    const files = yield* staged(input)
    const beginning: InitialNetwork.Beginning = yield* InitialNetwork.begin(input)
    const { data, from, images, isDivided, model, seed, shape, start } = beginning
    const asked: Asked = { shape, ...(start && { start }), effort, recipe }
    const wrong = misfit(asked) ?? oversized(data.train, shape)
    if (wrong !== undefined) return yield* wrong
    if (checks.advise && (recipe.method === "plain" || recipe.method === "auto")) {
      const needs = "a --method other than plain and auto, such as sam"
      return yield* new Misfit({ flag: "advise", needs })
    }
    const started = performance.now()
    const { advice, choice, chosen, crossValidation } = yield* validated(
      data,
      asked,
      input,
      jobsOf(input),
    )
    const trainInput = yield* inputOf(data, chosen)
    const trained: Found = yield* tracked(trainInput)
    const {
      activation: _activation,
      blocks,
      point,
      sharpness,
      targetScale: _scale,
      widths: _widths,
      ...found
    } = trained
    const recall = yield* recallOf(trained, shape, data.test)
    const { dimension, name, provenance, samples } = data.train
    const report: TrainReport.TrainReport = {
      ...found,
      ...(sharpness && { sharpness }),
      ...(images && { network: nameOf(model!) }),
      data: {
        name,
        trainSamples: samples,
        validationSamples: samples - trainInput.data.train.features.length / dimension,
        testSamples: data.test.samples,
        features: dimension,
        notice: provenance.notice,
        ...(data.file && { read: FileInterpretation.describe(data.file, data.train.target) }),
        ...(images && { images }),
      },
      parameters: point.length,
      method: chosen.recipe.method === "plain" ? `plain ${found.base}` : found.method,
      seed: effort.seed,
      kernels: capabilities.kernels,
      seconds: (performance.now() - started) / 1000,
      ...(from && { from }),
      ...choice,
      assumed: Assumptions.of(input, {
        ...found,
        settings: chosen,
        epochs: lengthOf(trainInput).epochs,
        isDivided,
      }),
      ...(recall && { recall }),
      ...(effort.classWeights !== undefined && { classWeights: effort.classWeights }),
      ...(advice && { radiusAdvice: advice }),
      ...(crossValidation && { crossValidation }),
    }
    if (files.picture !== undefined) yield* files.picture.write(yield* drawn(report))
    if (files.network !== undefined && model !== undefined) {
      const write = yield* Weights.writerFor(output.save!)
      const statistics = blocks && Float64Array.from(statisticsOf(blocks))
      const final = statistics ? ForeignNetwork.withFixed(model, statistics) : model
      yield* files.network.write(write(final, point))
    } else if (files.network !== undefined) {
      const saved = SavedNetwork.make(trained, data, {
        version,
        ...(data.file && {
          target: data.file.whole.column.name,
          testFraction: source.testFraction ?? Prepared.usualTestFraction,
        }),
        method: report.method,
        learningRate: report.learningRate,
        radius: report.radius,
        epochs: report.bestEpoch,
        batch: effort.batch,
        seed,
        kernels: capabilities.kernels,
        trainRows: samples,
        testRows: data.test.samples,
        digest: yield* DataDigest.of(data),
        ...(from?.seen && { testRowsSeen: true }),
      })
      // of millions of parameters it takes seconds
      const text = yield* interruptible(() =>
        Effect.runSync(Output.encode(SavedNetwork.SavedNetwork, saved)),
      )
      yield* files.network.write(text)
    }
    yield* output.json
      ? Output.json(TrainReport.TrainReport, report)
      : Output.text(TrainReport.render(report, output.save))
  },
  Effect.scoped,
  (work, input) =>
    Effect.provide(work, Capabilities.layer({ ...input.capabilities, jobs: jobsOf(input) })),
  reported,
)
