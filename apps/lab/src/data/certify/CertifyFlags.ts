/** The flags of `certify`. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import * as DataFlags from "../../networks/DataFlags.ts"
import { outside } from "../../networks/outside/OutsideFlags.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

const optional = (argument: Argument.Argument<string>) =>
  argument.pipe(Argument.optional, Argument.map(Option.getOrUndefined))

export const flags = {
  file: optional(
    Argument.String("network").pipe(
      Argument.withDescription(
        "A network from nonconvex train --save, or from another program: .safetensors or .npz with --architecture, .onnx, .keras, .h5, or model.json of TensorFlow.js; or a folder of these, the checkpoints of a training",
      ),
    ),
  ),
  data: {
    ...DataFlags.data,
    name: optional(
      DataFlags.data.name.pipe(
        Argument.withDescription(
          "A table with names (text, Parquet, Arrow), or a bundled data set (nonconvex doctor lists them); for networks from other programs also .npz, IDX images, CIFAR-10 files, and a folder of PNG pictures with one folder per class",
        ),
      ),
    ),
  },
  outside,
  by: Flags.optional(
    Flag.Literals("by", ["layer"]).pipe(
      Flag.withDescription(
        "Also print the trace and top eigenvalue of each layer's block of the Hessian, with errors",
      ),
    ),
  ),
  measures: Flags.optional(
    Flag.Literals("measures", ["trace,top"]).pipe(
      Flag.withDescription(
        "Only the trace and the top eigenvalue, with errors and without a verdict: quick. A folder of checkpoints always gets these, one row each",
      ),
    ),
  ),
  time: Flags.optional(
    Flag.Finite("time").pipe(
      Flag.withDescription(
        "Time limit in seconds for the whole command; the output says which precision was reached",
      ),
      Flag.withSchema(Flags.Seconds),
    ),
    "no limit",
  ),
  oracle: Flags.optional(
    Flag.String("oracle").pipe(
      Flag.withDescription(
        'Instead of a network and its data: a program that computes gradients and Hessian-vector products over a pipe, such as "python model.py" (protocol: docs/oracle.md; for PyTorch and JAX: examples/python)',
      ),
      Flag.withMetavar("command"),
    ),
  ),
  products: Flags.optional(
    Flags.positive(
      "products",
      "With --oracle: approximate budget of Hessian-vector products; a gradient counts as half",
    ),
    "1000, and 4 for each parameter of up to 1000: enough for the whole Hessian",
  ),
  oracleTimeout: Flags.optional(
    Flag.Finite("oracle-timeout").pipe(
      Flag.withDescription("With --oracle: timeout in seconds while the program is silent"),
      Flag.withSchema(Flags.Seconds),
    ),
    "300",
  ),
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
    "the square root of the loss tolerance",
  ),
  descend: Flags.optional(
    Flags.positive(
      "descend",
      "First descend to the minimum, with at most this many full-batch gradients; a Hessian-vector product counts as two",
    ),
  ),
  gradientTolerance: Flag.Finite("gradient-tolerance").pipe(
    Flag.withDescription("With --descend: gradient norm at which to stop"),
    Flag.withSchema(Positive),
    Flag.withDefault(1e-6),
  ),
  figure: Flags.optional(
    Flag.String("figure").pipe(
      Flag.withDescription(
        "Write the spectral density of the Hessian to this SVG file; with --measures or a folder, the measures through training",
      ),
      Flag.withMetavar("file"),
    ),
  ),
  capabilities: Flags.capabilities,
  seed: Flags.optional(
    Flag.Int("seed").pipe(
      Flag.withAlias("s"),
      Flag.withDescription("Root seed of the train/test split and of the estimates"),
    ),
    "the seed of the training",
  ),
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
