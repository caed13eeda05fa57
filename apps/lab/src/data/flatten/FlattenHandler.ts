import * as Data from "../../networks/Data.ts"
import { flatten, system, type fit } from "@nonconvex/label-noise/operations"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { operate, type OperationFault } from "@nonconvex/runner/Operations"
import { ForeignNetwork, type Model } from "@nonconvex/interchange/node"
import { Effect, Path } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import { Misfit, RunFailed, reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as Progress from "../../cli/Progress.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import { TwoLayerFile } from "../../networks/TwoLayerFile.ts"
import * as Outside from "../../networks/outside/Outside.ts"
import * as Weights from "../../networks/outside/Weights.ts"
import * as TrainedNetwork from "../../networks/TrainedNetwork.ts"
import { create } from "./FreshNetwork.ts"
import * as Flattenable from "./Flattenable.ts"
import * as Foreign from "./Foreign.ts"
import * as FlattenReport from "./FlattenReport.ts"
import * as NeuronLines from "./NeuronLines.ts"
import * as Predictions from "./Predictions.ts"
import type { Input } from "./FlattenFlags.ts"

type NetworkInput = typeof fit.input.Type

/** First flag that was given without effect, if any. */
const misfit = (input: Input): Misfit | undefined => {
  const { created, fit, neurons, save, slope } = input
  const isFresh = created !== undefined
  const kinds: ReadonlyArray<readonly [isMisfit: boolean, flag: string, needs: string]> = [
    [!isFresh && neurons !== undefined, "neurons", "--create"],
    [slope !== undefined && created !== "cubic", "slope", "--create cubic"],
    [isFresh && save !== undefined, "save", "no --create, which writes to the first file"],
    [isFresh && fit, "fit", "no --create, which already fits the network"],
  ]
  const found = kinds.find(([isMisfit]) => isMisfit)
  return found && new Misfit({ flag: found[1], needs: found[2] })
}

/** Digits to which a fit finally meets the targets. */
const digits = 11

/** Progress of a fit, which ends when the network meets its targets. */
const whileFitting = <A, E, R>(
  use: (onProgress: (progress: typeof flatten.progress.Type) => void) => Effect.Effect<A, E, R>,
) =>
  Progress.track({ label: "fit", total: digits }, (meter) =>
    use(({ residual, step }) => {
      meter.done(Math.max(0, Math.min(digits, -Elementary.log10(residual))))
      meter.note(`step ${step}, a target is missed by ${residual.toPrecision(2)}`)
    }),
  )

/** Draws and writes a fresh network. */
const createdAt = Effect.fnUntraced(function* (
  { data, file, json, neurons = 16, rows, seed, slope = 1 }: Input,
  name: TwoLayerFile["activation"]["name"],
) {
  const staged = yield* Folder.stageFile(file, [data.name])
  const prepared = yield* Data.prepare({ ...data, seed })
  const activation = { name, slope }
  const network = yield* whileFitting((onProgress) =>
    create(file, prepared, { activation, neurons, rows, seed }, onProgress),
  )
  yield* staged.write(yield* Output.encode(TwoLayerFile, network))
  return yield* json
    ? Output.json(TwoLayerFile, network)
    : Output.text(
        `${file}: ${Table.plural(neurons, "neuron")}, ${name}, fitted to ${Table.plural(network.rows, "row")}`,
      )
})

/** Two equal rows of a network, counted from 1. */
const repeated = ({ dimension: d, features, labels }: NetworkInput) => {
  const rows = Array.from(labels, (_, i) => features.subarray(i * d, (i + 1) * d).join())
  const second = rows.findIndex((row, i) => rows.indexOf(row) < i)
  return second < 0 ? undefined : ([rows.indexOf(rows[second]!) + 1, second + 1] as const)
}

/** Explains an unsuitable network, or unsuitable data, in the terms of this command. */
const refusalOf = (
  path: string,
  network: NetworkInput,
  fit: boolean,
  failure: typeof flatten.failure.Type | OperationFault,
) => {
  const refuse = (reason: string, remedy: string) =>
    new Flattenable.NotFlattenable({ path, reason, remedy })
  switch (failure._tag) {
    case "FunctionChanged":
      return new RunFailed({ reasons: [`${path}: ${failure.message}`] })
    case "NotInterpolating": {
      const missed = `${Table.margin(failure.residual)} (scaled)`
      return fit
        ? refuse(
            `the fit does not reach every target: one is still missed by ${missed}`,
            "remove equal rows with different targets, or train with more --hidden neurons",
          )
        : refuse(`it misses a target by ${missed}`, "train it further, or fit it with --fit")
    }
    case "SingularGram": {
      const same = repeated(network)
      const which =
        same === undefined ? "" : ` (training rows ${same[0]} and ${same[1]} are the same)`
      const { dimension, labels } = network
      return refuse(
        `its ${labels.length} rows are linearly dependent in its ${dimension - 1} features and the constant${which}, so the limit of label noise is not unique`,
        "remove duplicate rows and constant columns",
      )
    }
    default:
      return failure
  }
}

/** A network of `train` or `flatten`, with the data of its training. */
const own = Effect.fnUntraced(function* (input: Input, seed: number) {
  const { data, file, outside, rows } = input
  const wrong = Outside.misfit({ ...outside, labels: undefined, rows: undefined })
  if (wrong !== undefined) return yield* wrong
  if (rows !== undefined) {
    return yield* new Misfit({ flag: "rows", needs: "--create, or a network from another program" })
  }
  const found = yield* Flattenable.read(file)
  const { saved } = found
  const told = { ...data, seed }
  const source = saved.format === 2 ? told : yield* TrainedNetwork.sourceOf(saved, told)
  return { found, prepared: yield* Data.prepare(source), model: undefined }
})

/**
 * Flat network as the bytes or text of a file. It has the tensor names of its program if it came from one and the file is
 * not JSON.
 */
const encoded = Effect.fnUntraced(function* (
  file: string,
  flat: Flattenable.SavedFile,
  model: Model | undefined,
) {
  const text = Output.encode(Flattenable.SavedFile, flat)
  const paths = yield* Path.Path
  if (model === undefined || paths.extname(file) === ".json" || flat.format === 2)
    return yield* text
  const write = yield* Weights.writerFor(file)
  return write(model, Float64Array.from(flat.parameters))
})

const flattened = Effect.fnUntraced(function* (input: Input) {
  const { file: path, fit, seed } = input
  const { found, model, prepared } = yield* (yield* ForeignNetwork.isForeign(path))
    ? Foreign.read(input, seed)
    : own(input, seed)
  const network = yield* Flattenable.attach(path, found, prepared, seed)
  const solve = (onProgress?: (progress: typeof flatten.progress.Type) => void) =>
    operate(system, flatten, { ...network, fit }, onProgress)
  const flat = yield* (fit ? whileFitting(solve) : solve()).pipe(
    Effect.mapError((failure) => refusalOf(path, network, fit, failure)),
  )
  const { dimension, labels, neurons } = network
  const networks = { fitted: flat.fitted, flat: flat.theta }
  const heldOut = Predictions.heldOut(network, networks, found, prepared)
  return {
    report: {
      ...flat,
      neurons,
      rows: labels.length,
      dimension,
      ...(heldOut && { heldOut }),
    },
    lines: NeuronLines.render(Predictions.rowsOf(network, networks)),
    file: found.save(flat.theta),
    model,
  }
})

export const handle = Effect.fn("flatten")(
  function* (input: Input) {
    const { created, data, file, json, kernels, save } = input
    const wrong = misfit(input)
    if (wrong !== undefined) return yield* wrong
    if (created !== undefined) return yield* createdAt(input, created)
    const staged = save === undefined ? undefined : yield* Folder.stageFile(save, [file, data.name])
    const { file: flat, lines, model, report: found } = yield* flattened(input)
    if (staged !== undefined) yield* staged.write(yield* encoded(save!, flat, model))
    const report = { ...found, kernels }
    return yield* json
      ? Output.json(FlattenReport.FlattenReport, report)
      : Output.text(FlattenReport.render(report, lines))
  },
  Effect.scoped,
  (work, { folder, kernels }) =>
    Effect.provide(work, Capabilities.layer({ kernels, data: folder })),
  reported,
)
