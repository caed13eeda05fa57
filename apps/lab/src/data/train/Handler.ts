import type * as Dataset from "@nonconvex/datasets/Dataset"
import { OptimSam, type Recipe, type TrainInput } from "@nonconvex/optim-sam/evidence"
import { Console, Effect, Layer } from "effect"
import * as Capable from "../../cli/Capable.ts"
import { Misfit } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as Progress from "../../cli/Progress.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import * as Prepared from "../../networks/Prepared.ts"
import * as SavedNetwork from "../../networks/SavedNetwork.ts"
import * as TrainReport from "./TrainReport.ts"

export interface Input {
  readonly data: Omit<Prepared.Source, "seed">
  readonly shape: TrainInput["shape"]
  readonly recipe: Recipe
  readonly effort: Pick<TrainInput, "epochs" | "batch" | "tolerance" | "seed">
  readonly output: { readonly save: string | undefined; readonly json: boolean }
  readonly capabilities: Capable.Chosen
}

/** A flag that is about other methods than the one that was chosen, if there is one. */
const misfit = (recipe: Recipe): Misfit | undefined => {
  const { base, groupSize, method } = recipe
  const perturbs = method !== "plain"
  const perturbing = "a --method other than plain"
  const rules: ReadonlyArray<
    readonly [key: keyof Recipe, fits: boolean, flag: string, needs: string]
  > = [
    ["radius", perturbs, "radius", perturbing],
    ["normalisation", method === "unified", "normalisation", "--method unified"],
    ["p", method === "p-norm", "p", "--method p-norm"],
    ["ascents", perturbs, "ascents", perturbing],
    ["groupSize", perturbs, "group-size", perturbing],
    ["every", perturbs, "every", perturbing],
    ["late", perturbs, "late", perturbing],
    ["ascents", groupSize === undefined, "ascents", "no --group-size"],
    [
      "momentum",
      base === "momentum" || base === "nesterov",
      "momentum",
      "--base momentum or nesterov",
    ],
  ]
  const found = rules.find(([key, fits]) => recipe[key] !== undefined && !fits)
  return found && new Misfit({ flag: found[2], needs: found[3] })
}

const rowsOf = ({ features, target }: Dataset.Dataset): TrainInput["data"]["train"] => ({
  features,
  target:
    target._tag === "Classification"
      ? { _tag: "Classes", labels: target.labels }
      : { _tag: "Values", values: target.values },
})

const dataOf = ({ test, train }: Prepared.Prepared): TrainInput["data"] => ({
  dimension: train.dimension,
  classes: train.target._tag === "Classification" ? train.target.classes.length : undefined,
  train: rowsOf(train),
  test: rowsOf(test),
})

/** Trains with a line of progress. */
const tracked = Effect.fnUntraced(function* (input: TrainInput) {
  const { train } = yield* OptimSam
  return yield* Progress.track({ label: "train", total: input.epochs, unit: "epochs" }, (meter) => {
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
    return Effect.tap(train(input, show), ({ epochs }) => Effect.sync(() => epochs.forEach(show)))
  })
})

export const handle = Effect.fn("train")(
  function* ({ capabilities, data: source, effort, output, recipe, shape }: Input) {
    const { json, save } = output
    const file = save === undefined ? undefined : yield* Folder.stageFile(save, [source.name])
    const data = yield* Prepared.prepare({ ...source, seed: effort.seed })
    const wrong = misfit(recipe)
    if (wrong !== undefined) return yield* wrong
    const started = performance.now()
    const trained = yield* tracked({ ...effort, data: dataOf(data), shape, recipe })
    const {
      activation: _activation,
      point,
      targetScale: _scale,
      widths: _widths,
      ...found
    } = trained
    const { dimension, name, provenance, samples } = data.train
    const report = {
      ...found,
      data: {
        name,
        trainSamples: samples,
        testSamples: data.test.samples,
        features: dimension,
        notice: provenance.notice,
      },
      parameters: point.length,
      method: recipe.method === "plain" ? `plain ${recipe.base}` : found.method,
      base: recipe.base,
      learningRate: recipe.learningRate,
      seed: effort.seed,
      kernels: capabilities.kernels,
      seconds: (performance.now() - started) / 1000,
    }
    if (file !== undefined) {
      const saved = SavedNetwork.make(trained, data)
      yield* file.write(yield* Output.encode(SavedNetwork.SavedNetwork, saved))
    }
    yield* json
      ? Output.json(TrainReport.TrainReport, report)
      : Console.log(TrainReport.render(report))
  },
  Effect.scoped,
  (work, { capabilities }) =>
    Effect.provide(work, Layer.provideMerge(OptimSam.layer, Capable.layer(capabilities))),
)
