import { predict, system } from "@nonconvex/optim-sam/operations"
import type { ReadModel } from "@nonconvex/interchange/node"
import { operate } from "@nonconvex/runner/Operations"
import { Effect } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import { Misfit, reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as SavedTable from "../../files/SavedTable.ts"
import * as Checkpoints from "../../networks/Checkpoints.ts"
import * as NetworkFile from "../../networks/NetworkFile.ts"
import type { SavedNetwork } from "../../networks/SavedNetwork.ts"
import * as TrainedNetwork from "../../networks/TrainedNetwork.ts"
import * as Answers from "./Answers.ts"
import * as ForeignRows from "./ForeignRows.ts"
import * as NewRows from "./NewRows.ts"
import * as PredictReport from "./PredictReport.ts"
import type { Input } from "./PredictFlags.ts"

/** Rows with the answers of a network, and where it comes from. */
interface Answered {
  readonly rows: NewRows.NewRows
  readonly answers: Answers.Answers
  readonly made?: SavedNetwork["made"]
  readonly read?: PredictReport.PredictReport["read"]
}

/** First flag that is only for networks of other programs, if one was given. */
const misfit = ({ data: { ignore, target, task } }: Input): Misfit | undefined => {
  const given = {
    target: target !== undefined,
    task: task !== undefined,
    ignore: ignore.length > 0,
  }
  const [flag] = Object.entries(given).flatMap(([name, isGiven]) => (isGiven ? [name] : []))
  const needs = "a network from another program: a file from train is self-contained"
  return flag === undefined ? undefined : new Misfit({ flag, needs })
}

const finite = (path: string, outputs: Float64Array) =>
  outputs.some((output) => !Number.isFinite(output))
    ? Effect.fail(TrainedNetwork.overflows(path))
    : Effect.succeed(outputs)

const bySaved = Effect.fnUntraced(function* (path: string, saved: SavedNetwork, input: Input) {
  const { copied, data, spelling } = input
  const wrong = misfit(input)
  if (wrong !== undefined) return yield* wrong
  const { architecture, made, parameters } = saved
  const rows = yield* NewRows.read(saved, { network: path, name: data.name, copied, spelling })
  const outputs = yield* operate(system, predict, {
    ...architecture,
    parameters: Float64Array.from(parameters),
    features: rows.features,
  })
  const answers = Answers.ofSaved(saved, yield* finite(path, outputs))
  return { rows, answers, ...(made && { made }) } satisfies Answered
})

const byForeign = Effect.fnUntraced(function* (path: string, found: ReadModel, input: Input) {
  const { format, model } = found
  const { meaning, notes, rows } = yield* ForeignRows.read(found, input)
  const { blocks, input: shape, parameters } = model
  const outputs = yield* operate(system, predict, {
    input: shape,
    blocks,
    parameters,
    features: rows.features,
  })
  const answers = ForeignRows.answersOf(meaning, yield* finite(path, outputs), rows.count)
  return { rows, answers, read: { format, notes } } satisfies Answered
})

const answered = Effect.fnUntraced(function* (path: string, input: Input) {
  const network = yield* NetworkFile.read(path, input.outside)
  const found: Answered = yield* network._tag === "Foreign"
    ? byForeign(path, network.found, input)
    : bySaved(path, network.saved, input)
  return found
})

export const handle = Effect.fn("predict")(
  function* (input: Input) {
    const { capabilities, copied, data, file, json, outside, probabilities, save } = input
    if (copied.length > 0 && save === undefined) {
      return yield* new Misfit({ flag: "copy", needs: "--save" })
    }
    // whether it is to hold words, the network tells
    const saved =
      save === undefined
        ? undefined
        : yield* SavedTable.stage(save, [file, data.name], { texts: false })
    const networks = yield* Checkpoints.find(file, [data.name, outside.architecture])
    const each = yield* Effect.forEach(networks, ({ name, path }) =>
      Effect.map(answered(path, input), (found) => ({ name, ...found })),
    )
    const { answers, made, read, rows } = each.at(-1)!
    const texts = answers.classes.length > 0
    if (probabilities && !texts) {
      return yield* new Misfit({ flag: "probabilities", needs: "a network that predicts classes" })
    }
    const checkpoints = each.map(({ answers: { predictions }, name, rows: { target } }) => {
      const known = PredictReport.knownOf(target, predictions)
      return { name, ...(known && { known }) }
    })
    const report = PredictReport.reportOf(file, rows, answers, {
      kernels: capabilities.kernels,
      withProbabilities: probabilities,
      ...(checkpoints.length > 1 && { checkpoints }),
      ...(read && { read }),
    })
    if (saved !== undefined) {
      yield* SavedTable.requireTexts(saved.path, texts)
      yield* SavedTable.write(saved, rows.format, PredictReport.table(report, rows.copied))
    }
    yield* json
      ? Output.json(PredictReport.PredictReport, report)
      : Output.text(PredictReport.render(report, made, save))
  },
  Effect.scoped,
  (work, { capabilities }) => Effect.provide(work, Capabilities.layer(capabilities)),
  reported,
)
