import { Effect } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import { RunFailed, reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import { standalone } from "@nonconvex/figures/drawing"
import * as Svg from "@nonconvex/figures/svg"
import * as Folder from "../../files/Folder.ts"
import * as CertifyReport from "./CertifyReport.ts"
import * as MeasureReport from "./MeasureReport.ts"
import * as Network from "./Network.ts"
import * as TimeLimit from "./TimeLimit.ts"
import * as Oracle from "./Oracle.ts"
import type { Input } from "./CertifyFlags.ts"

export const handle = Effect.fn("certify")(
  function* (input: Input) {
    const { figure, json } = input
    const within = yield* TimeLimit.start(input.time)
    const program = yield* Oracle.asked(input)
    const network = program === undefined ? yield* Network.named(input) : undefined
    const inputs = network === undefined ? [] : [network.file, network.data.name]
    const staged = figure === undefined ? undefined : yield* Folder.stageFile(figure, inputs)
    const report =
      program === undefined
        ? yield* Network.ofNetwork(input, network!, within)
        : yield* Oracle.certified(input, program, within)
    const isMeasured = "checkpoints" in report
    if (staged !== undefined) {
      const { id, spec } = isMeasured ? MeasureReport.figure(report) : CertifyReport.figure(report)
      const drawn = yield* Svg.draw({ key: id, spec })
      if (drawn._tag === "Undrawable") return yield* new RunFailed({ reasons: [drawn.reason] })
      yield* staged.write(standalone(drawn.svg))
    }
    if (isMeasured) {
      return yield* json
        ? Output.json(MeasureReport.MeasureReport, report)
        : Output.text(MeasureReport.render(report))
    }
    yield* json
      ? Output.json(CertifyReport.CertifyReport, report)
      : Output.text(CertifyReport.render(report))
  },
  Effect.scoped,
  (work, { capabilities }) => Effect.provide(work, Capabilities.layer(capabilities)),
  reported,
)
