import { LabelNoise } from "@nonconvex/label-noise/evidence"
import { Console, Effect, Layer } from "effect"
import * as Capable from "../../cli/Capable.ts"
import { Misfit, RunFailed } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import * as Table from "../../cli/TextTable.ts"
import * as Folder from "../../files/Folder.ts"
import { TwoLayerFile } from "../../networks/TwoLayerFile.ts"
import * as Prepared from "../../networks/Prepared.ts"
import { create } from "./Create.ts"
import * as Flattenable from "./Flattenable.ts"
import * as FlattenReport from "./FlattenReport.ts"

export interface Input {
  readonly file: string
  readonly data: Omit<Prepared.Source, "seed">
  readonly created: TwoLayerFile["activation"]["name"] | undefined
  readonly fit: boolean
  readonly neurons: number | undefined
  readonly rows: number | undefined
  readonly save: string | undefined
  readonly slope: number | undefined
  readonly seed: number
  readonly json: boolean
  readonly kernels: Capable.Chosen["kernels"]
  /** Where data sets of the user's own lie. */
  readonly folder: string | undefined
}

/** A flag that was given and says nothing, if there is one. */
const misfit = (input: Input): Misfit | undefined => {
  const { created, fit, neurons, rows, save, slope } = input
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

/** Draws and writes a fresh network. */
const createdAt = Effect.fnUntraced(function* (
  { data, file, json, neurons = 16, rows, seed, slope = 1 }: Input,
  name: TwoLayerFile["activation"]["name"],
) {
  const staged = yield* Folder.stageFile(file, [data.name])
  const prepared = yield* Prepared.prepare({ ...data, seed })
  const activation = { name, slope }
  const network = yield* create(file, prepared, { activation, neurons, rows, seed })
  yield* staged.write(yield* Output.encode(TwoLayerFile, network))
  return yield* json
    ? Output.json(TwoLayerFile, network)
    : Console.log(
        `${file}: ${Table.plural(neurons, "neuron")}, ${name}, fitted to ${Table.plural(network.rows, "row")}`,
      )
})

const flattened = Effect.fnUntraced(function* ({ data, file: path, fit, seed }: Input) {
  const prepared = yield* Prepared.prepare({ ...data, seed })
  const found = yield* Flattenable.read(path)
  const network = yield* Flattenable.attach(path, found, prepared)
  const { flatten } = yield* LabelNoise
  const flat = yield* flatten({ ...network, fit }).pipe(
    Effect.mapError((failure) => {
      if (failure._tag === "FunctionChanged") {
        return new RunFailed({ reasons: [`${path}: ${failure.message}`] })
      }
      if (failure._tag !== "NotInterpolating" || fit) return failure
      const reason = `it misses a target by ${failure.residual} (scaled); train it further, or fit it with --fit`
      return new Flattenable.NotFlattenable({ path, reason })
    }),
  )
  const { dimension, labels, neurons } = network
  return { ...flat, neurons, rows: labels.length, dimension, file: found.save(flat.theta) }
})

export const handle = Effect.fn("flatten")(
  function* (input: Input) {
    const { created, data, file, json, kernels, save } = input
    const wrong = misfit(input)
    if (wrong !== undefined) return yield* wrong
    if (created !== undefined) return yield* createdAt(input, created)
    const staged = save === undefined ? undefined : yield* Folder.stageFile(save, [file, data.name])
    const { file: flat, ...found } = yield* flattened(input)
    if (staged !== undefined) yield* staged.write(yield* Output.encode(Flattenable.SavedFile, flat))
    const report = { ...found, kernels }
    return yield* json
      ? Output.json(FlattenReport.FlattenReport, report)
      : Console.log(FlattenReport.render(report))
  },
  Effect.scoped,
  (work, { folder, kernels }) =>
    Effect.provide(
      work,
      Layer.provideMerge(LabelNoise.layer, Capable.layer({ kernels, data: folder })),
    ),
)
