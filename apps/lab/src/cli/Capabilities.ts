/** Capabilities of a command, from its flags. */
import type { Datasets } from "@nonconvex/datasets/Datasets"
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Capabilities, Named } from "@nonconvex/runner/Capabilities"
import type { Compute } from "@nonconvex/runner/Compute"
import { Context, Effect, FileSystem, Layer, type Path } from "effect"
import { IncompleteFolder, NoFolder } from "./Failure.ts"

/** Services with which commands compute: threads, kernels and data sets. */
export type Capability = Compute | Kernels.Current | Datasets

/** The flags that choose capabilities. */
export interface Chosen {
  readonly kernels: Named["kernels"]
  readonly data?: string | undefined
  /** Threads; default 1. */
  readonly jobs?: number
}

/** Chosen capabilities as data, for threads and for the provenance of results. */
export const described = ({ data, kernels }: Chosen): Named => ({
  kernels,
  ...(data === undefined ? {} : { data }),
})

/** Source of a pool of threads with given capabilities. Default: a pool of the command's own, which ends with it. */
export const Pool = Context.Reference<
  (threads: number, capabilities: Capabilities) => Layer.Layer<Compute>
>("@nonconvex/lab/Pool", {
  defaultValue: () => (threads, capabilities) =>
    Layer.unwrap(
      Effect.map(
        Effect.promise(() => import("@nonconvex/runner/node/Threads")),
        (Threads) => Threads.layer(threads, capabilities),
      ),
    ),
})

/** Requires that the data folder exists, before anything is computed. */
const requireFolder = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const isFolder = yield* fs.stat(path).pipe(
    Effect.map(({ type }) => type === "Directory"),
    Effect.orElseSucceed(() => false),
  )
  if (!isFolder) return yield* new NoFolder({ path })
  const [{ requireFiles }, Cifar10] = yield* Effect.promise(() =>
    Promise.all([
      import("@nonconvex/datasets/FashionMnist"),
      import("@nonconvex/datasets/Cifar10"),
    ]),
  )
  if (yield* Cifar10.isFolder(path)) {
    const file = yield* Cifar10.lackingIn(path)
    return file === undefined
      ? undefined
      : yield* new IncompleteFolder({ path, file, of: "CIFAR-10" })
  }
  yield* Effect.mapError(
    requireFiles(path),
    ({ file }) => new IncompleteFolder({ path, file, of: "Fashion-MNIST" }),
  )
})

/**
 * Layer of the capabilities that the flags select, over a pool of threads. Fails with BackendUnavailable if the machine
 * lacks compiled kernels, and with NoFolder and IncompleteFolder if data are missing.
 */
export const layer = (
  chosen: Chosen,
): Layer.Layer<
  Capability,
  BackendUnavailable | IncompleteFolder | NoFolder,
  FileSystem.FileSystem | Path.Path
> =>
  Layer.unwrap(
    Effect.gen(function* () {
      if (chosen.data !== undefined) yield* requireFolder(chosen.data)
      // the modules of a pool take longer to load than most commands take to say what is wrong with their input
      const Layers = yield* Effect.promise(() => import("@nonconvex/runner/node/Layers"))
      const capabilities = described(chosen)
      const pool = yield* Pool
      return Layer.merge(Layers.layer(capabilities), pool(chosen.jobs ?? 1, capabilities))
    }),
  )
