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
import * as Phases from "./Phases.ts"
import { NothingToCertify } from "./NothingToCertify.ts"
import * as Oracle from "./Oracle.ts"
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
  return yield* Phases.track((onPhase) => flatMinima.certifyNetwork(question, onPhase))
})

/** A network, its data and the data's flags, where they are named. */
const named = ({ data: { name, ...flags }, file }: Input) =>
  file === undefined || name === undefined
    ? Effect.fail(new NothingToCertify())
    : Effect.succeed({ file, data: { ...flags, name } })

/** The certificate of a saved network. */
const ofNetwork = Effect.fnUntraced(function* (
  input: Input,
  { data, file }: Effect.Success<ReturnType<typeof named>>,
) {
  const { lossTolerance, residualTolerance } = input
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
  return yield* Effect.catchTag(work, "LossOverflows", () =>
    Effect.fail(TrainedNetwork.overflows(file)),
  )
})

export const handle = Effect.fn("certify")(
  function* (input: Input) {
    const { figure, json } = input
    const program = yield* Oracle.asked(input)
    const network = program === undefined ? yield* named(input) : undefined
    const inputs = network === undefined ? [] : [network.file, network.data.name]
    const staged = figure === undefined ? undefined : yield* Folder.stageFile(figure, inputs)
    const report =
      program === undefined
        ? yield* ofNetwork(input, network!)
        : yield* Oracle.certified(input, program)
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
