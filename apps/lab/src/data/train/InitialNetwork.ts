/** Start of a training: new parameters, or those of a network from a file. */
import * as Data from "../../networks/Data.ts"
import * as Dataset from "@nonconvex/datasets/Dataset"
import * as Split from "@nonconvex/datasets/Split"
import { ForeignNetwork, type Model, type ReadModel, UnfitData } from "@nonconvex/interchange/node"
import * as Seed from "@nonconvex/numerics/Seed"
import type { train } from "@nonconvex/optim-sam/operations"
import { Effect } from "effect"
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
import type { TrainReport } from "./TrainReport.ts"

type TrainInput = typeof train.input.Type

/** Network to train, its initial parameters and its rows. */
export interface Beginning {
  readonly data: Prepared.Prepared
  readonly shape: TrainInput["shape"]
  readonly start?: TrainInput["start"]
  /** Seed by which the rows were split. */
  readonly seed: number
  readonly from?: TrainReport["from"]
  /** Network of another program, which is saved under its original names. */
  readonly model?: Model
}

const usual = { hidden: [100], activation: "relu" } as const

/** New parameters. */
const fresh = Effect.fnUntraced(function* ({ data, effort: { seed }, outside, shape }: Input) {
  const [flag] = Outside.given(outside)
  if (flag !== undefined)
    return yield* new Misfit({ flag, needs: "--from with a network from another program" })
  const { activation = usual.activation, hidden = usual.hidden } = shape
  const prepared = yield* Data.prepare({ ...data, seed })
  return { data: prepared, shape: { hidden, activation }, seed } satisfies Beginning
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
  const whole = ForeignNetwork.asDataset(onData)
  if (whole.train.target._tag === "Regression" && model.architecture.outputs > 1) {
    const reason = `it has ${model.architecture.outputs} values per sample, but train takes one`
    return yield* new UnfitData({
      path: whole.train.name,
      reason,
      remedy: "train it in the program that made it",
    })
  }
  const places = yield* Effect.fromResult(
    Split.partition(whole.train, { testFraction, seed: Seed.root(seed).child("split") }),
  )
  const data = {
    ...whole,
    train: Dataset.subset(whole.train, places.train),
    test: Dataset.subset(whole.train, places.test),
  }
  return {
    data,
    shape: { input: model.input, blocks: fitted.blocks },
    start: { parameters: model.parameters, targetScale: { shift: 0, scale: 1 } },
    seed,
    from: { path, format: read.format, notes, seen: SeenRows.ofForeign(data) },
    model,
  } satisfies Beginning
})

/** Prepares a training. Fails with Misfit where flags do not apply, and with the errors of a network or its data. */
export const begin = Effect.fn("From.begin")(function* (input: Input) {
  const { checks, from, shape } = input
  if (from === undefined) return yield* fresh(input)
  const rules: ReadonlyArray<readonly [flag: string, isGiven: boolean, needs: string]> = [
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
