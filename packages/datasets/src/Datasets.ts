/** Data sets by name, as a service. */
import * as Cifar10 from "./Cifar10.ts"
import { Context, Effect, FileSystem, Layer, Path, Schema } from "effect"
import {
  type Catalogue,
  isName,
  names,
  type Description,
  type LoadError,
  type Name,
  type Selection,
  shipped,
  type Targets,
  withCifar10,
  withFashionMnist,
} from "./Catalogue.ts"
import { digest as digestOf, type TrainTest } from "./Split.ts"

export type { LoadError } from "./Catalogue.ts"

/** No bundled data set has this name. */
class UnknownDataset extends Schema.TaggedError<UnknownDataset>()("UnknownDataset", {
  name: Schema.String,
  available: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `no bundled data set is named "${this.name}"; choose one of ${this.available.join(", ")}`
  }
}

/**
 * Data sets by name, split into training and test parts: the bundled ones, or the same from a folder.
 *
 * Features are as in the source (pixels 0 to 255, measurements in their units): scale them with `Transform`. Sets with an
 * official split keep it; the others reserve a fifth for testing with a fixed seed. `Split.digest` identifies the loaded
 * content.
 */
export class Datasets extends Context.Service<
  Datasets,
  {
    readonly list: ReadonlyArray<Description>
    /** Loads a set that certainly exists, with the type of its target. */
    readonly load: <N extends Name>(
      name: N,
      selection?: Selection,
    ) => Effect.Effect<TrainTest<Targets[N]>, LoadError>
    /** Loads a set whose name comes from a user. */
    readonly find: (
      name: string,
      selection?: Selection,
    ) => Effect.Effect<TrainTest, LoadError | UnknownDataset>
  }
>()("@nonconvex/datasets/Datasets") {
  /** The sets that ship, read through the caller's `FileSystem` and `Path`. */
  static readonly layer: Layer.Layer<Datasets, never, FileSystem.FileSystem | Path.Path> =
    Layer.effect(
      Datasets,
      Effect.suspend(() => serve(shipped)),
    )

  /**
   * The same sets, with all of Fashion-MNIST from a folder of its four IDX files (compressed or not), or with CIFAR-10 from its
   * six binary files. Errors of the folder appear when its sets are loaded.
   */
  static readonly layerFolder = (
    folder: string,
  ): Layer.Layer<Datasets, never, FileSystem.FileSystem | Path.Path> =>
    Layer.effect(
      Datasets,
      Effect.flatMap(Cifar10.isFolder(folder), (isCifar10) =>
        serve(isCifar10 ? withCifar10(folder) : withFashionMnist(folder)),
      ),
    )

  /** The sets of `data`; `onLoad` is called with the name and digest of each set that is read. */
  static readonly layerNoting = (
    data: Layer.Layer<Datasets>,
    onLoad: (read: DataRead) => void,
  ): Layer.Layer<Datasets> =>
    Layer.effect(
      Datasets,
      Effect.map(Datasets, (datasets) => {
        const noted = <T extends TrainTest, E>(loaded: Effect.Effect<T, E>) =>
          Effect.tap(loaded, (split) =>
            Effect.map(digestOf(split), (digest) => onLoad({ name: split.train.name, digest })),
          )
        return Datasets.of({
          list: datasets.list,
          load: (name, selection) => noted(datasets.load(name, selection)),
          find: (name, selection) => noted(datasets.find(name, selection)),
        })
      }),
    ).pipe(Layer.provide(data))
}

/** Data set that was read, with the SHA-256 over everything that a computation reads, as in `Split.digest`. */
export const DataRead = Schema.Struct({ name: Schema.String, digest: Schema.String })
export type DataRead = typeof DataRead.Type

const serve = Effect.fnUntraced(function* (catalogue: Catalogue) {
  const platform = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const folder = yield* dataFolder
  const load = Effect.fn("Datasets.load")(<N extends Name>(name: N, selection: Selection = {}) =>
    catalogue[name].read(folder, name, selection).pipe(Effect.provide(platform)),
  )
  const present = names.filter((name) => catalogue[name].isAbsent !== true)
  return Datasets.of({
    list: present.map((name) => ({ name, ...catalogue[name].description })),
    load,
    find: (name, selection): Effect.Effect<TrainTest, LoadError | UnknownDataset> =>
      isName(name)
        ? load(name, selection)
        : Effect.fail(new UnknownDataset({ name, available: present })),
  })
})

/** Folder `data`, next to `src` and to the `dist` of the compiled `src`. */
const dataFolder = Effect.gen(function* () {
  const path = yield* Path.Path
  const parent = yield* path.fromFileUrl(new URL("..", import.meta.url)).pipe(Effect.orDie)
  const isCompiled = path.basename(parent) === "dist"
  return path.join(parent, isCompiled ? "../data" : "data")
})
