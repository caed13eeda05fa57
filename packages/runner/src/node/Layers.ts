/** The capabilities of a program from their description, in Node. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Datasets } from "@nonconvex/datasets/Datasets"
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Effect, Layer } from "effect"
import type { Capabilities } from "../Capabilities.ts"

/** The kernels of a name. Fails with BackendUnavailable where the machine has no native ones. */
export const kernels = (
  name: Capabilities["kernels"],
): Layer.Layer<Kernels.Current, BackendUnavailable> => {
  switch (name) {
    case "strict":
      return Kernels.layerStrict
    case "relaxed":
      return Kernels.layerRelaxed
    case "reference":
      return Kernels.layerReference
    case "native":
      return Layer.unwrap(
        Effect.map(
          Effect.promise(() => import("@nonconvex/numerics/Native")),
          (native) => native.layer,
        ),
      )
  }
}

/** The data of a description: those in its folder, and those that ship. */
export const data = ({ data: folder }: Pick<Capabilities, "data">): Layer.Layer<Datasets> =>
  (folder === undefined ? Datasets.layer : Datasets.layerFolder(folder)).pipe(
    Layer.provide(NodeServices.layer),
  )

/** All that a description names. */
export const layer = (
  capabilities: Capabilities,
): Layer.Layer<Kernels.Current | Datasets, BackendUnavailable> =>
  Layer.merge(kernels(capabilities.kernels), data(capabilities))
