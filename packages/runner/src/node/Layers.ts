/** The capabilities of a program from their description, in Node. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as Reason from "@nonconvex/evidence/Reason"
import { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Effect, Layer } from "effect"
import type { Capabilities, KernelsName } from "../Capabilities.ts"
import * as NamedKernels from "./NamedKernels.ts"

/**
 * Layer that a module exports, which must provide `Service` and require nothing. Fails with BackendUnavailable if there is
 * none.
 */
const exported = <Service>({
  export: name,
  module,
}: Exclude<Capabilities["kernels"], KernelsName>): Layer.Layer<Service, BackendUnavailable> => {
  const refuse = (reason: string) =>
    new BackendUnavailable({
      backend: `${name} of ${module}`,
      reason,
      remedy: "Export a Layer with this name, and give the URL of its file as the module",
    })
  return Layer.unwrap(
    Effect.gen(function* () {
      const exports = yield* Effect.tryPromise({
        try: () => import(/* @vite-ignore */ module) as Promise<Readonly<Record<string, unknown>>>,
        catch: (cause) => refuse(Reason.of(cause)),
      })
      const layer = exports[name]
      if (!Layer.isLayer(layer)) return yield* refuse("it is not a Layer")
      return layer as Layer.Layer<Service>
    }),
  )
}

/** Kernels with a given name, or those of a module. Fails with BackendUnavailable if there are none. */
export const kernels = (
  of: Capabilities["kernels"],
): Layer.Layer<Kernels.Current, BackendUnavailable> =>
  typeof of === "object" ? exported(of) : Layer.effect(Kernels.Current, NamedKernels.named[of])

/** Data of a description: those in its folder and the bundled ones, or those of a module. */
export const data = ({
  data: of,
}: Pick<Capabilities, "data">): Layer.Layer<Datasets, BackendUnavailable> => {
  if (typeof of === "object") return exported(of)
  return (of === undefined ? Datasets.layer : Datasets.layerFolder(of)).pipe(
    Layer.provide(NodeServices.layer),
  )
}

/** All that a description names. */
export const layer = (
  capabilities: Capabilities,
): Layer.Layer<Kernels.Current | Datasets, BackendUnavailable> =>
  Layer.merge(kernels(capabilities.kernels), data(capabilities))
