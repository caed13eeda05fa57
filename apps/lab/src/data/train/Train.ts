import * as Seed from "@nonconvex/numerics/Seed"
import { OptimSam } from "@nonconvex/optim-sam"
import { Diverged } from "@nonconvex/problems/Descent"
import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import * as Output from "../../cli/Output.ts"
import * as Progress from "../../cli/Progress.ts"
import * as Folder from "../../files/Folder.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Model from "../../networks/Model.ts"
import * as Prepared from "./Prepared.ts"
import * as Quality from "./Quality.ts"
import * as Recipe from "../../networks/Recipe.ts"
import * as SavedNetwork from "../../networks/SavedNetwork.ts"
import * as Sharpness from "./Sharpness.ts"
import * as TrainFlags from "./TrainFlags.ts"
import * as Training from "./Training.ts"
import * as TrainReport from "./TrainReport.ts"

export const train = Command.make(
  "train",
  {
    data: TrainFlags.data,
    shape: TrainFlags.shape,
    recipe: TrainFlags.recipe,
    effort: TrainFlags.effort,
    output: TrainFlags.output,
  },
  Effect.fn(function* ({ data: source, effort, output, recipe, shape }) {
    const file =
      output.save === undefined ? undefined : yield* Folder.stageFile(output.save, [source.name])
    const data = yield* Prepared.prepare({ ...source, seed: effort.seed })
    const stepsPerEpoch = Training.stepsPerEpoch(data.train.samples, effort.batch)
    const steps = stepsPerEpoch * effort.epochs
    const method = yield* Recipe.method(recipe, steps)
    const seed = Seed.root(effort.seed).child("train")
    const model = Model.build(data, shape, seed)
    const started = performance.now()
    const trained = yield* Progress.track(
      { label: "train", total: effort.epochs, unit: "epochs" },
      (meter) => {
        let best = Number.POSITIVE_INFINITY
        return Training.train(model, data, {
          method,
          batchSize: effort.batch,
          stepsPerEpoch,
          epochs: effort.epochs,
          seed,
          onEpoch: ({ epoch, loss, test }) => {
            best = Math.min(best, loss)
            meter.done(epoch)
            meter.note(`best loss ${Table.margin(best)}, test ${TrainReport.quality(test)}`)
          },
        })
      },
    )
    const seconds = (performance.now() - started) / 1000
    const { point } = trained
    const { base, learningRate } = recipe
    const gradient = new Float64Array(point.length)
    const loss = model.network.valueAndGradient(point, gradient)
    // the last step has no next one that would see it
    if (!Number.isFinite(loss))
      return yield* new Diverged({ method: method.name, step: steps, loss })
    const perturbation = Number.isNaN(trained.perturbation)
      ? Recipe.lengthOf(recipe, point, gradient)
      : trained.perturbation
    const sharpness = yield* Sharpness.measure(model.network, point, {
      learningRate,
      radius: Recipe.theoreticalRadius(recipe, perturbation),
      tolerance: effort.tolerance,
      seed: seed.child("sharpness"),
    }).pipe(Effect.provide(OptimSam.layer))
    const report = {
      data: {
        name: data.train.name,
        trainSamples: data.train.samples,
        testSamples: data.test.samples,
        features: data.train.dimension,
        notice: data.train.provenance.notice,
      },
      network: model.network.name,
      parameters: model.network.dimension,
      method: recipe.method === "plain" ? `plain ${base}` : method.name,
      base,
      steps,
      learningRate,
      radius: Recipe.radiusOf(recipe),
      perturbation,
      seed: effort.seed,
      seconds,
      loss,
      train: Quality.measure(model, point, data.train),
      test: Quality.measure(model, point, data.test),
      epochs: trained.epochs,
      sharpness,
      falseMinima: trained.falseMinima,
    }
    if (file !== undefined) {
      const saved = SavedNetwork.make(model, data, point)
      yield* file.write(yield* Output.encode(SavedNetwork.SavedNetwork, saved))
    }
    yield* output.json
      ? Output.json(TrainReport.TrainReport, report)
      : Console.log(TrainReport.render(report))
  }, Effect.scoped),
).pipe(
  Command.withDescription(
    "Train a network on a CSV file or a shipped data set with any sharpness-aware method, and say how well it predicts, how sharp the minimum is, and what that means for the learning rate and the radius. Exit code 3 when the training diverges.",
  ),
  Command.withShortDescription("Train a network on your data: accuracy, sharpness, advice"),
  Command.withExamples([
    {
      command: "nonconvex train digits --method sam --radius 0.1 --save digits.json",
      description: "A shipped data set; the network is kept",
    },
    {
      command:
        "nonconvex train patients.csv --target outcome --method asam --base adamw --learning-rate 0.01",
      description: "A file of your own",
    },
    {
      command: "nonconvex train diabetes --hidden none --method plain",
      description: "Linear regression, as a baseline",
    },
  ]),
)
