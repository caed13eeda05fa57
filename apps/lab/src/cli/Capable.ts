/** What the commands compute with, from their flags. */
import type { Datasets } from "@nonconvex/datasets/Datasets"
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Capabilities } from "@nonconvex/runner/Capabilities"
import type { Compute } from "@nonconvex/runner/Compute"
import { Effect, Layer } from "effect"

/** The flags that choose capabilities. */
export interface Chosen {
  readonly kernels: Capabilities["kernels"]
  readonly data?: string | undefined
  /** Threads; default 1. */
  readonly jobs?: number
}

/** The capabilities that were chosen, as data. */
export const described = ({ data, kernels }: Chosen): Capabilities => ({
  kernels,
  ...(data === undefined ? {} : { data }),
})

/** Computing power, kernels and data sets. Fails with BackendUnavailable where the machine has no native kernels. */
export const layer = (
  chosen: Chosen,
): Layer.Layer<Compute | Kernels.Current | Datasets, BackendUnavailable> =>
  Layer.unwrap(
    Effect.map(
      // the modules of a pool take longer to load than most commands take to say what is wrong with their input
      Effect.promise(() => import("@nonconvex/runner/node")),
      ({ Layers, Threads }) => {
        const capabilities = described(chosen)
        return Layer.merge(
          Layers.layer(capabilities),
          Threads.layer(chosen.jobs ?? 1, capabilities),
        )
      },
    ),
  )
