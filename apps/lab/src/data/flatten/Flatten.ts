import { LabelNoise, outputs, residual, type TwoLayer } from "@nonconvex/label-noise"
import * as Vector from "@nonconvex/numerics/Vector"
import { Console, Effect, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { blocking } from "../../cli/Blocking.ts"
import { Misfit, RunFailed } from "../../cli/Failure.ts"
import * as Flags from "../../cli/Flags.ts"
import { create } from "./Create.ts"
import * as Flattenable from "./Flattenable.ts"
import * as FlattenReport from "./FlattenReport.ts"
import { activations, TwoLayerFile } from "../../networks/TwoLayerFile.ts"
import * as Output from "../../cli/Output.ts"
import * as Folder from "../../files/Folder.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Prepared from "../train/Prepared.ts"
import * as TrainFlags from "../train/TrainFlags.ts"

/** Largest residual of a network that fits, and largest change of an output, relative to `1 + max |y|`. */
const fits = 1e-6
const unchanged = 1e-9

interface Given {
  readonly created: (typeof activations)[number] | undefined
  readonly fit: boolean
  readonly neurons: number | undefined
  readonly rows: number | undefined
  readonly save: string | undefined
  readonly slope: number | undefined
}

/** A flag that was given and says nothing, if there is one. */
const misfit = (given: Given): Misfit | undefined => {
  const { created, fit, neurons, rows, save, slope } = given
  const isFresh = created !== undefined
  const kinds: ReadonlyArray<readonly [isMisfit: boolean, flag: string, needs: string]> = [
    [!isFresh && neurons !== undefined, "neurons", "--create"],
    [!isFresh && rows !== undefined, "rows", "--create"],
    [slope !== undefined && created !== "cubic", "slope", "--create cubic"],
    [isFresh && save !== undefined, "save", "no --create, which writes to the file named first"],
    [isFresh && fit, "fit", "no --create, which fits already"],
  ]
  const found = kinds.find(([isMisfit]) => isMisfit)
  return found && new Misfit({ flag: found[1], needs: found[2] })
}

const sizeOf = ({ labels }: TwoLayer): number => 1 + Vector.maxAbs(labels)

/** The network where it fits its labels: as it is, or after gradient descent where that is asked for. */
const fitted = Effect.fnUntraced(function* (
  path: string,
  network: TwoLayer,
  theta: Float64Array,
  isFitWanted: boolean,
) {
  const { warmStart } = yield* LabelNoise
  if (isFitWanted) return yield* warmStart(network, theta)
  const missed = residual(network, theta)
  if (missed <= fits * sizeOf(network)) return theta
  const reason = `it misses a target by ${missed} (scaled); train it further, or fit it with --fit`
  return yield* new Flattenable.NotFlattenable({ path, reason })
})

const flattened = Effect.fnUntraced(function* (
  path: string,
  isFitWanted: boolean,
  prepared: Prepared.Prepared,
) {
  const { certify, flatLimit, plan } = yield* LabelNoise
  const found = yield* Flattenable.read(path)
  const given = yield* Flattenable.attach(path, found, prepared)
  const theta = yield* fitted(path, given, found.theta, isFitWanted)
  // what must not change is the function, and not what it was fitted to
  const network = { ...given, labels: outputs(given, theta) }
  const before = yield* certify(network, theta)
  const flat = yield* flatLimit(network, theta)
  const after = yield* certify(network, flat.theta)
  const outputChange = residual(network, flat.theta)
  if (!(outputChange <= unchanged * sizeOf(network))) {
    const reason = `the function changed by ${outputChange}: the data are too close to dependent`
    return yield* new RunFailed({ reasons: [`${path}: ${reason}`] })
  }
  const isOnItsWay = before.verdict === "far" || before.verdict === "convergent"
  const plans = isOnItsWay ? yield* plan(network, theta) : undefined
  const report = {
    activation: network.activation.name,
    neurons: network.neurons,
    rows: network.size,
    dimension: network.dimension,
    before: FlattenReport.certificateOf(before),
    after: FlattenReport.certificateOf(after),
    outputChange,
    ...(plans === undefined ? {} : { labelNoise: FlattenReport.labelNoiseOf(plans[0]) }),
  }
  return { report, file: found.save(flat.theta) }
})

export const flatten = Command.make(
  "flatten",
  {
    file: Argument.String("network").pipe(
      Argument.withDescription(
        "A network that nonconvex train --activation cube --save or nonconvex flatten --create wrote",
      ),
    ),
    data: TrainFlags.data,
    fit: Flag.Boolean("fit").pipe(
      Flag.withDescription("Fit the network to the data by gradient descent first"),
      Flag.withDefault(false),
    ),
    save: Flags.optional(
      Flag.String("save").pipe(
        Flag.withDescription("Write the flat network to this file, in the form of the given one"),
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
        Flag.withDescription("Of --create cubic: the slope of z^3 + slope z at 0, 1 by default"),
        Flag.withSchema(Schema.Finite.check(Schema.isBetween({ minimum: 1e-6, maximum: 1000 }))),
      ),
    ),
    neurons: Flags.optional(
      Flag.Int("neurons").pipe(
        Flag.withDescription("Of --create: neurons, 16 by default"),
        Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000 }))),
      ),
    ),
    rows: Flags.optional(
      Flags.positive(
        "rows",
        "Of --create: the first training rows to fit to; as many as features and one by default",
      ),
    ),
    seed: Flags.seed,
    json: Flags.json,
  },
  Effect.fn(
    function* (flags) {
      const { created, data, file, fit, json, rows, save, seed } = flags
      const wrong = misfit(flags)
      if (wrong !== undefined) return yield* wrong
      if (created !== undefined) {
        const { neurons = 16, slope = 1 } = flags
        const staged = yield* Folder.stageFile(file, [data.name])
        const prepared = yield* Prepared.prepare({ ...data, seed })
        const activation = { name: created, slope }
        const network = yield* blocking(create(file, prepared, { activation, neurons, rows, seed }))
        yield* staged.write(yield* Output.encode(TwoLayerFile, network))
        return yield* json
          ? Output.json(TwoLayerFile, network)
          : Console.log(
              `${file}: ${Table.plural(neurons, "neuron")}, ${created}, fitted to ${Table.plural(network.rows, "row")}`,
            )
      }
      const staged =
        save === undefined ? undefined : yield* Folder.stageFile(save, [file, data.name])
      const prepared = yield* Prepared.prepare({ ...data, seed })
      const { file: flat, report } = yield* blocking(flattened(file, fit, prepared))
      if (staged !== undefined) {
        yield* staged.write(yield* Output.encode(Flattenable.SavedFile, flat))
      }
      return yield* json
        ? Output.json(FlattenReport.FlattenReport, report)
        : Console.log(FlattenReport.render(report))
    },
    Effect.scoped,
    Effect.provide(LabelNoise.layer),
  ),
).pipe(
  Command.withDescription(
    "Replace a two-layer network by the flattest one with the same function on its data, where label-noise SGD would end: one solve, a certificate before and after, and the steps that label noise would need. It needs at most as many rows as features and one, independent. Name the data, flags and seed of the training.",
  ),
  Command.withShortDescription("Find the flattest network with the same function on the data"),
  Command.withExamples([
    {
      command: "nonconvex flatten example.json diabetes --create cubic --rows 8",
      description: "A network to begin with",
    },
    {
      command: "nonconvex flatten example.json diabetes --save flat.json",
      description: "The flat one",
    },
  ]),
)
