/** Kernels by name, each loaded on demand. */
import * as Reason from "@nonconvex/evidence/Reason"
import { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { Effect } from "effect"
import type { KernelsName } from "../Capabilities.ts"

/** A specifier that bundlers do not follow: the package is optional. */
const optional: string = "@nonconvex/native/CompiledKernels"

/** The part of it in use. */
interface Compiled {
  readonly make: () => Effect.Effect<Kernels.Kernels, BackendUnavailable>
}

const compiled = Effect.tryPromise({
  try: () => import(/* @vite-ignore */ optional) as Promise<Compiled>,
  catch: (cause) =>
    new BackendUnavailable({
      backend: "@nonconvex/native",
      reason: Reason.of(cause),
      remedy: "Install it next to the lab with the package of your platform (see its README)",
    }),
}).pipe(Effect.flatMap(({ make }) => make()))

/** Kernels with a given name, for this thread. Fails with BackendUnavailable if this machine lacks compiled ones. */
export const named: Readonly<
  Record<KernelsName, Effect.Effect<Kernels.Kernels, BackendUnavailable>>
> = {
  strict: Effect.sync(Kernels.strict),
  relaxed: Effect.map(
    Effect.promise(() => import("@nonconvex/numerics/RelaxedKernels")),
    ({ relaxed }) => relaxed(),
  ),
  compiled,
  reference: Effect.sync(Kernels.reference),
}
