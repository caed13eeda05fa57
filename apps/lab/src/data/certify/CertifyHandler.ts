import { Effect } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import { RunFailed, reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import { standalone } from "@nonconvex/figures/drawing"
import * as Svg from "@nonconvex/figures/svg"
import * as Folder from "../../files/Folder.ts"
import * as CertifyReport from "./CertifyReport.ts"
import * as Network from "./Network.ts"
import * as Oracle from "./Oracle.ts"
import type { Input } from "./CertifyFlags.ts"

export const handle = Effect.fn("certify")(
  function* (input: Input) {
    const { figure, json } = input
    const program = yield* Oracle.asked(input)
    const network = program === undefined ? yield* Network.named(input) : undefined
    const inputs = network === undefined ? [] : [network.file, network.data.name]
    const staged = figure === undefined ? undefined : yield* Folder.stageFile(figure, inputs)
    const report =
      program === undefined
        ? yield* Network.ofNetwork(input, network!)
        : yield* Oracle.certified(input, program)
    if (staged !== undefined) {
      const { id, spec } = CertifyReport.figure(report)
      const drawn = yield* Svg.draw({ key: id, spec })
      if (drawn._tag === "Undrawable") return yield* new RunFailed({ reasons: [drawn.reason] })
      yield* staged.write(standalone(drawn.svg))
    }
    yield* json
      ? Output.json(CertifyReport.CertifyReport, report)
      : Output.text(CertifyReport.render(report))
  },
  Effect.scoped,
  (work, { capabilities }) => Effect.provide(work, Capabilities.layer(capabilities)),
  reported,
)
