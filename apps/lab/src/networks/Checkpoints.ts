/** Checkpoints of a training in a folder: the networks in it, in the order of the numbers in their names. */
import { Effect, FileSystem, Path, Schema } from "effect"

/** A folder holds no network. */
export class NoNetworks extends Schema.TaggedError<NoNetworks>()("NoNetworks", {
  path: Schema.String,
  found: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const { found, path } = this
    const seen = found.length === 0 ? "it is empty" : `it has ${found.slice(0, 5).join(", ")}`
    const pickled = found.some((name) => /\.(pt|pth|ckpt|bin|pkl)$/i.test(name))
      ? "save the weights of PyTorch as safetensors, or export ONNX"
      : "give .onnx, .keras, .h5, .safetensors or .npz files, or networks of nonconvex train"
    return `${path}: no checkpoint is a network in a supported format (${seen}); ${pickled}`
  }
}

export interface Checkpoint {
  readonly name: string
  readonly path: string
}

const isNetwork = (name: string): boolean =>
  /\.(onnx|keras|h5|hdf5|safetensors|npz)$/i.test(name) && !/^optimizer/i.test(name)

/** A name to sort by, in which a number stands in its place: 9 before 10. */
const sortable = (name: string): string =>
  name.replaceAll(/\d+/g, (digits) => digits.padStart(20, "0"))

const byNumbers = (a: string, b: string): number => (sortable(a) < sortable(b) ? -1 : 1)

/**
 * The checkpoints at `path`: itself if it is a file. Of a folder, its networks and those of its folders with a single one. Fails
 * with NoNetworks. Files named in `without`, such as a description of the layers, are no checkpoints.
 */
export const find = Effect.fn("Checkpoints.find")(function* (
  path: string,
  without: ReadonlyArray<string | undefined>,
) {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const isFolder = (at: string) =>
    fs.stat(at).pipe(
      Effect.map(({ type }) => type === "Directory"),
      Effect.orElseSucceed(() => false),
    )
  if (!(yield* isFolder(path))) return [{ name: paths.basename(path), path }]
  /** Other programs store settings next to their networks, in JSON like that of `train`. */
  const isSaved = (at: string) =>
    fs.readFileString(at).pipe(
      Effect.map((text) => text.includes('"format"') && text.includes('"architecture"')),
      Effect.orElseSucceed(() => false),
    )
  const namesIn = (folder: string) =>
    fs.readDirectory(folder).pipe(
      Effect.map((names) => names.toSorted(byNumbers)),
      Effect.orElseSucceed((): ReadonlyArray<string> => []),
    )
  const excluded = new Set(
    without.flatMap((each) => (each === undefined ? [] : [paths.resolve(each)])),
  )
  const networksIn = Effect.fnUntraced(function* (folder: string) {
    const names = yield* namesIn(folder)
    // TensorFlow.js keeps the weights of a network beside it
    if (names.includes("model.json")) return ["model.json"]
    return yield* Effect.filter(names, (name) => {
      const at = paths.join(folder, name)
      if (excluded.has(paths.resolve(at))) return Effect.succeed(false)
      return name.endsWith(".json") ? isSaved(at) : Effect.succeed(isNetwork(name))
    })
  })
  const here = yield* networksIn(path)
  if (here.length > 0) return here.map((name) => ({ name, path: paths.join(path, name) }))
  const names = yield* namesIn(path)
  const found: Array<Checkpoint> = []
  for (const name of names) {
    const folder = paths.join(path, name)
    if (!(yield* isFolder(folder))) continue
    const [network, second] = yield* networksIn(folder)
    if (network !== undefined && second === undefined)
      found.push({ name, path: paths.join(folder, network) })
  }
  if (found.length === 0) return yield* new NoNetworks({ path, found: names })
  return found
})
