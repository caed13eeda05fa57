/** The capabilities of a program from their description, in Node. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Datasets } from "@nonconvex/datasets/Datasets"
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Layer } from "effect"
import type { Capabilities } from "../Capabilities.ts"
import * as NamedKernels from "./NamedKernels.ts"

/**
 * The kernels of a name. Fails with BackendUnavailable where this machine lacks compiled ones.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Kernels } from "@nonconvex/numerics"
 * import { Layers } from "@nonconvex/runner/node"
 * import { Effect } from "effect"
 *
 * const norm = Effect.map(Kernels.Current, (kernels) => kernels.norm(Float64Array.of(3, 4)))
 * await Effect.runPromise(Effect.provide(norm, Layers.kernels("reference"))) // => 5
 * ```
 */
export const kernels = (
  name: Capabilities["kernels"],
): Layer.Layer<Kernels.Current, BackendUnavailable> =>
  Layer.effect(Kernels.Current, NamedKernels.named[name])

/**
 * The data of a description: those in its folder, and those that ship.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Datasets } from "@nonconvex/datasets"
 * import { Layers } from "@nonconvex/runner/node"
 * import { Effect } from "effect"
 *
 * const listing = Effect.map(Datasets, ({ list }) => list.find(({ name }) => name === "breast-cancer"))
 * const found = await Effect.runPromise(Effect.provide(listing, Layers.data({})))
 * found?.dimension // => 30
 * ```
 */
export const data = ({ data: folder }: Pick<Capabilities, "data">): Layer.Layer<Datasets> =>
  (folder === undefined ? Datasets.layer : Datasets.layerFolder(folder)).pipe(
    Layer.provide(NodeServices.layer),
  )

/**
 * All that a description names.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Datasets } from "@nonconvex/datasets"
 * import { Kernels } from "@nonconvex/numerics"
 * import { Capabilities } from "@nonconvex/runner"
 * import { Layers } from "@nonconvex/runner/node"
 * import { Effect } from "effect"
 *
 * const standard = Layers.layer(Capabilities.standard)
 * const names = Effect.map(Effect.all([Kernels.Current, Datasets]), ([kernels]) => kernels.name)
 * await Effect.runPromise(Effect.provide(names, standard)) // => "strict"
 * ```
 */
export const layer = (
  capabilities: Capabilities,
): Layer.Layer<Kernels.Current | Datasets, BackendUnavailable> =>
  Layer.merge(kernels(capabilities.kernels), data(capabilities))
