import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import { lazily } from "../../cli/Lazily.ts"
import * as DataFlags from "../../networks/DataFlags.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

const flags = {
  file: Argument.String("network").pipe(
    Argument.withDescription("A network that nonconvex train --save wrote"),
  ),
  data: DataFlags.data,
  lossTolerance: Flag.Finite("loss-tolerance").pipe(
    Flag.withDescription("Largest loss above the minimum"),
    Flag.withSchema(Positive),
    Flag.withDefault(0.01),
  ),
  residualTolerance: Flags.optional(
    Flag.Finite("residual-tolerance").pipe(
      Flag.withDescription(
        "Largest flatness residual: how fast the mean curvature may change along the valley",
      ),
      Flag.withSchema(Positive),
    ),
    "the root of the loss tolerance",
  ),
  descend: Flags.optional(
    Flags.positive(
      "descend",
      "First go down to the minimum, by at most so many gradients of the whole training loss; a product with the Hessian counts as two",
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
  capabilities: Flags.capabilities,
  seed: Flags.optional(
    Flag.Int("seed").pipe(
      Flag.withAlias("s"),
      Flag.withDescription(
        "Root seed: it splits a file as it was split then, and draws the estimates",
      ),
    ),
    "that of the training",
  ),
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>

export const certify = Command.make(
  "certify",
  flags,
  lazily(() => import("./Handler.ts")),
).pipe(
  Command.withDescription(
    "Certify how flat the minimum of a trained network is: a bound on its loss gap, the flatness residual, the trace and the top eigenvalue of the Hessian, each with its error, and a verdict in plain words, with what would change it. With --figure it draws the spectral density of the Hessian. Name the data and flags of the training; the network knows its seed.",
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
