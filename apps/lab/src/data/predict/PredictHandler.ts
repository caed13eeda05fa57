import { predict, system } from "@nonconvex/optim-sam/operations"
import { operate } from "@nonconvex/runner/Operations"
import { Effect } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import { Misfit, reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as SavedTable from "../../files/SavedTable.ts"
import * as TrainedNetwork from "../../networks/TrainedNetwork.ts"
import * as NewRows from "./NewRows.ts"
import * as PredictReport from "./PredictReport.ts"
import type { Input } from "./PredictFlags.ts"

export const handle = Effect.fn("predict")(
  function* (input: Input) {
    const { capabilities, copied, file, json, name, probabilities, save, spelling } = input
    if (copied.length > 0 && save === undefined) {
      return yield* new Misfit({ flag: "copy", needs: "--save" })
    }
    const network = yield* TrainedNetwork.read(file)
    const { architecture, parameters, target } = network
    const texts = target._tag === "Classification"
    const saved =
      save === undefined ? undefined : yield* SavedTable.stage(save, [file, name], { texts })
    if (probabilities && target._tag === "Regression") {
      return yield* new Misfit({ flag: "probabilities", needs: "a network that predicts classes" })
    }
    const rows = yield* NewRows.read(network, { network: file, name, copied, spelling })
    const outputs = yield* operate(system, predict, {
      ...architecture,
      parameters: Float64Array.from(parameters),
      features: rows.features,
    })
    if (outputs.some((output) => !Number.isFinite(output))) {
      return yield* TrainedNetwork.overflows(file)
    }
    const report = PredictReport.reportOf(file, network, rows, outputs, {
      kernels: capabilities.kernels,
      withProbabilities: probabilities,
    })
    if (saved !== undefined) {
      yield* SavedTable.write(saved, rows.format, PredictReport.table(report, rows.copied))
    }
    yield* json
      ? Output.json(PredictReport.PredictReport, report)
      : Output.text(PredictReport.render(report, network.made, save))
  },
  Effect.scoped,
  (work, { capabilities }) => Effect.provide(work, Capabilities.layer(capabilities)),
  reported,
)
