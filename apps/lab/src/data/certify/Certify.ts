import { type CertifyOptions, FlatMinima, spectralDensity } from "@nonconvex/flat-minima"
import * as Seed from "@nonconvex/numerics/Seed"
import type { Network } from "@nonconvex/problems/network/Network"
import { Console, Effect, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { blocking } from "../../cli/Blocking.ts"
import * as CertifyReport from "./CertifyReport.ts"
import * as Descent from "./Descent.ts"
import * as TrainedNetwork from "../../networks/TrainedNetwork.ts"
import { RunFailed } from "../../cli/Failure.ts"
import * as Flags from "../../cli/Flags.ts"
import * as Output from "../../cli/Output.ts"
import * as Progress from "../../cli/Progress.ts"
import * as Folder from "../../files/Folder.ts"
import * as Svg from "../../evidence/report/Svg.ts"
import * as Prepared from "../train/Prepared.ts"
import * as TrainFlags from "../train/TrainFlags.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

/** The certificate of `point` and the spectral density there. */
const judged = Effect.fnUntraced(function* (
  network: Network,
  point: Float64Array,
  options: CertifyOptions,
) {
  const { certify: judge } = yield* FlatMinima
  const certificate = yield* judge(network, point, options)
  const { eigenvalues, weights } = spectralDensity(
    (v, out) => network.hessianVector(point, v, out),
    {
      dimension: network.dimension,
      probes: 3,
      steps: 40,
      seed: options.seed.child("density"),
    },
  )
  return {
    network: network.name,
    certificate,
    traceIsExact: certificate.trace.standardError === 0,
    density: Array.from(eigenvalues, (eigenvalue, k) => ({ eigenvalue, weight: weights[k]! })),
    next: CertifyReport.next(certificate),
  } satisfies CertifyReport.CertifyReport
})

export const certify = Command.make(
  "certify",
  {
    file: Argument.String("network").pipe(
      Argument.withDescription("A network that nonconvex train --save wrote"),
    ),
    data: TrainFlags.data,
    lossTolerance: Flag.Finite("loss-tolerance").pipe(
      Flag.withDescription("Largest loss above the minimum"),
      Flag.withSchema(Positive),
      Flag.withDefault(0.01),
    ),
    residualTolerance: Flags.optional(
      Flag.Finite("residual-tolerance").pipe(
        Flag.withDescription(
          "Largest flatness residual; the root of the loss tolerance by default",
        ),
        Flag.withSchema(Positive),
      ),
    ),
    descend: Flags.optional(
      Flags.positive(
        "descend",
        "First go down to the minimum, by at most so many gradients of the whole training loss",
      ),
    ),
    gradientTolerance: Flag.Finite("gradient-tolerance").pipe(
      Flag.withDescription("Of --descend: the gradient norm at which the minimum is reached"),
      Flag.withSchema(Positive),
      Flag.withDefault(1e-6),
    ),
    figure: Flags.optional(
      Flag.String("figure").pipe(
        Flag.withDescription("Write the spectral density of the Hessian to this SVG file"),
        Flag.withMetavar("file"),
      ),
    ),
    seed: Flags.seed,
    json: Flags.json,
  },
  Effect.fn(
    function* (input) {
      const { data, descend, figure, file, json, lossTolerance, residualTolerance, seed } = input
      const staged =
        figure === undefined ? undefined : yield* Folder.stageFile(figure, [file, data.name])
      const net = yield* TrainedNetwork.read(file)
      const prepared = yield* Prepared.prepare({ ...data, seed })
      const { network, point: saved } = yield* TrainedNetwork.attach(file, net, prepared)
      const root = Seed.root(seed).child("certify")
      const point =
        descend === undefined
          ? saved
          : yield* Progress.track(
              { label: "descend", total: descend, unit: "gradients" },
              (meter) =>
                Descent.toMinimum(network, saved, {
                  gradients: descend,
                  tolerance: input.gradientTolerance,
                  seed: root.child("descent"),
                  meter,
                }),
            )
      const report = yield* blocking(
        judged(network, point, {
          lossTolerance,
          ...(residualTolerance === undefined ? {} : { residualTolerance }),
          seed: root,
        }),
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
    Effect.provide(FlatMinima.layer),
  ),
).pipe(
  Command.withDescription(
    "Certify how flat the minimum of a trained network is: a bound on its loss gap, the flatness residual, the trace and the top eigenvalue of the Hessian, each with its error, and a verdict. It never says flat where the spectrum has no gap. With --figure it draws the spectral density of the Hessian. Name the data, flags and seed of the training.",
  ),
  Command.withShortDescription("Certify how flat the minimum of a trained network is"),
  Command.withExamples([
    {
      command: "nonconvex certify digits.json digits --figure spectrum.svg",
      description: "A network that train saved, with its data",
    },
    {
      command: "nonconvex certify line.json diabetes --descend 20000",
      description: "At the minimum below the saved network, not where its training ended",
    },
  ]),
)
