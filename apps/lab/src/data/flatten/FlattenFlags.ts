/** The flags of `flatten`. */
import * as Schema from "effect/Schema"
import * as Argument from "effect/cli/Argument"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Flags from "../../cli/Flags.ts"
import { activations } from "../../networks/TwoLayerFile.ts"
import * as DataFlags from "../../networks/DataFlags.ts"
import { outside } from "../../networks/outside/OutsideFlags.ts"

const { labels: _labels, rows: _rows, ...ofOthers } = outside

export const flags = {
  file: Argument.String("network").pipe(
    Argument.withDescription(
      "A network from nonconvex train --activation cube --save or nonconvex flatten --create, or one from another program with a cube between two layers",
    ),
  ),
  data: DataFlags.data,
  fit: Flag.Boolean("fit").pipe(
    Flag.withDescription("Fit the network to its training rows first (Levenberg-Marquardt)"),
    Flag.withDefault(false),
  ),
  save: Flags.optional(
    Flag.String("save").pipe(
      Flag.withDescription(
        "Write the flat network to this file, in the format of the input; a network from another program as .safetensors or .npz (float64, same names) or .json",
      ),
      Flag.withMetavar("file"),
    ),
  ),
  created: Flags.optional(
    Flag.Literals("create", activations).pipe(
      Flag.withDescription("Write a fresh network with this activation, fitted to the data"),
    ),
  ),
  slope: Flags.optional(
    Flag.Finite("slope").pipe(
      Flag.withDescription("With --create cubic: the slope in z^3 + slope z"),
      Flag.withSchema(Schema.Finite.check(Schema.isBetween({ minimum: 1e-6, maximum: 1000 }))),
    ),
    "1",
  ),
  neurons: Flags.optional(
    Flag.Int("neurons").pipe(
      Flag.withDescription("With --create: number of neurons"),
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000 }))),
    ),
    "16",
  ),
  rows: Flags.optional(
    Flags.positive(
      "rows",
      "Number of rows to fit, from the first: training rows with --create, samples for a network from another program",
    ),
    "the number of features plus one, or all samples",
  ),
  outside: ofOthers,
  kernels: Flags.kernels,
  folder: Flags.capabilities.data,
  seed: Flags.seed,
  json: Flags.json,
}

export type Input = Command.Command.Config.Infer<typeof flags>
