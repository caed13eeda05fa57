import { FlatMinima } from "@nonconvex/flat-minima/evidence"
import { NoMinimumNearby } from "@nonconvex/flat-minima"
import { Console, Effect, Layer } from "effect"
import * as Capable from "../../cli/Capable.ts"
import { RunFailed } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as Progress from "../../cli/Progress.ts"
import * as Svg from "../../evidence/report/Svg.ts"
import * as Folder from "../../files/Folder.ts"
import * as TrainedNetwork from "../../networks/TrainedNetwork.ts"
import * as Prepared from "../../networks/Prepared.ts"
import * as CertifyReport from "./CertifyReport.ts"

export interface Input {
  /** A network that `train` saved. */
  readonly file: string
  readonly data: Omit<Prepared.Source, "seed">
  readonly lossTolerance: number
  readonly residualTolerance: number | undefined
  /** Gradients of the descent to the minimum; none without it. */
  readonly descend: number | undefined
  readonly gradientTolerance: number
  /** Where the spectral density is drawn. */
  readonly figure: string | undefined
  readonly capabilities: Capable.Chosen
  readonly seed: number
  readonly json: boolean
}

/** The parameters to certify: the saved ones, or those at the minimum below. */
const settled = Effect.fnUntraced(function* (
  network: TrainedNetwork.TrainedNetwork,
  { descend: gradients, gradientTolerance: tolerance }: Input,
) {
  if (gradients === undefined) return network.parameters
  const flatMinima = yield* FlatMinima
  return yield* Progress.track({ label: "descend", total: gradients, unit: "gradients" }, (meter) =>
    flatMinima.descend({ ...network, gradients, tolerance }, (progress) => {
      meter.done(progress.gradients)
      meter.note(`gradient norm ${progress.gradientNorm.toPrecision(3)}`)
    }),
  ).pipe(
    Effect.catchTag("NoMinimumNearby", ({ evaluations, gradientNorm, tolerance: asked }) =>
      Effect.fail(
        new NoMinimumNearby({
          operation: "certify --descend",
          gradientNorm,
          tolerance: asked,
          evaluations,
        }),
      ),
    ),
  )
})

export const handle = Effect.fn("certify")(
  function* (input: Input) {
    const { data, figure, file, json, lossTolerance, residualTolerance, seed } = input
    const staged =
      figure === undefined ? undefined : yield* Folder.stageFile(figure, [file, data.name])
    const saved = yield* TrainedNetwork.read(file)
    const prepared = yield* Prepared.prepare({ ...data, seed })
    const trained = yield* TrainedNetwork.attach(file, saved, prepared, seed)
    const flatMinima = yield* FlatMinima
    const certified = yield* settled(trained, input).pipe(
      Effect.flatMap((parameters) =>
        flatMinima.certifyNetwork({
          ...trained,
          parameters,
          lossTolerance,
          ...(residualTolerance === undefined ? {} : { residualTolerance }),
        }),
      ),
      Effect.catchTag("LossOverflows", () => Effect.fail(TrainedNetwork.overflows(file))),
    )
    const report = CertifyReport.reportOf(certified, input.capabilities.kernels)
    if (staged !== undefined) {
      const { id, spec } = CertifyReport.figure(report)
      const drawn = yield* Svg.draw({ key: id, spec })
      if (drawn._tag === "Undrawable") return yield* new RunFailed({ reasons: [drawn.reason] })
      yield* staged.write(Svg.standalone(drawn.svg))
    }
    yield* json
      ? Output.json(CertifyReport.CertifyReport, report)
      : Console.log(CertifyReport.render(report))
  },
  Effect.scoped,
  (work, { capabilities }) =>
    Effect.provide(work, Layer.provideMerge(FlatMinima.layer, Capable.layer(capabilities))),
)
