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
import type { Input } from "./Certify.ts"

/** The way down from the network, where it was asked for. */
const descended = Effect.fnUntraced(function* (
  network: TrainedNetwork.TrainedNetwork,
  { descend: gradients, gradientTolerance: tolerance, lossTolerance }: Input,
) {
  if (gradients === undefined) return undefined
  const flatMinima = yield* FlatMinima
  const negligible = 0.1 * lossTolerance
  return yield* Progress.track({ label: "descend", total: gradients, unit: "gradients" }, (meter) =>
    flatMinima.descend({ ...network, gradients, tolerance, negligible }, (progress) => {
      meter.done(progress.gradients)
      meter.note(
        `loss ${progress.loss.toPrecision(3)}, gradient norm ${progress.gradientNorm.toPrecision(3)}`,
      )
    }),
  ).pipe(
    Effect.catchTag(
      "NoMinimumNearby",
      ({ advice = "allow more gradients", evaluations, gradientNorm, tolerance: asked }) =>
        Effect.fail(
          new NoMinimumNearby({
            operation: "certify --descend",
            gradientNorm,
            tolerance: asked,
            evaluations,
            advice,
          }),
        ),
    ),
  )
})

/** What a certificate does, in its order. */
const doing = {
  Hessian: "checking products with the Hessian",
  spectrum: "looking for the ends of the spectrum, and for a gap",
  residual: "measuring the flatness residual",
  "way down": "going down, for want of a verdict",
  bottom: "measuring at the end of the way down",
  density: "drawing the spectrum",
} as const
const parts = Object.keys(doing)

const certified = Effect.fnUntraced(function* (
  network: TrainedNetwork.TrainedNetwork,
  { lossTolerance, residualTolerance }: Input,
) {
  const flatMinima = yield* FlatMinima
  const question = {
    ...network,
    lossTolerance,
    ...(residualTolerance === undefined ? {} : { residualTolerance }),
  }
  return yield* Progress.track({ label: "certify", total: parts.length, unit: "parts" }, (meter) =>
    flatMinima.certifyNetwork(question, ({ gradients, phase }) => {
      meter.done(parts.indexOf(phase))
      meter.note(`${doing[phase]}, ${gradients} gradients so far`)
    }),
  )
})

export const handle = Effect.fn("certify")(
  function* (input: Input) {
    const { data, figure, file, json, lossTolerance, residualTolerance } = input
    const staged =
      figure === undefined ? undefined : yield* Folder.stageFile(figure, [file, data.name])
    const saved = yield* TrainedNetwork.read(file)
    const seed = input.seed ?? saved.made?.seed ?? 1
    const source = yield* TrainedNetwork.sourceOf(saved, { ...data, seed })
    const prepared = yield* Prepared.prepare(source)
    const trained = yield* TrainedNetwork.attach(file, saved, prepared, seed)
    const work = Effect.gen(function* () {
      const descent = yield* descended(trained, input)
      const { parameters } = descent ?? trained
      const found = yield* certified({ ...trained, parameters }, input)
      return CertifyReport.reportOf(found, {
        kernels: input.capabilities.kernels,
        lossTolerance,
        residualTolerance: residualTolerance ?? Math.sqrt(lossTolerance),
        ...(descent !== undefined && { descent }),
      })
    })
    const report = yield* Effect.catchTag(work, "LossOverflows", () =>
      Effect.fail(TrainedNetwork.overflows(file)),
    )
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
