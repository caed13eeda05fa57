/** The relaxed kernels of this machine. */
import type { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Effect } from "effect"

/** A name that is looked up when the program runs: whoever wants compiled kernels installs them, and without them everything works. */
const optional: string = "@nonconvex/native/NativeKernels"

/** What of it is in use. */
interface Compiled {
  readonly make: Effect.Effect<Kernels.Kernels, BackendUnavailable>
}

/** Those compiled for this machine, where `@nonconvex/native` and its module are installed; else the embedded ones of this thread. */
export const kernels: Effect.Effect<Kernels.Kernels> = Effect.tryPromise(
  () => import(/* @vite-ignore */ optional) as Promise<Compiled>,
).pipe(
  Effect.flatMap(({ make }) => make),
  Effect.orElseSucceed(Kernels.relaxed),
)
